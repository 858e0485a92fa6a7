from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.core.model import Entry, EventFields, Format, Status
from bot.core.precedence import allowed, leads
from tests.support.builders import event, record

TIMED = datetime(2021, 6, 9, 10, tzinfo=UTC)
DATED = {"starts": date(2021, 6, 9), "ends": date(2021, 6, 9), "timezone": "Europe/London"}


def entry(assumed: str = "", **said: Any) -> Entry:
    fields = cast("EventFields", {"title": "CANDAL seminar series 2021", **DATED, **said})
    return Entry(line=1, fields=fields, assumed=frozenset(assumed.split()))


def names(found: dict[str, Any]) -> set[str]:
    return found.keys() - {"title"}


def test_the_only_source_may_change_all_but_what_a_person_set() -> None:
    known = record(event(), sources=("a",), by_hand=frozenset({"url", "ends"}))
    assert names(allowed(entry(url="https://x.example", kind="talk"), known, "a")) == {"kind"}


@pytest.mark.parametrize("sources", [(), ("a",), ("a", "a"), ("a", "b")])
def test_the_first_source_by_name_leads(sources: tuple[str, ...]) -> None:
    assert leads(record(event(), sources=sources), "a")


def test_another_source_does_not_lead() -> None:
    assert not leads(record(event(), sources=("a",)), "b")


def test_another_source_fills_in_what_is_open() -> None:
    known = record(event(location="Leicester"), sources=("a",))
    said = entry(location="Nottingham", url="https://x.example", status=Status.CANCELLED)
    assert names(allowed(said, known, "b")) == {"url", "status"}


def test_the_leading_source_overrules_but_neither_by_default_nor_by_silence() -> None:
    known = record(
        event(location="Leicester", url="https://x.example", format=Format.HYBRID,
              status=Status.CANCELLED),
        sources=("a", "b"),
    )  # fmt: skip
    said = entry(
        "format", location="Nottingham", url="", format=Format.VIRTUAL, status=Status.CONFIRMED
    )
    assert names(allowed(said, known, "a")) == {"location", *DATED}


def test_a_clock_time_completes_a_date_whoever_says_it() -> None:
    known = record(event(), sources=("a",))
    assert DATED.keys() <= allowed(entry(starts=TIMED, ends=None), known, "b").keys()


def test_a_date_alone_takes_no_clock_time_away() -> None:
    known = record(event("2021-06-09 11:00"), sources=("a", "b"))
    for source in ("a", "b"):
        assert not DATED.keys() & allowed(entry(), known, source).keys()


def test_another_clock_time_or_date_is_the_leading_source_s_to_say() -> None:
    known = record(event("2021-06-09 11:30"), sources=("a", "b"))
    later = date(2021, 6, 10)
    for said in (entry(starts=TIMED, ends=None), entry(starts=later, ends=later)):
        assert DATED.keys() <= allowed(said, known, "a").keys()
        assert not DATED.keys() & allowed(said, known, "b").keys()
