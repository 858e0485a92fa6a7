"""When rules fall due: calendar days, exact durations, clock changes, quiet hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import timing
from bot.core.model import zone
from bot.core.rules import Anchor
from tests.support.builders import event, exact, on_clock, quiet, rule, utc

ZONES = ("Europe/London", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata")


def due(when, of):
    slot = timing.slot(rule(when), of)
    assert slot is not None
    return slot.due


def deadline(when, of, **fields):
    slot = timing.slot(rule(when, **fields), of)
    assert slot is not None
    return slot.deadline


def test_days_before_are_calendar_days_at_the_clock_time_of_the_event():
    assert due(on_clock(-7, "09:00"), event("2021-06-09 11:00")) == utc("2021-06-02 08:00")


@pytest.mark.parametrize(
    ("starts", "expected"),
    [("2021-03-29", "2021-03-22 09:00"), ("2021-11-02", "2021-10-26 08:00")],
)
def test_the_clock_time_is_kept_across_both_changes_of_the_clocks(starts, expected):
    assert due(on_clock(-7, "09:00"), event(starts)) == utc(expected)


def test_hours_are_exact_durations_across_a_change_of_the_clocks():
    assert due(exact(-24 * 60), event("2021-03-28 12:00")) == utc("2021-03-27 11:00")


def test_a_local_time_that_does_not_exist_moves_forward_by_the_gap():
    assert timing.resolve(date(2021, 3, 28), time(1, 30), zone("Europe/London")) == utc(
        "2021-03-28 01:30"
    )


def test_of_two_equal_local_times_the_first_is_meant():
    assert timing.resolve(date(2021, 10, 31), time(1, 30), zone("Europe/London")) == utc(
        "2021-10-31 00:30"
    )


def test_the_day_after_the_end_counts_from_the_last_day_of_a_multi_day_event():
    of = event("2021-06-03", "2021-06-04")
    assert due(on_clock(1, "10:00", Anchor.END), of) == utc("2021-06-05 09:00")


def test_a_timed_event_that_ends_at_midnight_ends_on_the_day_before():
    of = event("2021-06-03 20:00", "2021-06-04 00:00")
    assert due(on_clock(1, "10:00", Anchor.END), of) == utc("2021-06-04 09:00")


def test_a_timed_event_without_an_end_lasts_an_hour():
    assert due(exact(30, Anchor.END), event("2021-06-09 11:00")) == utc("2021-06-09 11:30")


def test_exact_rules_do_not_apply_to_an_event_without_a_clock_time():
    assert timing.slot(rule(exact(-60)), event("2021-06-09")) is None


def test_the_event_s_own_zone_counts_not_the_series():
    of = event("2021-06-09 11:00", timezone="America/New_York")
    assert due(on_clock(-1, "12:00"), of) == utc("2021-06-08 16:00")


@pytest.mark.parametrize(
    ("minutes", "grace"), [(-5, 10), (-60, 30), (-90, 45), (-300, 60), (0, 10), (30, 15)]
)
def test_exact_rules_have_half_their_offset_as_grace_within_bounds(minutes, grace):
    when = exact(minutes)
    assert timing.default_grace(when) == timedelta(minutes=grace)


def test_a_post_before_the_start_is_never_sent_once_it_has_started():
    of = event("2021-06-09 08:00")
    assert deadline(on_clock(-1, "22:00"), of) == of.begins_at


def test_a_post_on_the_day_of_a_timed_event_is_never_sent_once_it_has_started():
    assert deadline(on_clock(0, "08:00"), event("2021-06-09 11:00")) == utc("2021-06-09 10:00")


def test_a_post_on_the_day_of_an_all_day_event_is_never_sent_on_another_day():
    assert deadline(on_clock(0, "18:00"), event("2021-06-09")) == utc("2021-06-09 23:00")


def test_a_grace_of_its_own_does_not_reach_past_the_start():
    of = event("2021-06-09 11:00")
    assert deadline(exact(-60), of, grace=timedelta(hours=5)) == of.begins_at


def test_days_of_the_week_move_a_post_to_the_next_one_allowed():
    friday = event("2021-06-11")
    slot = timing.slot(rule(on_clock(1, "10:00", Anchor.END), days=frozenset(range(5))), friday)
    assert slot is not None
    assert (slot.due, slot.reference) == (utc("2021-06-14 09:00"), "2021-06-11")


def test_the_reference_is_the_date_for_clock_rules_and_the_instant_for_exact_ones():
    of = event("2021-06-09 11:00")
    slots = [timing.slot(rule(when), of) for when in (on_clock(-7, "09:00"), exact(-60))]
    assert [slot.reference for slot in slots if slot] == [
        "2021-06-09",
        "2021-06-09T10:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2021-06-09 19:59", "2021-06-09 19:59"),
        ("2021-06-09 20:00", "2021-06-10 07:00"),
        ("2021-06-10 03:00", "2021-06-10 07:00"),
        ("2021-06-10 07:00", "2021-06-10 07:00"),
        ("2021-03-27 22:00", "2021-03-28 07:00"),
    ],
)
def test_quiet_hours_delay_to_their_end_in_the_zone_of_the_series(instant, expected):
    after = timing.after_quiet(utc(instant), quiet("21:00", "08:00"), zone("Europe/London"))
    assert after == utc(expected)


def test_quiet_hours_may_lie_within_one_day():
    after = timing.after_quiet(
        utc("2021-01-05 12:30"), quiet("12:00", "13:00"), zone("Europe/London")
    )
    assert after == utc("2021-01-05 13:00")


instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants them bare
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
).map(lambda one: one.replace(tzinfo=UTC))
clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0, fold=0))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), clocks, st.sampled_from(ZONES))
def test_a_resolved_time_shows_on_the_clock_unless_it_does_not_exist(day, at, name):
    where = zone(name)
    instant = timing.resolve(day, at, where)
    local = instant.astimezone(where)
    gap = local.replace(tzinfo=None) - datetime.combine(day, at)
    assert gap == timedelta(0) or (
        gap > timedelta(0) and gap == _offset(local) - _offset((instant - gap).astimezone(where))
    )


def _offset(local):
    offset = local.utcoffset()
    assert offset is not None
    return offset


@given(instants, clocks, clocks, st.sampled_from(ZONES))
def test_after_quiet_hours_it_is_not_quiet_and_never_earlier(instant, start, end, name):
    if start == end:
        return
    hours, where = quiet(start.isoformat(), end.isoformat()), zone(name)
    after = timing.after_quiet(instant, hours, where)
    assert after >= instant
    assert timing.after_quiet(after, hours, where) == after or _in_a_fold(after, where)


def _in_a_fold(instant, where):
    """Where the clocks go back over the end of the quiet hours, they are quiet twice."""
    local = instant.astimezone(where)
    return local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset()


@given(
    instants,
    st.integers(-3000, 3000),
    st.integers(-20, 20),
    clocks,
    st.sampled_from(list(Anchor)),
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_no_post_is_due_after_it_stopped_being_true(
    starts, minutes, days, at, anchor, name, is_exact
):
    of = event(starts.strftime("%Y-%m-%d %H:%M"), timezone=name)
    when = exact(minutes, anchor) if is_exact else on_clock(days, at.isoformat(), anchor)
    slot = timing.slot(rule(when), of)
    assert slot is not None
    instant = of.begins_at if anchor is Anchor.START else of.over_at
    if (minutes if is_exact else days) < 0:
        assert slot.deadline <= instant
    if not is_exact and days == 0 and anchor is Anchor.START:
        assert slot.deadline <= of.begins_at
