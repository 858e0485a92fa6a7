"""The agenda gives out what is due, once, the most important first."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.agenda import Agenda, Listed
from bot.core.planning import Candidate, candidates
from bot.core.rules import Change, Limits, OnChange, Rule, Selection
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

RULES = (rule(exact(-60), "soon", rank=0), rule(on_clock(0, "08:00"), "day", rank=1))


def agenda(plan, *, limits=None):
    by = schedules(*RULES, limits=limits)
    found = candidates([record(one) for one in plan], by)
    found.sort(key=lambda one: one.release)
    return Agenda("x", Listed(found), by)


def nothing(_near):
    """The log is empty."""
    return []


def taken_at(one, now, most=10, logged=nothing):
    one.look_ahead(utc(now), logged)
    return [(key.rule, key.event) for key, _ in one.take(most, utc(now), list)]


def test_what_is_due_is_given_out_once_the_most_important_first():
    one = agenda([event("2021-01-05 09:00", uid="a"), event("2021-01-05 09:00", uid="b")])
    assert taken_at(one, "2021-01-05 07:59") == []
    assert taken_at(one, "2021-01-05 08:00", most=3) == [("soon", "a"), ("soon", "b"), ("day", "a")]
    assert taken_at(one, "2021-01-05 08:00") == [("day", "b")]
    assert taken_at(one, "2021-01-05 08:00") == []


def test_what_the_log_has_is_not_given_out():
    [first, _] = candidates([record(event("2021-01-05 10:00", uid="a"))], schedules(*RULES))
    one = agenda([event("2021-01-05 10:00", uid="a")])
    assert taken_at(one, "2021-01-05 09:15", logged=lambda _near: [first.key("x")]) == [
        ("soon", "a")
    ]


def test_what_passed_its_deadline_lapses_instead():
    one = agenda([event("2021-01-05 10:00", uid="a")])
    assert taken_at(one, "2021-01-05 10:00") == []
    assert [key.rule for key, _ in one.lapsed(utc("2021-01-05 10:00"))] == ["soon", "day"]
    assert one.lapsed(utc("2021-01-05 10:00")) == []


def test_a_post_for_another_try_comes_back_at_its_new_time():
    one = agenda([event("2021-01-05 10:00", uid="a")])
    one.look_ahead(utc("2021-01-05 08:00"), nothing)
    [(key, candidate)] = one.take(1, utc("2021-01-05 08:00"), list)
    one.add(key, candidate._replace(release=utc("2021-01-05 08:05")))
    assert taken_at(one, "2021-01-05 08:04") == []
    assert taken_at(one, "2021-01-05 08:05") == [("day", "a")]


def test_it_wakes_for_the_next_release_then_for_the_deadline():
    one = agenda([event("2021-01-05 10:00", uid="a")])
    one.look_ahead(utc("2021-01-04 10:00"), nothing)
    assert one.wakes(utc("2021-01-04 10:00"), list) == utc("2021-01-05 08:00")
    taken_at(one, "2021-01-05 08:00")
    assert one.wakes(utc("2021-01-05 08:00"), list) == utc("2021-01-05 09:00")


def test_it_wakes_to_look_further_ahead():
    one = agenda([event("2021-03-05 10:00", uid="a")])
    one.look_ahead(utc("2021-01-01 00:00"), nothing)
    wake = one.wakes(utc("2021-01-01 00:00"), list)
    assert wake is not None
    assert utc("2021-01-01 00:00") < wake <= utc("2021-03-05 08:00")


def test_limits_hold_a_post_back_until_its_moment():
    one = agenda([event("2021-01-05 09:00", uid="a")], limits=Limits(gap=timedelta(minutes=20)))
    assert taken_at(one, "2021-01-05 08:00") == [("soon", "a")]
    sent = [utc("2021-01-05 08:00")]
    assert one.take(9, utc("2021-01-05 08:19"), lambda: sent) == []
    assert one.wakes(utc("2021-01-05 08:19"), lambda: sent) == utc("2021-01-05 08:20")
    assert [key.rule for key, _ in one.take(9, utc("2021-01-05 08:20"), lambda: sent)] == ["day"]


@pytest.mark.parametrize("limits", [None, Limits(gap=timedelta(minutes=5))])
def test_what_is_late_is_not_said_in_quiet_hours_either(limits):
    late = rule(on_clock(-7, "20:00"), "week")
    night = quiet("21:00", "08:00")
    by = schedules(late, quiet_hours=night, limits=limits)
    plan = Listed(candidates([record(event("2021-01-12", uid="a"))], by))
    one = Agenda("x", plan, by)
    assert taken_at(one, "2021-01-05 21:30") == []
    assert taken_at(one, "2021-01-06 07:59") == []
    assert one.wakes(utc("2021-01-06 07:59"), list) == utc("2021-01-06 08:00")
    assert [key.rule for key, _ in one.lapsed(utc("2021-01-06 08:00"))] == ["week"]


@given(
    st.lists(st.integers(0, 60 * 24 * 10), max_size=12),
    st.lists(st.integers(1, 60 * 12), max_size=60),
    st.integers(1, 3),
)
def test_everything_is_given_out_or_lapses_exactly_once_whenever_it_is_asked(minutes, steps, most):
    plan = [
        event(
            (utc("2021-01-02 00:00") + timedelta(minutes=one)).strftime("%Y-%m-%d %H:%M"),
            uid=f"e{number}",
        )
        for number, one in enumerate(minutes)
    ]
    one, now, seen = agenda(plan), utc("2021-01-01 00:00"), []
    for step in [*steps, 60 * 24 * 20]:
        now += timedelta(minutes=step)
        one.look_ahead(now, nothing)
        seen += [key for key, _ in one.lapsed(now)]
        for key, candidate in one.take(most, now, list):
            assert candidate.release <= now < candidate.deadline
            seen.append(key)
    wanted = {one.key("x") for one in candidates([record(one) for one in plan], schedules(*RULES))}
    assert sorted(seen) == sorted(wanted)


@given(st.lists(st.integers(0, 60 * 24 * 10), max_size=12))
def test_going_from_wake_to_wake_misses_nothing(minutes):
    plan = [
        event(
            (utc("2021-01-02 00:00") + timedelta(minutes=one)).strftime("%Y-%m-%d %H:%M"),
            uid=f"e{number}",
        )
        for number, one in enumerate(minutes)
    ]
    one, now, sent = agenda(plan), utc("2021-01-01 00:00"), []
    while now is not None:
        one.look_ahead(now, nothing)
        one.lapsed(now)
        sent += [(candidate.release, now) for _, candidate in one.take(100, now, list)]
        now = one.wakes(now, list)
    assert all(release == at for release, at in sent)
    alive = [
        candidate
        for candidate in candidates([record(one) for one in plan], schedules(*RULES))
        if not candidate.barred
    ]
    assert len(sent) == len(alive)


def cancellation(uid, due, *, begins, barred=""):
    one = Rule(
        name="off", key="off", rank=5, when=OnChange(change=Change.CANCELLED), template="off"
    )
    return Candidate(
        release=due,
        rank=-1,
        record=record(event("2021-01-06 09:00", uid=uid)),
        rule=one,
        reference="7",
        due=due,
        deadline=begins,
        barred=barred,
        begins=begins,
    )


@pytest.mark.parametrize("limits", [None, Limits(per_day=1, gap=timedelta(hours=5))])
def test_a_correction_of_a_near_date_goes_out_in_quiet_hours_and_before_the_rest(limits):
    by = schedules(*RULES, quiet_hours=quiet("21:00", "08:00"), limits=limits)
    [soon, *_] = candidates([record(event("2021-01-06 09:00", uid="late"))], by)
    soon = soon._replace(release=utc("2021-01-05 20:30"), deadline=utc("2021-01-06 12:00"))
    night = utc("2021-01-05 22:00")
    near = cancellation("near", night, begins=utc("2021-01-06 09:00"))
    far = cancellation("far", night, begins=utc("2021-01-09 09:00"))
    never = cancellation("never", night, begins=utc("2021-01-06 09:00"), barred="its title")
    one = Agenda("x", Listed([soon, far, near, never]), by)
    one.look_ahead(utc("2021-01-05 21:30"), nothing)
    assert one.take(10, utc("2021-01-05 21:30"), list) == []
    assert one.wakes(utc("2021-01-05 21:30"), list) == night
    assert taken_at(one, "2021-01-05 22:00") == [("off", "near")]
    assert taken_at(one, "2021-01-06 07:59") == []
    assert taken_at(one, "2021-01-06 08:00") == [("off", "far"), ("soon", "late")]


def test_a_correction_that_found_no_free_connection_goes_out_with_the_next():
    by = schedules(*RULES, quiet_hours=quiet("21:00", "08:00"))
    night = utc("2021-01-05 22:00")
    near = [cancellation(uid, night, begins=utc("2021-01-06 09:00")) for uid in "ab"]
    one = Agenda("x", Listed(near), by)
    assert taken_at(one, "2021-01-05 22:00", most=1) == [("off", "a")]
    assert one.wakes(night, list) == night
    assert taken_at(one, "2021-01-05 22:00", most=1) == [("off", "b")]
    assert one.wakes(night, list) is None


def renewed(one, plan, *uids):
    one.renew(Listed(sorted(plan, key=lambda found: found.release)), uids, nothing)
    return {key.rule: found for key, found in one.inside.items()}


def test_what_is_said_otherwise_of_an_event_takes_the_place_of_what_was():
    before, after = (
        candidates([record(event(f"2021-01-05 {at}", uid="a"))], schedules(*RULES))
        for at in ("10:00", "11:00")
    )
    one = Agenda("x", Listed(before), schedules(*RULES))
    one.look_ahead(utc("2021-01-05 07:00"), nothing)
    assert renewed(one, after, "a") == {found.rule.key: found for found in after}
    assert taken_at(one, "2021-01-05 09:00") == [("day", "a")]
    assert taken_at(one, "2021-01-05 10:00") == [("soon", "a")]


def test_what_is_not_said_any_more_or_is_in_the_log_does_not_come_in():
    one = agenda([event("2021-01-05 10:00", uid="a"), event("2021-01-05 11:00", uid="b")])
    one.look_ahead(utc("2021-01-05 07:00"), nothing)
    moved = candidates([record(event("2021-01-05 12:00", uid="a"))], schedules(*RULES))
    one.renew(Listed(moved), ["a", "b"], lambda near: [key for key in near if key.rule == "soon"])
    assert [str(key) for key in one.inside] == ["a/day/x/2021-01-05"]


def test_what_was_put_off_is_asked_for_again_with_whatever_changes():
    plan = candidates([record(event("2021-01-05 10:00", uid="a"))], schedules(*RULES))
    one = Agenda("x", Listed(plan), schedules(*RULES))
    one.look_ahead(utc("2021-01-05 08:00"), nothing)
    [(key, candidate)] = one.take(1, utc("2021-01-05 08:00"), list)
    one.put_off([(key, candidate._replace(barred="its text cannot be written"))])
    assert one.take(1, utc("2021-01-05 08:00"), list) == []
    assert renewed(one, plan, "another")["day"].barred == ""
    assert taken_at(one, "2021-01-05 08:00") == [("day", "a")]


def test_what_depends_on_how_many_are_ahead_is_asked_for_again_with_whatever_changes():
    by = schedules(rule(on_clock(0, "08:00"), "day", only=Selection(upcoming=2)))
    first, second = record(event("2021-01-05", uid="a")), record(event("2021-02-05", uid="b"))
    one = Agenda("x", Listed(candidates([first], by)), by)
    one.look_ahead(utc("2021-01-05 00:00"), nothing)
    assert one.inside[next(iter(one.inside))].barred
    assert renewed(one, candidates([first, second], by), "b")["day"].barred
    third = record(event("2021-03-05", uid="c"))
    assert not renewed(one, candidates([first, second, third], by), "c")["day"].barred
