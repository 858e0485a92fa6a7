"""Posts by the calendar: their days, their names, what they list, and when they are true."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digests import SERIES, ahead, back, named, occurrences
from bot.core.model import Status, zone
from bot.core.planning import Window, candidates, owed
from bot.core.rules import Every, Period, Selection, Span
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

NINE = time(9)
MONTHLY = Every(period=Period.MONTH, at=NINE, day=1)
WEEKLY = Every(period=Period.WEEK, at=NINE, weekday=0)
DAILY = Every(period=Period.DAY, at=time(7))
MONTH = Span(count=1, period=Period.MONTH)


def planned(*records, when=MONTHLY, window=None, quiet_hours=None, **fields):
    plan = schedules(rule(when, "digest", **fields), quiet_hours=quiet_hours)
    return candidates(records, plan, window)


def uids(candidate):
    return [one.event.uid for one in candidate.events]


def test_a_digest_lists_what_begins_in_its_time_by_start():
    found = planned(
        record(event("2021-06-30 10:00", uid="last")),
        record(event("2021-06-01", uid="first")),
        record(event("2021-07-01", uid="next")),
        record(event("2021-06-09 15:00", uid="late")),
        record(event("2021-06-09 11:00", uid="early")),
    )
    assert [(one.reference, uids(one)) for one in found] == [
        ("2021-06", ["first", "early", "late", "last"]),
        ("2021-07", ["next"]),
    ]
    assert found[0].due == utc("2021-06-01 08:00")
    assert str(found[0].key("x")) == "series/digest/x/2021-06"
    assert (found[0].record.event.first_day, found[0].record.event.last_day) == (
        date(2021, 6, 1),
        date(2021, 6, 30),
    )


def test_what_does_not_take_place_or_has_begun_is_not_listed():
    [one] = planned(
        record(event("2021-06-01 08:00", uid="begun")),
        record(event("2021-06-02", uid="off", status=Status.CANCELLED)),
        record(event("2021-06-03", uid="gone"), vanished_at=utc("2021-05-01 00:00")),
        record(event("2021-06-04", uid="?", title="TBA")),
        record(event("2021-06-05", uid="on")),
    )
    assert uids(one) == ["on"]


def test_only_and_except_choose_what_is_listed():
    records = [
        record(event("2021-06-02", uid="a", kind="seminar")),
        record(event("2021-06-03", uid="b", kind="seminar", tags=("closed",))),
        record(event("2021-06-04", uid="c", kind="fair")),
    ]
    closed = Selection(tags=frozenset({"closed"}))
    [one] = planned(*records, only=Selection(kinds=frozenset({"seminar"})), excluding=closed)
    assert uids(one) == ["a"]


@pytest.mark.parametrize(
    ("only", "excluding", "barred"),
    [
        (Selection(upcoming=2), None, ["", "upcoming: 1 event is ahead, and 2 are asked for"]),
        (
            Selection(upcoming=1, kinds=frozenset({"fair"})),
            None,
            ["upcoming: no event is ahead"] * 2,
        ),
        (None, Selection(upcoming=2), ["upcoming: 2 events are ahead", ""]),
    ],
)
def test_how_many_events_are_ahead_decides_whether_a_digest_goes_out(only, excluding, barred):
    records = [record(event(day)) for day in ("2021-06-02", "2021-06-03", "2021-07-04")]
    found = planned(*records, only=only, excluding=excluding)
    assert [one.barred for one in found] == barred


def test_a_post_about_an_event_may_ask_for_events_ahead_too():
    records = [record(event(day)) for day in ("2021-06-02", "2021-06-09", "2021-06-16")]
    after = rule(exact(60), only=Selection(upcoming=2))
    timed = [record(event(f"{one.event.starts} 11:00")) for one in records]
    found = candidates(timed, schedules(after))
    assert [one.barred for one in found] == [
        "",
        "upcoming: 1 event is ahead, and 2 are asked for",
        "upcoming: no event is ahead, and 2 are asked for",
    ]
    before = rule(on_clock(-1, "12:00"), excluding=Selection(upcoming=2))
    assert [bool(one.barred) for one in candidates(records, schedules(before))] == [
        True, True, False,
    ]  # fmt: skip


def test_a_digest_is_late_for_half_a_day_and_never_beyond_what_it_speaks_of():
    monthly, *_ = planned(record(event("2021-06-09")))
    assert monthly.deadline - monthly.due == timedelta(hours=12)
    today, *_ = planned(record(event("2021-06-09 11:00")), when=DAILY)
    assert today.deadline == utc("2021-06-09 10:00")  # what it lists begins
    today, *_ = planned(record(event("2021-06-09")), when=DAILY, grace=timedelta(days=3))
    assert today.deadline == utc("2021-06-09 23:00")  # the day is over


def test_quiet_hours_delay_a_digest():
    [one] = planned(record(event("2021-06-09")), quiet_hours=quiet("21:00", "10:00"))
    assert (one.due, one.release) == (utc("2021-06-01 08:00"), utc("2021-06-01 09:00"))


def test_a_digest_waits_for_one_of_its_weekdays_and_speaks_from_that_day():
    weekdays = frozenset(range(5))
    [one] = planned(record(event("2021-05-02")), record(event("2021-05-20")), days=weekdays)
    assert one.due == utc("2021-05-03 08:00")  # the first is a Saturday
    assert (one.reference, uids(one)) == ("2021-05", ["2021-05-20-event"])


def test_a_digest_is_owed_only_once_what_it_lists_is_known():
    before, after = utc("2021-05-01 00:00"), utc("2021-06-01 12:00")
    one, *_ = planned(record(event("2021-06-09"), created_at=before))
    assert owed(one, before)
    assert not owed(one, after)
    one, *_ = planned(record(event("2021-06-09"), created_at=after))
    assert not owed(one, before)
    known = record(event("2021-06-09", uid="a"), created_at=before)
    one, *_ = planned(known, record(event("2021-06-10", uid="b"), created_at=after))
    assert owed(one, before)


def test_an_empty_series_has_no_digests_and_a_season_bounds_them():
    assert planned() == []
    found = planned(record(event("2021-01-20")), record(event("2021-04-20")))
    assert [one.reference for one in found] == ["2021-01", "2021-02", "2021-03", "2021-04"]


@pytest.mark.parametrize(
    ("period", "day", "name"),
    [
        (Period.MONTH, "2021-06-01", "2021-06"),
        (Period.WEEK, "2021-06-07", "2021-W23"),
        (Period.WEEK, "2021-01-01", "2020-W53"),
        (Period.WEEK, "2024-12-30", "2025-W01"),
        (Period.DAY, "2021-06-09", "2021-06-09"),
    ],
)
def test_a_period_has_a_name(period, day, name):
    assert named(period, date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (Every(period=Period.MONTH, at=NINE, day=31), ["01-31", "02-28", "03-31", "04-30"]),
        (Every(period=Period.MONTH, at=NINE, nth=1, weekday=0), ["01-04", "02-01", "03-01"]),
        (Every(period=Period.MONTH, at=NINE, nth=-1, weekday=4), ["01-29", "02-26", "03-26"]),
        (Every(period=Period.WEEK, at=NINE, weekday=6), ["01-10", "01-17"]),
        (DAILY, ["01-05", "01-06"]),
    ],
)
def test_a_digest_falls_on_these_days(every, days):
    found = islice(occurrences(every, date(2021, 1, 5)), len(days))
    assert [f"{day:%m-%d}" for day in found] == days


def test_a_month_from_the_last_day_ends_on_the_last_day():
    assert ahead(date(2021, 1, 31), MONTH) == date(2021, 2, 28)
    assert ahead(date(2021, 12, 1), MONTH) == date(2022, 1, 1)


days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
spans = st.builds(Span, count=st.integers(1, 5), period=st.sampled_from(Period))
everies = st.one_of(
    st.just(DAILY),
    st.builds(Every, period=st.just(Period.WEEK), at=st.just(NINE), weekday=st.integers(0, 6)),
    st.builds(Every, period=st.just(Period.MONTH), at=st.just(NINE), day=st.integers(1, 31)),
    st.builds(
        Every,
        period=st.just(Period.MONTH),
        at=st.just(NINE),
        weekday=st.integers(0, 6),
        nth=st.sampled_from([1, 2, 3, 4, -1]),
    ),
)


@settings(deadline=None)
@given(everies, days)
def test_every_period_has_one_occurrence_with_a_name_of_its_own(every, start):
    found = list(islice(occurrences(every, start), 60))
    names = [named(every.period, day) for day in found]
    assert found == sorted(set(found))
    assert names == sorted(set(names))
    assert named(every.period, found[0]) == named(every.period, start)
    if every.weekday is not None:
        assert {day.weekday() for day in found} == {every.weekday}
    longest = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 62}[every.period]
    assert all((after - before).days <= longest for before, after in pairwise(found))


@settings(deadline=None)
@given(days, spans)
def test_no_span_that_reaches_a_day_begins_before_it_is_looked_for(day, span):
    for early in range(1, 5):
        assert ahead(back(day, span) - timedelta(days=early), span) <= day


def moments(first, last):
    start, end = (utc(one).replace(tzinfo=None) for one in (first, last))
    return st.datetimes(start, end, timezones=st.just(UTC))


ZONES = ("Europe/London", "America/St_Johns", "Pacific/Apia")
seasons = st.lists(
    st.tuples(moments("2021-01-01 00:00", "2022-03-01 00:00"), st.sampled_from(ZONES)),
    max_size=8,
).map(
    lambda drawn: [
        record(event(one.strftime("%Y-%m-%d %H:%M"), uid=f"e{number}", timezone=name))
        for number, (one, name) in enumerate(drawn)
    ]
)
instants = moments("2020-12-01 00:00", "2022-04-01 00:00")


@settings(deadline=None)
@given(seasons, everies, st.none() | spans, instants, instants)
def test_the_digests_of_a_window_are_the_window_of_the_digests(records, every, span, start, end):
    whole = planned(*records, when=every, covers=span)
    window = Window(start, end)
    assert planned(*records, when=every, covers=span, window=window) == [
        one for one in whole if start <= one.due < end
    ]


@settings(deadline=None)
@given(seasons, everies)
def test_without_a_span_of_its_own_every_event_is_in_some_digest_and_keys_are_unique(
    records, every
):
    found = planned(*records, when=every)
    assert len({one.key("x") for one in found}) == len(found)
    listed = {one.event.uid for candidate in found for one in candidate.events}
    for one in records:
        day = one.event.first_day
        due_that_day = any(candidate.record.event.first_day == day for candidate in found)
        monthly = every.period is Period.MONTH and every.nth is not None
        if not due_that_day and not monthly and not (every.day or 0) > 28:
            assert one.event.uid in listed
    assert all(candidate.record.event.uid == SERIES for candidate in found)


@settings(deadline=None)
@given(seasons, everies)
def test_a_digest_goes_out_at_its_clock_time_in_the_zone_of_the_series(records, every):
    for one in planned(*records, when=every):
        local = one.due.astimezone(zone("Europe/London"))
        assert local.time() == every.at


def test_many_events_are_each_listed_once_by_a_daily_digest():
    start = datetime(2021, 1, 1, 10, tzinfo=UTC)
    records = [
        record(event(f"{start + timedelta(minutes=5 * n):%Y-%m-%d %H:%M}", uid=str(n)))
        for n in range(20_000)
    ]
    found = planned(*records, when=DAILY)
    assert sum(len(one.events) for one in found) <= len(records)
    assert len(found) == 70
