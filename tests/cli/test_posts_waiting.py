"""What waits for a person is listed with its words, and approved, several at once."""

import json
from pathlib import Path

import pytest

from tests.support.cli import bot

CANDAL = "2021-06-09-candal-seminar-series-2021"
DEMENTIA = "2021-06-09-centre-for-dementia-seminar-series"
FIRST, SECOND = (f"{uid}/day-before/x/2021-06-09" for uid in (CANDAL, DEMENTIA))
DAY_BEFORE = "    when: 1 day before start at 12:00\n"

pytestmark = pytest.mark.usefixtures("late_may")


@pytest.fixture(autouse=True)
def asking(folder: Path) -> None:
    """The reminder of the day before waits for a person."""
    file = folder / "schedules.yaml"
    text = file.read_text(encoding="utf-8")
    assert DAY_BEFORE in text
    file.write_text(text.replace(DAY_BEFORE, f"{DAY_BEFORE}    approve: true\n"), encoding="utf-8")


def waiting() -> dict[str, dict[str, object]]:
    return {one["key"]: one for one in json.loads(bot("posts", "list", "--waiting", "--json").out)}


def test_what_waits_is_listed_with_its_words_and_until_when() -> None:
    found = waiting()[FIRST]
    assert found["state"] == "held"
    assert found["reason"] == f"waits for approval: bot posts approve {FIRST}"
    assert str(found["text"]).startswith("Tomorrow: CANDAL seminar series 2021\n")
    assert found["until"] == "2021-06-09T00:00:00+01:00"
    table = bot("posts", "list", "--waiting").out.splitlines()
    assert table[0].split() == ["state", "due", "until", "key", "text"]
    assert any(FIRST in line and "Tomorrow: CANDAL" in line for line in table)


def test_several_are_approved_at_once_and_their_words_are_shown() -> None:
    done = bot("posts", "approve", FIRST, SECOND)
    assert (done.code, done.err) == (0, "")
    assert f"{FIRST} may go out.\n    Tomorrow: CANDAL seminar series 2021\n" in done.out
    assert f"{SECOND} may go out.\n    Tomorrow: Centre for Dementia" in done.out
    assert {FIRST, SECOND}.isdisjoint(waiting())


def test_if_one_of_them_is_unknown_none_is_approved() -> None:
    done = bot("posts", "approve", FIRST, FIRST.replace("candal", "candall"))
    assert done.code == 1
    assert f"did you mean '{FIRST}'?" in done.err
    assert FIRST in waiting()


def test_what_is_held_by_hand_waits_too_and_what_is_skipped_does_not() -> None:
    week_before = FIRST.replace("day-before", "week-before")
    assert bot("posts", "hold", week_before).code == 0
    assert bot("posts", "skip", FIRST).code == 0
    found = waiting()
    assert week_before in found
    assert FIRST not in found


def test_a_post_about_an_event_that_is_called_off_is_not_promised() -> None:
    bot("events", "cancel", CANDAL)
    done = bot("posts", "approve", FIRST)
    assert "is approved, and does not go out all the same: the event is cancelled." in done.out


def test_nothing_waiting_is_said(folder: Path) -> None:
    file = folder / "schedules.yaml"
    text = file.read_text(encoding="utf-8").replace("    approve: true\n", "")
    file.write_text(text, encoding="utf-8")
    assert bot("posts", "list", "--waiting").out == "Nothing waits for you.\n"


def test_the_page_counts_what_is_held() -> None:
    held = len(waiting())
    assert held > 5
    assert f"; {held} held until approved." in bot("plan", "--format", "html").out


def test_a_check_says_that_nobody_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "warning: BOT_ALERTS: is not set: nobody is told of posts that wait for a person"
    assert said in bot("check").out
    monkeypatch.setenv("BOT_ALERTS", "json://127.0.0.1:9/")
    assert said not in bot("check").out
