"""Limits a day and the gap: who goes when, and who does not."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.choosing import choose
from bot.core.planning import candidates
from bot.core.rules import Change, Limits, OnChange
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

GAP = timedelta(minutes=20)
NIGHT = quiet("21:00", "08:00")
IMPORTANT = rule(on_clock(0, "09:00"), "important", rank=0)
ORDINARY = rule(on_clock(0, "09:00"), "ordinary", rank=1)


def chosen(plan, taken=(), now="2021-01-01 00:00", by=None):
    found = candidates([record(one) for one in plan], by)
    return {
        (one.candidate.rule.name, one.candidate.record.event.uid): one.at or one.reason
        for one in choose(found, [utc(one) for one in taken], by, utc(now))
    }


def test_without_limits_everything_goes_at_its_release():
    day = schedules(IMPORTANT, ORDINARY)
    assert chosen([event("2021-01-05", uid="a")], by=day) == {
        ("important", "a"): utc("2021-01-05 09:00"),
        ("ordinary", "a"): utc("2021-01-05 09:00"),
    }


def test_the_less_important_waits_for_the_gap():
    day = schedules(IMPORTANT, ORDINARY, limits=Limits(gap=GAP))
    assert chosen([event("2021-01-05", uid="a")], by=day) == {
        ("important", "a"): utc("2021-01-05 09:00"),
        ("ordinary", "a"): utc("2021-01-05 09:20"),
    }


def test_the_less_important_makes_room_for_a_more_important_one_that_is_still_to_come():
    early = rule(on_clock(0, "08:50"), "early", rank=2)
    day = schedules(IMPORTANT, early, limits=Limits(gap=GAP))
    assert chosen([event("2021-01-05", uid="a")], by=day)["early", "a"] == utc("2021-01-05 09:20")


def test_what_does_not_fit_a_day_is_refused_the_least_important_first():
    day = schedules(IMPORTANT, ORDINARY, limits=Limits(per_day=1), quiet_hours=NIGHT)
    assert chosen([event("2021-01-05", uid="a")], by=day) == {
        ("important", "a"): utc("2021-01-05 09:00"),
        ("ordinary", "a"): "limits: 1 a day are taken",
    }


def test_what_does_not_fit_today_goes_tomorrow_where_its_deadline_allows():
    patient = rule(on_clock(-7, "09:00"), "patient", rank=1, grace=timedelta(days=2))
    urgent = rule(on_clock(-7, "09:00"), "urgent", rank=0)
    day = schedules(urgent, patient, limits=Limits(per_day=1), quiet_hours=NIGHT)
    found = chosen([event("2021-01-12", uid="a")], by=day)
    assert found["patient", "a"] == utc("2021-01-06 08:00")


def test_what_went_out_already_counts():
    day = schedules(IMPORTANT, limits=Limits(per_day=2, gap=GAP), quiet_hours=NIGHT)
    talk = [event("2021-01-05", uid="a")]
    assert chosen(talk, ["2021-01-05 08:50"], by=day)["important", "a"] == utc("2021-01-05 09:10")
    full = ["2021-01-05 06:00", "2021-01-05 07:00"]
    assert chosen(talk, full, by=day)["important", "a"] == "limits: 2 a day are taken"


def test_a_gap_that_would_pass_the_deadline_refuses():
    soon = rule(exact(-20), "soon", rank=1)
    now_ = rule(exact(-20), "now", rank=0)
    day = schedules(now_, soon, limits=Limits(gap=timedelta(minutes=30)))
    found = chosen([event("2021-01-05 11:00", uid="a")], by=day)
    assert found["soon", "a"] == "limits: no room with a gap of 30 minutes"


def test_a_deadline_that_has_passed_is_missed():
    day = schedules(IMPORTANT)
    found = chosen([event("2021-01-05", uid="a")], now="2021-01-05 22:00", by=day)
    assert found["important", "a"] == "missed: its deadline has passed"


events = st.lists(
    st.builds(lambda day, hour: (day, hour), st.integers(1, 4), st.integers(0, 23)),
    max_size=10,
).map(
    lambda drawn: [
        event(f"2021-01-{day:02} {hour:02}:30", uid=f"e{number}")
        for number, (day, hour) in enumerate(drawn)
    ]
)
RULES = (
    rule(exact(-60), "soon", rank=0),
    rule(on_clock(0, "08:00"), "day", rank=1),
    rule(on_clock(-1, "12:00"), "before", rank=2),
)


@given(events, st.integers(1, 4), st.integers(0, 90), st.lists(st.integers(0, 96), max_size=5))
def test_the_gap_the_limit_the_quiet_hours_and_the_deadline_are_kept(
    plan, per_day, gap, taken_hours
):
    limits = Limits(per_day=per_day, gap=timedelta(minutes=gap))
    by = schedules(*RULES, limits=limits, quiet_hours=NIGHT)
    taken = [utc("2021-01-01 00:00") + timedelta(hours=hours) for hours in taken_hours]
    wishes = candidates([record(one) for one in plan], by)
    choices = choose(wishes, taken, by, utc("2020-12-31 00:00"))
    placed = [(one.candidate, one.at) for one in choices if one.at]
    for wish, at in placed:
        assert wish.release <= at < wish.deadline
        assert 8 <= at.hour < 21
        others = [*taken, *(other_at for other, other_at in placed if other is not wish)]
        assert all(abs(other - at) >= limits.gap for other in others)
        on_the_day = [other for other in others if other.date() == at.date()]
        assert len(on_the_day) < per_day


@given(events, st.integers(1, 4))
def test_a_less_important_rule_never_changes_what_a_more_important_one_gets(plan, per_day):
    limits = Limits(per_day=per_day, gap=GAP)
    with_it = chosen(plan, by=schedules(*RULES, limits=limits, quiet_hours=NIGHT))
    without = chosen(plan, by=schedules(*RULES[:2], limits=limits, quiet_hours=NIGHT))
    assert {key: at for key, at in with_it.items() if key[0] != "before"} == without


def test_what_puts_right_what_was_told_needs_no_room_and_takes_none():
    by = schedules(ORDINARY, limits=Limits(per_day=1, gap=GAP))
    [ordinary] = candidates([record(event("2021-01-05", uid="a"))], by)
    when = OnChange(change=Change.CANCELLED)
    off = [ordinary._replace(rule=rule(when, f"off{number}"), rank=-1) for number in range(3)]
    choices = choose([ordinary, *off], [], by, utc("2021-01-01 00:00"))
    assert [one.at for one in choices] == [utc("2021-01-05 09:00")] * 4
