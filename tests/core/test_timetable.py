"""The timetable says what the plan would say, whatever happened to the events before."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digests import SERIES
from bot.core.model import EventRecord, Status
from bot.core.ordered import Entry, Ordered
from bot.core.planning import candidates
from bot.core.programme import Programme
from bot.core.rules import Anchor, Every, Period, Selection, Span
from bot.core.timetable import Timetable
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

FIRST, NINE = utc("2021-02-20 00:00"), time(9)
RULES = (
    rule(exact(-60), "soon", rank=0),
    rule(on_clock(0, "08:00"), "day", rank=1, days=frozenset(range(5))),
    rule(on_clock(-7, "22:30"), "week", rank=2, only=Selection(upcoming=2)),
    rule(on_clock(1, "10:00", Anchor.END), "recap", rank=3, excluding=Selection(upcoming=3)),
    rule(exact(-30), "talks", rank=4, only=Selection(kinds=frozenset({"talk"}))),
    rule(Every(period=Period.DAY, at=time(7)), "daily", rank=5, only=Selection(upcoming=1)),
    rule(
        Every(period=Period.WEEK, at=NINE, weekday=5), "weekly", rank=6, days=frozenset({0, 1, 2})
    ),
    rule(
        Every(period=Period.MONTH, at=NINE, day=31),
        "monthly",
        rank=7,
        covers=Span(count=1, period=Period.MONTH),
    ),
)
SEASON = schedules(*RULES, quiet_hours=quiet("21:00", "08:00"))

moments = st.one_of(
    st.dates(FIRST.date(), FIRST.date() + timedelta(days=59)),
    st.integers(0, 59 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
)
events = st.builds(
    lambda uid, starts, zone, kind, status, title: replace(
        event(uid=uid, timezone=zone, kind=kind, status=status, title=title),
        starts=starts,
        ends=None,
    ),
    st.sampled_from("abcdefgh"),
    moments,
    st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/New_York"]),
    st.sampled_from(["event", "talk"]),
    st.sampled_from([Status.CONFIRMED, Status.CONFIRMED, Status.CANCELLED]),
    st.sampled_from(["A title", "Another", "TBA"]),
)
vanishings = st.sampled_from([None, None, None, utc("2021-02-01 00:00")])
changes = st.builds(
    lambda one, gone, revision: record(one, vanished_at=gone, revision=revision),
    events,
    vanishings,
    st.integers(1, 9),
)


def anew(records):
    return sorted(candidates(records, SEASON), key=told)


def told(candidate):
    return (candidate.release, candidate.rank, candidate.about, candidate.reference)


def known(records):
    return list({one.event.uid: one for one in records}.values())


@settings(deadline=None)
@given(st.lists(changes, max_size=6), st.lists(st.lists(changes, max_size=3), max_size=6))
def test_after_any_changes_it_says_what_a_plan_made_anew_says(start, edits):
    timetable = Timetable(known(start), SEASON)
    records: list[EventRecord] = list(start)
    for edit in edits:
        before = {one.key("x"): one for one in timetable.between(None, utc("2022-01-01 00:00"))}
        named = timetable.renew(edit)
        records = known([*records, *edit])
        found = list(timetable.between(None, utc("2022-01-01 00:00")))
        assert sorted(found, key=told) == anew(records)
        assert [one.release for one in found] == sorted(one.release for one in found)
        assert timetable.records == {one.event.uid: one for one in records}
        for uid in (*timetable.records, SERIES):
            assert sorted(timetable.about(uid), key=told) == [
                one for one in anew(records) if one.record.event.uid == uid
            ]
        after = {one.key("x"): one for one in found}
        for key in before.keys() | after.keys():
            if key.event not in named and key.rule not in ("week", "recap"):
                assert before.get(key) == after.get(key)


@given(
    st.lists(changes, max_size=6),
    st.lists(changes, max_size=4),
    st.integers(-9 * 24, 70 * 24).map(lambda hours: FIRST + timedelta(hours=hours)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_it_is_asked_for_any_stretch_of_time(start, edits, after, span):
    timetable = Timetable(known(start), SEASON)
    timetable.renew(edits)
    plan = anew(known([*start, *edits]))
    wanted = [one for one in plan if after < one.release <= after + span]
    assert sorted(timetable.between(after, after + span), key=told) == wanted
    following = [one.release for one in plan if one.release > after]
    assert timetable.following(after) == min(following, default=None)
    assert timetable.following(None) == min((one.release for one in plan), default=None)
    assert all(one.deadline - one.release <= timetable.longest for one in plan)


@given(st.lists(changes, max_size=8), st.lists(changes, max_size=8))
def test_the_order_of_the_events_is_that_of_a_programme_made_anew(start, edits):
    programme = Programme(known(start))
    for one in edits:
        programme.put(one)
    wanted = Programme(known([*start, *edits]))
    assert programme.events == wanted.events
    assert [programme.place(uid) for uid in "abcdefgh"] == [wanted.place(uid) for uid in "abcdefgh"]


def test_a_digest_that_lists_the_changed_event_is_named_and_no_other():
    timetable = Timetable([record(event("2021-03-03 10:00", uid="a"))], SEASON)
    [first, *_] = [one for one in timetable.about(SERIES) if one.rule.key == "daily"]
    assert timetable.renew([record(event("2021-03-03 10:00", uid="a", title="New"))]) == {
        "a",
        SERIES,
    }
    [again, *_] = [one for one in timetable.about(SERIES) if one.rule.key == "daily"]
    assert [one.events and one.events[0].event.title for one in (first, again)] == [
        "CANDAL seminar series 2021",
        "New",
    ]


def test_what_is_not_in_order_cannot_be_taken_out():
    with pytest.raises(ValueError):
        Ordered().take(Entry(utc("2021-03-03 10:00"), 0, "a"))
