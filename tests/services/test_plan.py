"""The plan says of every post when it goes, what it says, and why it does not."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.core.model import Status
from bot.core.planning import Window
from bot.services import decide
from bot.services.decide import Person
from bot.services.known import Known, read_known, recall
from bot.services.plan import plan
from bot.store import events
from tests.support.builders import event, utc
from tests.support.stage import DAY_BEFORE

DUE = utc("2021-06-08 11:00")


def lines(stage, window=None, edited=None, **options):
    edition = stage.editions.current
    with stage.store.reading() as connection:
        records, now = events.load(connection), stage.clock.now()
        known = read_known(connection, edition.schedules)
        known = recall(connection, known, edited or records, edition.schedules, now)
        return plan(edited or records, edition, known, now, window, **options)


def told(stage):
    return [(line.key.event, line.state, line.reason) for line in lines(stage)]


def test_what_is_ahead_is_planned_with_its_text_length_and_price(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    [line] = lines(stage)
    assert (line.state, line.reason, line.at) == ("planned", "", DUE)
    assert str(line.key) == "talk/day-before/x/2021-06-09"
    assert line.text == "Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"
    assert (line.length, line.limit, float(line.cost_usd)) == (52, 280, 0.015)
    assert line.due.isoformat() == "2021-06-08T12:00:00+01:00"


def test_what_was_sent_shows_the_text_that_was_sent_and_when(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery(), DUE)
    stage.edit("talk", title="Another title")
    [line] = lines(stage)
    assert (line.state, line.at) == ("sent", DUE)
    assert line.text == "Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"


def test_what_fell_due_before_the_bot_knew_of_it_is_not_owed(stage):
    stage.clock.advance_to(utc("2021-07-01 00:00"))
    stage.add(event("2021-06-09 11:00", uid="talk"))
    assert told(stage) == [("talk", "skipped", "not owed: it fell due before the bot knew of it")]


def test_the_texts_of_what_is_skipped_are_written_only_where_they_are_asked_for(stage):
    stage.clock.advance_to(utc("2021-06-09 00:00"))
    stage.add(event("2021-06-09 11:00", uid="past"), event("2021-06-10 11:00", uid="ahead"))
    whole, brief = lines(stage), lines(stage, writes_skipped=False)
    assert all(line.text for line in whole)
    assert {line.key.event: bool(line.text) for line in brief} == {"past": False, "ahead": True}
    assert brief == [
        replace(line, text="", length=0, cost_usd=Decimal(0)) if line.state == "skipped" else line
        for line in whole
    ]


def test_what_the_bot_slept_through_is_missed(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery())
    stage.clock.advance_to(utc("2021-06-09 12:00"))
    assert told(stage) == [
        ("talk", "dropped", "missed: the bot did not run while it could be sent")
    ]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED, Status.TENTATIVE])
def test_an_event_that_is_not_confirmed_is_skipped_with_its_status(stage, status):
    stage.add(event("2021-06-09 11:00", uid="talk", status=status))
    assert told(stage) == [("talk", "skipped", f"the event is {status}")]


def test_the_choice_under_limits_is_foretold(staged):
    limits = "quiet_hours: {from: '21:00', until: '08:00'}\nlimits: {per_day: 1}\n"
    stage = staged(limits + DAY_BEFORE)
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-06-09 12:00", uid="b"))
    assert told(stage) == [
        ("a", "planned", ""),
        ("b", "skipped", "limits: 1 a day are taken"),
    ]


def test_what_is_foretold_is_what_happens(staged):
    rules = "quiet_hours: {from: '21:00', until: '08:00'}\nlimits: {per_day: 2, gap: 45 minutes}\n"
    stage = staged(rules + DAY_BEFORE)
    stage.add(
        *(event(f"2021-06-{day:02} 18:00", uid=f"e{day}{n}") for day in (9, 10) for n in range(4))
    )
    foretold = {line.key.event: (line.state == "planned", line.at) for line in lines(stage)}
    stage.run(stage.delivery(), utc("2021-06-12 00:00"))
    happened = {uid: (row.state == "sent", row.sent_at) for uid, row in stage.rows().items()}
    assert happened == foretold


def test_a_post_that_is_held_says_by_whom(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.delivery()
    with stage.store.writing() as connection:
        person = Person(who="ana", now=stage.clock.now())
        decide.hold(connection, "talk/day-before/x/2021-06-09", person)
    reason = "held by ana: bot posts approve talk/day-before/x/2021-06-09"
    assert told(stage) == [("talk", "held", reason)]


def test_a_rule_renamed_without_was_repeats_nothing_and_says_why(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery(), DUE)
    text = (stage.folder / "schedules.yaml").read_text().replace("day-before", "tomorrow")
    stage.write("schedules.yaml", text)
    assert stage.editions.refresh()
    reasons = {line.post: (line.state, line.reason) for line in lines(stage)}
    assert reasons == {
        "day-before": ("sent", ""),
        "tomorrow": (
            "skipped",
            "told as 'day-before', which is no longer in the file (was: day-before)",
        ),
    }


def test_a_window_is_by_due_and_holds_the_past_too(stage):
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-07-09 11:00", uid="b"))
    june = Window(utc("2021-06-01 00:00"), utc("2021-07-01 00:00"))
    assert [line.key.event for line in lines(stage, june)] == ["a"]


def test_without_a_store_everything_past_is_not_owed_and_the_rest_is_planned(stage):
    stage.add(event("2021-05-09", uid="past"), event("2021-06-09", uid="ahead"))
    with stage.store.reading() as connection:
        records = events.load(connection)
    found = plan(records, stage.editions.current, Known(), stage.clock.now())
    assert [(line.key.event, line.state) for line in found] == [
        ("past", "skipped"),
        ("ahead", "planned"),
    ]


def test_planning_does_not_change_what_is_planned(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    assert lines(stage) == lines(stage)
    stage.clock.advance_to(stage.clock.now() + timedelta(days=1))
    assert told(stage) == [("talk", "planned", "")]


MOVED = DAY_BEFORE.replace("posts:\n", "posts:\n  moved: {on: moved, template: moved}\n")
WORDS = {"moved": "Moved: {{ event.title }}, now {{ event | when }}"}


@pytest.fixture
def announced(staged):
    stage = staged(MOVED, words=WORDS)
    stage.add(event("2021-06-09 11:00", uid="talk", title="Talk"))
    stage.run(stage.delivery(), DUE)
    return stage


def notices(stage, **options):
    return [
        (line.state, line.reason, line.due, line.text)
        for line in lines(stage, **options)
        if line.post == "moved"
    ]


def test_a_notice_that_a_change_asks_for_is_planned_for_when_it_has_stood(announced):
    assert notices(announced) == []
    announced.edit("talk", starts=utc("2021-06-11 10:00"))
    text = "Moved: Talk, now Fri 11 June, 11:00 BST #MidlandsHealth"
    due = DUE + timedelta(minutes=15)
    assert notices(announced) == [("planned", "", due, text)]
    announced.run(announced.delivery(), due)
    assert notices(announced) == [("sent", "", due, text)]


def test_an_edit_that_no_worker_has_read_yet_counts_from_now(announced):
    with announced.store.reading() as connection:
        [record] = events.load(connection)
    later = replace(record.event, starts=utc("2021-06-11 10:00"))
    announced.clock.advance_to(DUE + timedelta(hours=1))
    [(state, _, due, _)] = notices(announced, edited=[replace(record, event=later)])
    assert (state, due) == ("planned", DUE + timedelta(hours=1, minutes=15))


def test_a_notice_that_waits_says_for_what(announced):
    announced.edit("talk", starts=utc("2021-06-11 10:00"))
    with announced.store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO posts SELECT 99, event, 'was', channel, reference,"
            " 'unknown', reason, needs_person, template, due, deadline, event_revision, tries,"
            " worker, lease_until, next_try_at, looks, text, payload, idempotency_key, created_at,"
            " claimed_at, NULL, NULL, NULL FROM posts WHERE rule = 'day-before'"
        )
        connection.exec_driver_sql(
            "INSERT INTO told SELECT 99, event, starts, ends, status, url,"
            " recording_url, location FROM told WHERE post_id <> 99"
        )
    [(state, why, _, _)] = notices(announced)
    assert (state, why) == ("planned", "it is not known yet what became of another post about it")


def test_a_notice_that_came_too_late_says_so(announced):
    announced.run(announced.delivery(), utc("2021-06-09 09:50"))
    announced.edit("talk", starts=utc("2021-06-11 10:00"))
    [(state, why, _, _)] = notices(announced)
    assert (state, why[:8]) == ("skipped", "too late")
