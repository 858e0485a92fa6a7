"""What a person says of a post is in force at the next tick, and in its history."""

from datetime import timedelta

import pytest

from bot.core.states import State
from bot.errors import BotError, UnknownNameError
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services import decide
from bot.services.decide import Person
from bot.store import decisions
from tests.support.builders import event, utc
from tests.support.stage import answers, vanished

DUE = utc("2021-06-08 11:00")
KEY = "talk/day-before/x/2021-06-09"


@pytest.fixture
def stage(staged):
    one = staged()
    one.add(event("2021-06-09 11:00", uid="talk"))
    return one


def says(stage, action, *words, key=KEY):
    with stage.store.writing() as connection:
        return action(connection, key, *words, Person(who="ana", now=stage.clock.now(), note="why"))


def test_a_post_that_is_held_waits_and_goes_out_once_it_is_approved(stage):
    delivery = stage.delivery()
    says(stage, decide.hold)
    stage.run(delivery, DUE + timedelta(hours=1))
    assert stage.platform.texts == []
    says(stage, decide.approve)
    stage.run(delivery, DUE + timedelta(hours=2))
    assert len(stage.platform.texts) == 1


def test_a_post_that_is_skipped_never_goes_out_and_the_log_says_by_whom(stage):
    delivery = stage.delivery()
    says(stage, decide.skip)
    stage.run(delivery, utc("2021-06-09 12:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.reason, stage.platform.texts) == (State.DROPPED, "skipped by ana", [])


def test_a_post_that_waits_for_another_try_can_be_skipped(stage):
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="429")
    stage.platform.script = [answers(refused)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    says(stage, decide.skip)
    stage.run(delivery, DUE + timedelta(hours=1))
    assert (stage.rows()["talk"].state, stage.platform.taken) == (State.DROPPED, [])


def test_a_dropped_post_can_be_retried_while_its_deadline_lasts(stage):
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.CONTENT, error="refused")
    stage.platform.script = [answers(refused)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    assert stage.rows()["talk"].needs_person
    says(stage, decide.retry)
    stage.run(delivery, DUE + timedelta(minutes=1))
    row = stage.rows()["talk"]
    assert (row.state, row.tries, row.needs_person) == (State.SENT, 2, False)


def test_a_post_whose_deadline_has_passed_cannot_be_retried(stage):
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.CONTENT, error="refused")
    stage.platform.script = [answers(refused)]
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    with pytest.raises(BotError, match="could be sent until 2021-06-08 23:00"):
        says(stage, decide.retry)


def test_an_unknown_post_is_settled_by_a_person_who_saw_it(stage):
    stage.platform.script = [vanished]
    stage.run(stage.delivery(), DUE)
    says(stage, decide.resolve_sent, "https://x.com/i/web/status/99")
    row = stage.rows()["talk"]
    assert (row.state, row.remote_id, row.remote_url) == (
        State.SENT,
        "99",
        "https://x.com/i/web/status/99",
    )


def test_an_unknown_post_that_a_person_says_was_not_sent_is_sent_once(stage):
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    says(stage, decide.resolve_not_sent)
    stage.run(delivery, DUE + timedelta(minutes=1))
    assert (stage.rows()["talk"].state, len(stage.platform.texts)) == (State.SENT, 1)


@pytest.mark.parametrize(
    "action", [decide.hold, decide.skip, decide.approve, decide.retry, decide.resolve_not_sent]
)
def test_nothing_can_be_decided_about_a_post_that_is_out(stage, action):
    stage.run(stage.delivery(), DUE)
    with pytest.raises(BotError, match="sent"):
        says(stage, action)


def test_what_is_not_a_key_is_refused_with_where_to_find_one(stage):
    with pytest.raises(UnknownNameError, match="copy its key from `bot posts list`"):
        says(stage, decide.skip, key="talk")


def test_every_decision_is_in_the_history(stage):
    stage.delivery()
    says(stage, decide.hold)
    says(stage, decide.approve)
    with stage.store.reading() as connection:
        found = decisions.history(connection, "talk/day-before/x:api.x.com:1/2021-06-09")
    assert [(one.action, one.who, one.note) for one in found] == [
        ("hold", "ana", "why"),
        ("approve", "ana", "why"),
    ]
