from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Entry, EventFields, EventRecord, Format, Reading, Refusal, Status
from bot.core.syncing import Change, Kind, Sync, compare, merged
from tests.support import listings
from tests.support.series_page import PAGE

NOW = datetime(2021, 5, 25, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


class World:
    """A store in small: what it knows, and what each source lists."""

    def __init__(self) -> None:
        self.records: list[EventRecord] = []
        self.refs: dict[str, dict[str, str]] = {}

    def sync(
        self,
        text: str | Reading,
        *,
        source: str = "a",
        now: datetime = NOW,
        absence_means: bool = True,
        year: int = 2021,
    ) -> Sync:
        reading = listings.read(text, year) if isinstance(text, str) else text
        result = compare(
            self.records,
            reading,
            source=source,
            refs=self.refs.get(source, {}),
            now=now,
            absence_means=absence_means,
        )
        self.records = merged(self.records, result, now)
        self.refs[source] = dict(result.refs)
        return result

    def by_hand(self, uid: str, **fields: Any) -> None:
        index = next(i for i, each in enumerate(self.records) if each.event.uid == uid)
        self.records[index] = set_by_hand(self.records[index], fields)

    def sources(self, uid: str) -> tuple[str, ...]:
        return self[uid].sources

    def status(self, uid: str) -> Status:
        return self[uid].event.status

    def __getitem__(self, uid: str) -> EventRecord:
        return next(each for each in self.records if each.event.uid == uid)


def set_by_hand(record: EventRecord, fields: dict[str, Any]) -> EventRecord:
    by_hand = record.by_hand | fields.keys()
    return replace(record, event=replace(record.event, **fields), by_hand=frozenset(by_hand))


def kinds(changes: Sequence[Change]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.uid) for change in changes]


def news(result: Sync) -> list[tuple[str, str]]:
    return kinds([change for change in result.changes if change.kind is not Kind.UNCHANGED])


def reading_of(*entries: Entry) -> Reading:
    return Reading(entries=entries)


def entry(title: str, starts: date, ends: date | None = None, **more: Any) -> Entry:
    about = {"line": more.pop("line", 1), "uid": more.pop("uid", "")}
    assumed = more.pop("assumed", frozenset[str]())
    last = ends or (None if isinstance(starts, datetime) else starts)
    said = {"title": title, "starts": starts, "ends": last, "timezone": "Europe/London", **more}
    fields = cast("EventFields", said)
    return Entry(fields=fields, source_id=about["uid"], assumed=assumed, **about)


@pytest.fixture
def world() -> World:
    return World()


def test_a_first_sync_adds_everything(world: World) -> None:
    result = world.sync("9th June - CANDAL seminar series 2021\n9th June - Centre for Dementia")
    assert kinds(result.changes) == [
        ("added", "2021-06-09-candal-seminar-series-2021"),
        ("added", "2021-06-09-centre-for-dementia"),
    ]
    record = world["2021-06-09-centre-for-dementia"]
    assert (record.event.title, record.sources) == ("Centre for Dementia", ("a",))
    assert (record.created_at, record.dated_at, record.revision) == (NOW, NOW, 1)


def test_syncing_twice_changes_nothing(world: World) -> None:
    world.sync(PAGE)
    before, refs = list(world.records), dict(world.refs["a"])
    assert len(before) == 17
    assert {change.kind for change in world.sync(PAGE, now=LATER).changes} == {Kind.UNCHANGED}
    assert (world.records, world.refs["a"]) == (before, refs)


def test_one_old_and_one_new_of_a_title_is_a_move(world: World) -> None:
    world.sync("9th June - A\n10th June - B")
    result = world.sync("16th June - a\n10th June - B", now=LATER)
    assert news(result) == [("moved", "2021-06-09-a")]
    (change,) = result.of(Kind.MOVED)
    assert change.line == 1
    assert change.before == {"title": "A", "starts": date(2021, 6, 9), "ends": date(2021, 6, 9)}
    assert change.after == {"title": "a", "starts": date(2021, 6, 16), "ends": date(2021, 6, 16)}
    record = world["2021-06-09-a"]
    assert (record.event.starts, record.dated_at, record.created_at, record.revision) == (
        date(2021, 6, 16), LATER, NOW, 2,
    )  # fmt: skip


def test_one_old_and_one_new_on_the_same_dates_is_a_new_title(world: World) -> None:
    world.sync("9th June - A")
    assert news(world.sync("9th June - B", now=LATER)) == [("renamed", "2021-06-09-a")]
    assert world["2021-06-09-a"].event.title == "B"
    assert world["2021-06-09-a"].dated_at == NOW


def test_a_move_comes_before_a_new_title(world: World) -> None:
    world.sync("9th June - A")
    assert news(world.sync("9th June - B\n16th June - A")) == [
        ("added", "2021-06-09-b"),
        ("moved", "2021-06-09-a"),
    ]


def test_another_title_on_another_day_is_added_and_the_old_one_vanishes(world: World) -> None:
    world.sync("9th June - A")
    assert news(world.sync("10th June - B", now=LATER)) == [
        ("added", "2021-06-10-b"),
        ("vanished", "2021-06-09-a"),
    ]
    record = world["2021-06-09-a"]
    assert (record.vanished_at, record.sources, record.event.title) == (LATER, (), "A")


def test_what_vanished_and_stands_there_again_has_returned(world: World) -> None:
    world.sync("9th June - A\n10th June - B")
    world.sync("10th June - B")
    assert news(world.sync("9th June - A POSTPONED\n10th June - B", now=LATER)) == [
        ("returned", "2021-06-09-a")
    ]
    record = world["2021-06-09-a"]
    assert (record.vanished_at, record.sources) == (None, ("a",))
    assert record.event.status is Status.POSTPONED


def test_what_stays_vanished_is_not_told_again(world: World) -> None:
    world.sync("9th June - A\n10th June - B")
    world.sync("10th June - B")
    assert news(world.sync("10th June - B")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4th June - A\n11th June - A", "18th June - A\n25th June - A"),
        ("4th June - A", "18th June - A\n25th June - A"),
        ("4th June - A\n11th June - A", "18th June - A"),
    ],
)
def test_where_a_title_repeats_and_two_readings_are_possible_a_person_is_asked(
    world: World, old: str, new: str
) -> None:
    world.sync(f"{old}\n1st June - B")
    before = list(world.records)
    result = world.sync(f"{new}\n1st June - B", now=LATER)
    assert {change.kind for change in result.changes} == {Kind.AMBIGUOUS, Kind.UNCHANGED}
    assert world.records == before
    question = result.of(Kind.AMBIGUOUS)[0]
    assert (question.line, question.title) == (1, "A")
    assert "'A' was known for 2021-06-04" in question.message
    assert "is listed for 2021-06-18" in question.message
    assert world.sync(f"{new}\n1st June - B", now=LATER) == result


def test_of_a_title_that_repeats_the_one_that_differs_has_moved(world: World) -> None:
    world.sync("4th June - A\n11th June - A\n18th June - A")
    assert news(world.sync("4th June - A\n12th June - A\n18th June - A")) == [
        ("moved", "2021-06-11-a")
    ]


def test_an_event_that_is_over_is_never_moved_and_never_vanishes(world: World) -> None:
    world.sync("20th May - A\n9th June - B")
    assert news(world.sync("27th May - A\n9th June - B")) == [("added", "2021-05-27-a")]
    assert world["2021-05-20-a"].event.starts == date(2021, 5, 20)
    assert world["2021-05-20-a"].vanished_at is None
    assert world["2021-05-20-a"].sources == ("a",)


def test_an_event_that_is_over_learns_of_its_recording(world: World) -> None:
    world.sync("20th May - A")
    result = world.sync("20th May - A. Watch Here: https://x.example")
    assert [change.after for change in result.of(Kind.CHANGED)] == [
        {"recording_url": "https://x.example"}
    ]


def test_an_event_that_is_over_is_not_moved_by_its_uid_either(world: World) -> None:
    world.sync(reading_of(entry("A", date(2021, 5, 20), uid="x")))
    result = world.sync(reading_of(entry("A", date(2021, 6, 20), uid="x")))
    assert news(result) == [("ambiguous", "x")]
    assert "is over, and is listed for 2021-06-20 now" in result.changes[0].message
    assert world["x"].event.starts == date(2021, 5, 20)


def test_a_uid_of_the_source_is_kept_through_any_change(world: World) -> None:
    world.sync(reading_of(entry("A", date(2021, 6, 9), uid="x")))
    result = world.sync(reading_of(entry("B", date(2021, 7, 9), uid="x")))
    assert news(result) == [("moved", "x")]
    assert world["x"].event.title == "B"


def test_a_uid_given_later_does_not_make_another_event(world: World) -> None:
    world.sync(reading_of(entry("A", date(2021, 6, 9))))
    again = reading_of(entry("A", date(2021, 6, 9), uid="x"))
    assert news(world.sync(again)) == []
    moved = reading_of(entry("A", date(2021, 6, 10), uid="x"))
    assert news(world.sync(moved)) == [("moved", "2021-06-09-a")]


def test_a_clock_time_that_becomes_known_is_no_move(world: World) -> None:
    world.sync("9th June - A")
    result = world.sync("9th June - A. 11:00-12:00", now=LATER)
    assert news(result) == [("changed", "2021-06-09-a")]
    assert news(world.sync("9th June - A. 11:30-12:00")) == [("moved", "2021-06-09-a")]


def test_a_status_that_no_longer_stands_there_is_taken_back(world: World) -> None:
    world.sync("9th June - A CANCELLED")
    assert world.status("2021-06-09-a") is Status.CANCELLED
    assert news(world.sync("9th June - A")) == [("changed", "2021-06-09-a")]
    assert world.status("2021-06-09-a") is Status.CONFIRMED


def test_only_what_is_said_overwrites(world: World) -> None:
    world.sync("9th June - A. Event Details: https://x.example")
    assert news(world.sync("9th June - A")) == []
    assert world["2021-06-09-a"].event.url == "https://x.example"


def test_fields_set_by_hand_stay(world: World) -> None:
    world.sync("9th June - A\n9th June - B")
    world.by_hand("2021-06-09-a", title="By hand", status=Status.CANCELLED)
    world.by_hand(
        "2021-06-09-b", title="By hand too", starts=date(2021, 6, 30), ends=date(2021, 6, 30)
    )
    assert news(world.sync("9th June - A\n9th June - B")) == []
    assert news(world.sync("9th June - A. Event Details: https://x.example\n9th June - B")) == [
        ("changed", "2021-06-09-a")
    ]
    assert world["2021-06-09-a"].event.title == "By hand"
    assert world.status("2021-06-09-a") is Status.CANCELLED
    assert world["2021-06-09-b"].event.starts == date(2021, 6, 30)


def test_an_event_known_from_another_source_is_found_again(world: World) -> None:
    world.sync("9th June - A", source="a")
    assert news(world.sync("9th June - a", source="b")) == []
    assert world.sources("2021-06-09-a") == ("a", "b")
    assert news(world.sync("10th June - C", source="b")) == [
        ("added", "2021-06-10-c"), ("unlisted", "2021-06-09-a"),
    ]  # fmt: skip
    assert world.sources("2021-06-09-a") == ("a",)
    assert world["2021-06-09-a"].vanished_at is None
    assert news(world.sync("10th June - C", source="a")) == [("vanished", "2021-06-09-a")]


def test_of_two_events_alike_the_one_the_source_listed_is_meant(world: World) -> None:
    world.sync("9th June - A", source="a")
    world.sync("10th June - B", source="b")
    for uid in ("2021-06-09-a", "2021-06-10-b"):
        world.by_hand(uid, title="C", starts=date(2021, 6, 20), ends=date(2021, 6, 20))
    assert news(world.sync("20th June - C", source="b")) == []
    assert world.sources("2021-06-09-a") == ("a",)
    assert len(world.records) == 2


SAYINGS: list[dict[str, Any]] = [
    {"format": Format.VIRTUAL, "assumed": frozenset({"format"})},
    {"format": Format.IN_PERSON},
    {"url": "https://a.example", "status": Status.CANCELLED},
    {"url": "https://b.example", "status": Status.CONFIRMED, "assumed": frozenset({"status"})},
    {"url": ""},
    {"status": Status.CONFIRMED},
    {"starts": datetime(2021, 6, 9, 10, tzinfo=UTC)},
    {"starts": datetime(2021, 6, 9, 11, tzinfo=UTC), "ends": datetime(2021, 6, 9, 12, tzinfo=UTC)},
    {"starts": date(2021, 6, 10)},
    {"title": "a "},
]


@given(
    st.lists(st.sampled_from(SAYINGS), min_size=2, max_size=4),
    st.permutations(["a", "b", "c", "d"]),
)
def test_sources_that_differ_come_to_rest(sayings: list[dict[str, Any]], names: list[str]) -> None:
    world = World()
    said = [{"title": "A", "starts": date(2021, 6, 9), **saying} for saying in sayings]
    readings = dict(zip(names, (reading_of(entry(**saying)) for saying in said), strict=False))
    for _ in range(3):
        for name, reading in readings.items():
            world.sync(reading, source=name)
    before = list(world.records)
    for name, reading in readings.items():
        changed = {change.kind for change in world.sync(reading, source=name).changes}
        assert changed <= {Kind.UNCHANGED, Kind.AMBIGUOUS}
    assert world.records == before


def test_defaults_of_one_source_do_not_speak_against_another(world: World) -> None:
    starts = date(2021, 6, 9)
    world.sync(reading_of(entry("A", starts, format=Format.IN_PERSON)), source="yaml")
    virtual = entry("A", starts, format=Format.VIRTUAL, assumed=frozenset({"format"}))
    for _ in range(2):
        world.sync(reading_of(virtual), source="listing")
    assert world["2021-06-09-a"].event.format is Format.IN_PERSON


def test_any_source_may_cancel(world: World) -> None:
    world.sync("9th June - A", source="a")
    world.sync("9th June - A CANCELLED", source="b")
    assert world.status("2021-06-09-a") is Status.CANCELLED
    assert news(world.sync("9th June - A", source="a")) == []


def test_sources_that_disagree_on_the_date_are_a_question(world: World) -> None:
    world.sync("9th June - A", source="a")
    world.sync("9th June - A", source="b")
    result = world.sync("16th June - A", source="b")
    assert news(result) == [("ambiguous", "2021-06-09-a")]
    assert "on 2021-06-09 says a, and on 2021-06-16 says b" in result.changes[0].message
    assert news(world.sync("16th June - A", source="a")) == [("moved", "2021-06-09-a")]
    assert news(world.sync("16th June - A", source="b")) == []


def test_for_an_import_absence_means_nothing(world: World) -> None:
    world.sync("9th June - A\n10th June - B", source="f")
    result = world.sync(
        "10th June - B. Event Details: https://x.example", source="f", absence_means=False
    )
    assert news(result) == [("changed", "2021-06-10-b")]
    assert {record.vanished_at for record in world.records} == {None}
    assert {record.sources for record in world.records} == {("f",)}


def test_an_import_moves_and_renames_what_the_same_file_listed_before(world: World) -> None:
    world.sync("9th June - A\n10th June - B\n11th June - C", source="f", absence_means=False)
    result = world.sync("16th June - A\n10th June - D", source="f", absence_means=False)
    assert news(result) == [("moved", "2021-06-09-a"), ("renamed", "2021-06-10-b")]
    assert {record.sources for record in world.records} == {("f",)}
    assert news(world.sync("16th June - A", source="f", absence_means=False)) == []


def test_an_import_takes_nothing_of_another_file_for_moved(world: World) -> None:
    world.sync("9th June - A", source="f", absence_means=False)
    result = world.sync("16th June - A", source="g", absence_means=False)
    assert news(result) == [("added", "2021-06-16-a")]


def test_refused_lines_are_reported_with_their_reason(world: World) -> None:
    refusal = Refusal(line=7, text="31st June - A", reason="there is no 31 June")
    result = world.sync(Reading(refusals=[refusal]))
    assert [(c.kind, c.line, c.title, c.message) for c in result.changes] == [
        (Kind.REFUSED, 7, "31st June - A", "there is no 31 June")
    ]


def test_changes_are_in_the_order_of_the_source(world: World) -> None:
    world.sync("1st June - Z\n2nd June - Y")
    result = world.sync("20th June - C\nJuly\n31st June - X\n10th June - B")
    assert [change.line for change in result.changes] == [1, 3, 4, None, None]


def test_two_sessions_on_one_day_stay_apart(world: World) -> None:
    text = "9th June - A. 10:00-11:00\n9th June - A. 14:00-15:00"
    world.sync(text)
    assert [record.event.uid for record in world.records] == ["2021-06-09-a", "2021-06-09-a-2"]
    assert news(world.sync(text)) == []
    assert news(world.sync(text.replace("14:00", "14:30"))) == [("moved", "2021-06-09-a-2")]


_LINES = st.lists(
    st.tuples(
        st.integers(1, 28), st.sampled_from(["May", "June", "July"]), st.sampled_from("ABCD")
    ),
    unique=True,
    max_size=8,
)


@given(_LINES, _LINES, st.randoms(use_true_random=False))
def test_any_two_pages_give_the_same_in_any_order_and_then_rest(
    old: list[tuple[int, str, str]], new: list[tuple[int, str, str]], rng: Any
) -> None:
    def page(lines: list[tuple[int, str, str]]) -> str:
        return "\n".join(["x", *(f"{day} {month} - Title {title}" for day, month, title in lines)])

    one, other = World(), World()
    one.sync(page(old))
    rng.shuffle(old)
    other.sync(page(old))
    assert set(one.records) == set(other.records)
    one.sync(page(new), now=LATER)
    rng.shuffle(new)
    other.sync(page(new), now=LATER)
    assert {(r.event, r.vanished_at) for r in one.records} == {
        (r.event, r.vanished_at) for r in other.records
    }
    before = list(one.records)
    again = one.sync(page(new), now=LATER)
    assert {change.kind for change in again.changes} <= {Kind.UNCHANGED, Kind.AMBIGUOUS}
    assert one.records == before


def test_ten_thousand_events_are_compared(world: World) -> None:
    months = ["May", "June", "July", "Aug"]
    text = "\n".join(f"{n % 28 + 1} {months[n % 4]} - Title {n}" for n in range(10_000))
    world.sync(text, now=NOW - timedelta(days=100))
    moved = text.replace(" May ", " Sep ")
    result = world.sync(moved, now=NOW - timedelta(days=100))
    assert len(result.of(Kind.MOVED)) == 2_500
    assert len(result.of(Kind.UNCHANGED)) == 7_500
