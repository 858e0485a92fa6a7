"""Candidates: which post of which event, when, and why never."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Format, Status
from bot.core.planning import Key, Window, candidates, owed
from bot.core.rules import Selection
from tests.support.builders import event, exact, on_clock, quiet, record, rule, schedules, utc

WEEK = rule(on_clock(-7, "09:00"), "week-before", rank=1)
SOON = rule(exact(-60), "starting-soon", rank=0)


def planned(*records, rules=(SOON, WEEK), **fields):
    return candidates(records, schedules(*rules, **fields))


def test_every_rule_speaks_of_every_event_it_applies_to():
    talk, open_day = record(event("2021-06-09 11:00", uid="talk")), record(event("2021-06-20"))
    assert [(one.rule.name, one.record.event.uid) for one in planned(open_day, talk)] == [
        ("week-before", "talk"),
        ("starting-soon", "talk"),
        ("week-before", "2021-06-20-event"),
    ]


def test_the_key_is_made_of_the_rule_s_first_name_and_the_anchor_s_date():
    renamed = rule(on_clock(-7, "09:00"), "a-week-before", key="week-before")
    [one] = planned(record(event("2021-06-09", uid="talk")), rules=(renamed,))
    assert one.key("x:api.x.com:1") == Key("talk", "week-before", "x:api.x.com:1", "2021-06-09")


@pytest.mark.parametrize("uid", ["talk", "a/b", "x@y.org", "ünï"])
def test_a_key_is_read_back_from_its_text(uid):
    key = Key(uid, "week-before", "x:api.x.com:1", "2021-06-09T10:00:00+00:00")
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "a/b/c", "///", "a//c/d"])
def test_what_is_not_a_key_is_refused(text):
    with pytest.raises(ValueError):
        Key.parse(text)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED, Status.TENTATIVE])
def test_an_event_that_is_not_confirmed_is_silent(status):
    [one] = planned(record(event(status=status)), rules=(WEEK,))
    assert one.barred == f"the event is {status}"


def test_an_event_that_vanished_from_its_source_is_silent():
    [one] = planned(record(event(), vanished_at=utc("2021-05-01 00:00")), rules=(WEEK,))
    assert one.barred == "the event is no longer in its source"


def test_a_title_that_is_to_be_announced_is_not_posted():
    [one] = planned(record(event(title="Seminar (speaker TBA)")), rules=(WEEK,))
    assert one.barred == "its title is still to be announced"


def test_quiet_hours_delay_a_post_and_bar_it_where_they_end_after_its_deadline():
    early = record(event("2021-06-09 08:30", uid="early"))
    later = record(event("2021-06-09 09:00", uid="later"))
    night = quiet("21:00", "08:00")
    by_uid = {
        one.record.event.uid: one for one in planned(early, later, rules=(SOON,), quiet_hours=night)
    }
    assert by_uid["early"].barred == "quiet hours: they end after its deadline"
    assert (by_uid["later"].barred, by_uid["later"].release) == ("", utc("2021-06-09 07:00"))


def test_a_post_moved_past_the_start_by_its_weekdays_never_goes_out():
    sunday = rule(on_clock(-1, "09:00"), days=frozenset(range(5)))
    [one] = planned(record(event("2021-06-06 18:00")), rules=(sunday,))
    assert one.barred == "too late: it would fall due when it is no longer true"


def test_only_and_except_choose_events():
    finale = event("2021-11-24", uid="finale", format=Format.IN_PERSON, kind="conference")
    talk = event("2021-06-09 11:00", uid="talk", format=Format.VIRTUAL, kind="seminar")
    only = rule(on_clock(0, "08:00"), "only", only=Selection(kinds=frozenset({"conference"})))
    but = rule(
        on_clock(0, "08:00"),
        "but",
        rank=1,
        excluding=Selection(formats=frozenset({Format.IN_PERSON})),
    )
    timed = rule(on_clock(0, "08:00"), "timed", rank=2, only=Selection(timed=True))
    found = planned(record(finale), record(talk), rules=(only, but, timed))
    assert {(one.rule.name, one.record.event.uid) for one in found} == {
        ("only", "finale"),
        ("but", "talk"),
        ("timed", "talk"),
    }


def test_a_window_is_by_due_and_ends_before_its_end():
    talk = record(event("2021-06-09 11:00"))
    whole = candidates([talk], schedules(SOON, WEEK))
    window = Window(whole[0].due, whole[1].due)
    assert candidates([talk], schedules(SOON, WEEK), window) == whole[:1]


def test_a_post_is_owed_only_if_it_fell_due_after_all_it_needs_came_to_be():
    due = utc("2021-06-02 08:00")
    before, after = due - timedelta(hours=1), due + timedelta(hours=1)
    [one] = planned(record(event("2021-06-09 11:00")), rules=(WEEK,))
    assert owed(one, before, before)
    assert not owed(one, before, after)
    for born in ({"created_at": after}, {"created_at": before, "dated_at": after}):
        [one] = planned(record(event("2021-06-09 11:00"), **born), rules=(WEEK,))
        assert not owed(one, before, before)


starts = st.datetimes(min_value=utc("2021-01-01 00:00").replace(tzinfo=None)).filter(
    lambda one: one.year < 2030
)
plans = st.lists(
    st.tuples(starts, st.sampled_from(("Europe/London", "Pacific/Apia"))), max_size=8
).map(
    lambda drawn: [
        record(event(one.strftime("%Y-%m-%d %H:%M"), uid=f"e{number}", timezone=name))
        for number, (one, name) in enumerate(drawn)
    ]
)


@given(plans, st.randoms())
def test_the_order_of_events_does_not_matter_and_planning_twice_gives_the_same(records, random):
    night = quiet("21:00", "08:00")
    shuffled = list(records)
    random.shuffle(shuffled)
    assert planned(*shuffled, quiet_hours=night) == planned(*records, quiet_hours=night)


@given(plans)
def test_keys_are_unique_and_what_is_not_barred_has_a_time_to_go_out(records):
    found = planned(*records, quiet_hours=quiet("21:00", "08:00"))
    assert len({one.key("x") for one in found}) == len(found)
    assert all(one.due <= one.release < one.deadline for one in found if not one.barred)
