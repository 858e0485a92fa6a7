"""When what waits falls due, and which of the two may go out: with the fact, or without it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import timing
from bot.core.planning import candidates
from bot.core.rules import Anchor, Rule, Wait
from bot.core.waiting import OTHERWISE
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TALK = event("2021-06-10 11:00", "2021-06-10 12:00", uid="talk")
DUE, END = utc("2021-06-11 09:00"), utc("2021-06-24 09:00")
BORN = utc("2021-05-01 00:00")
AFTER = on_clock(1, "10:00", Anchor.END)
WAIT = Wait(fact="recording", until=on_clock(14, "10:00", Anchor.END), otherwise="without")


def pair(when=AFTER, wait=WAIT, **fields) -> tuple[Rule, ...]:
    """The rule that waits, and the one for the end of the waiting where there is any."""
    recap = rule(when, "recap", wait=wait, **fields)
    inverted = replace(wait, inverted=True)
    name = f"recap{OTHERWISE}"
    return (
        (recap, replace(recap, name=name, key=name, wait=inverted)) if wait.otherwise else (recap,)
    )


def planned(known, rules=(), talk=TALK, **fields):
    """The plan by rule; `known`: since when the recording is, if it is."""
    url = "https://example.org/watch" if known else ""
    came = None if known == BORN else known
    one = record(replace(talk, recording_url=url), created_at=BORN, recorded_at=came)
    return {
        each.rule.name: each for each in candidates([one], schedules(*(rules or pair()), **fields))
    }


def test_without_the_fact_the_one_waits_and_the_other_is_due_at_the_end():
    found = planned(None)
    recap, otherwise = found["recap"], found["recap:otherwise"]
    assert recap.barred == "its recording was not there in time"
    assert (recap.due, recap.hold.until, recap.hold.is_missing) == (DUE, END, True)
    assert (otherwise.due, otherwise.deadline, otherwise.barred) == (END, END + 12 * HOUR, "")
    assert recap.reference == otherwise.reference == "2021-06-10"
    assert recap.twin("x") == otherwise.key("x")
    assert otherwise.twin("x") == recap.key("x")


@pytest.mark.parametrize(
    ("known", "due"),
    [(DUE - DAY, DUE), (DUE, DUE), (DUE + 3 * DAY, DUE + 3 * DAY), (END, END)],
)
def test_with_the_fact_it_is_due_at_the_later_of_both_and_until_the_end_and_its_grace(known, due):
    [recap] = planned(known).values()
    assert (recap.due, recap.release, recap.deadline) == (due, due, END + 12 * HOUR)
    assert (recap.barred, recap.since) == ("", DUE)


def test_what_comes_with_the_event_itself_was_known_before():
    [recap] = planned(BORN).values()
    assert recap.due == DUE


def test_what_comes_after_the_end_of_the_waiting_is_told_while_nothing_else_may_have_been():
    [late] = planned(END + HOUR).values()
    assert (late.due, late.barred) == (END + HOUR, "")
    [later] = planned(END + 12 * HOUR).values()
    assert later.barred == "its recording was not there in time"
    [silent] = planned(END + HOUR, pair(wait=replace(WAIT, otherwise=""))).values()
    assert silent.barred == "its recording was not there in time"


def test_the_grace_of_the_rule_counts_from_the_end_of_the_waiting():
    [recap] = planned(DUE + DAY, pair(grace=HOUR)).values()
    assert recap.deadline == END + HOUR


def test_on_a_day_that_is_not_the_rule_s_it_goes_out_on_the_next_at_its_clock_time():
    saturday = utc("2021-06-19 15:00")
    [recap] = planned(saturday, pair(days=frozenset(range(5)))).values()
    assert recap.due == utc("2021-06-21 09:00")


def test_the_end_of_the_waiting_moves_to_the_rule_s_next_weekday_as_well():
    wait = replace(WAIT, until=on_clock(9, "10:00", Anchor.END))
    found = planned(None, pair(wait=wait, days=frozenset(range(5))))
    assert found["recap:otherwise"].due == utc("2021-06-21 09:00")


def test_quiet_hours_delay_both():
    night = quiet("21:00", "08:00")
    [recap] = planned(utc("2021-06-12 22:00"), quiet_hours=night).values()
    assert recap.release == utc("2021-06-13 07:00")
    late = pair(
        on_clock(1, "22:00", Anchor.END), replace(WAIT, until=on_clock(14, "22:00", Anchor.END))
    )
    otherwise = planned(None, late, quiet_hours=night)["recap:otherwise"]
    assert otherwise.release == utc("2021-06-25 07:00")


def test_an_exact_rule_waits_exactly_and_not_for_an_event_without_a_clock_time():
    rules = pair(exact(120, Anchor.END), replace(WAIT, until=exact(48 * 60, Anchor.END)))
    found = planned(None, rules)
    ends = utc("2021-06-12 11:00")
    assert (found["recap:otherwise"].due, found["recap:otherwise"].deadline) == (ends, ends + HOUR)
    assert planned(None, rules, event("2021-06-10")) == {}


def test_an_all_day_event_waits_from_its_last_day_or_from_the_midnight_after_it():
    days = event("2021-06-10", "2021-06-11", uid="days")
    assert planned(None, talk=days)["recap:otherwise"].due == utc("2021-06-25 09:00")
    hours = replace(WAIT, until=exact(48 * 60, Anchor.END))
    assert planned(None, pair(wait=hours), days)["recap:otherwise"].due == utc("2021-06-13 23:00")


moments = st.integers(-30 * 24 * 60, 60 * 24 * 60).map(
    lambda minutes: DUE + minutes * timedelta(minutes=1)
)
whens = st.one_of(
    st.builds(
        on_clock,
        st.integers(0, 5),
        st.sampled_from(["00:30", "10:00", "23:45"]),
        st.just(Anchor.END),
    ),
    st.builds(exact, st.integers(0, 3000), st.just(Anchor.END)),
)


@given(
    whens,
    st.integers(1, 30),
    st.none() | moments,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.none() | st.integers(1, 72).map(lambda hours: hours * HOUR),
    st.sampled_from(["", "without"]),
)
def test_whatever_is_known_when_only_one_of_the_two_may_go_out_and_only_in_its_time(
    when, days, known, weekdays, grace, otherwise
):
    until = (
        exact(days * 24 * 60, Anchor.END) if hasattr(when, "offset") else replace(when, days=days)
    )
    wait = Wait(fact="recording", until=until, otherwise=otherwise)
    rules = pair(when, wait, days=weekdays, grace=grace)
    found = planned(known, rules)
    may = [one for one in found.values() if not one.barred]
    assert len(may) <= 1
    own = timing.slot(replace(rules[0], wait=None), TALK)
    assert own is not None
    for one in found.values():
        assert one.hold.since == own.due <= one.hold.until < one.deadline
        assert one.reference == own.reference
        assert one.deadline - one.hold.until == timing.grace(rules[0], when)
    for one in may:
        assert one.due >= max(own.due, known or one.hold.until)
        assert one.due.astimezone(TALK.zone).weekday() in weekdays
        assert one.since <= one.due < one.deadline
        assert (known is None) == one.rule.wait.inverted
    if known is not None and known <= found["recap"].hold.until:
        assert len(may) == 1
    if known is None:
        assert len(may) == (1 if otherwise else 0)
