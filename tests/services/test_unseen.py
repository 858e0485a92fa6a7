"""Where nobody can see what was posted, a post goes out at most once, whatever happens."""

from datetime import timedelta

import pytest

from bot.core.states import State
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services.known import Known
from bot.services.plan import plan
from bot.store import events
from tests.support.builders import event, utc
from tests.support.stage import answers, lost

DUE = utc("2021-06-08 11:00")


@pytest.fixture
def stage(staged):
    stage = staged()
    stage.platform.readable = False
    stage.platform.unreadable = True
    stage.add(event("2021-06-09 14:00", uid="talk"))
    return stage


def test_it_goes_out_without_a_look_at_what_is_there(stage):
    stage.run(stage.delivery(), DUE + timedelta(minutes=1))
    assert (stage.rows()["talk"].state, len(stage.platform.parcels)) == (State.SENT, 1)


def test_a_lost_answer_waits_for_a_person_at_once_and_is_never_sent_again(stage):
    stage.platform.script = [lost]
    stage.run(stage.delivery(), utc("2021-06-10 00:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, row.next_try_at) == (State.UNKNOWN, True, None)
    assert (row.looks, len(stage.platform.parcels)) == (0, 1)


def test_what_was_proven_not_to_have_left_is_sent_again(stage):
    down = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="refused")
    stage.platform.script = [answers(down)]
    stage.run(stage.delivery(), DUE + timedelta(minutes=5))
    assert (stage.rows()["talk"].state, len(stage.platform.parcels)) == (State.SENT, 2)


def test_a_row_of_a_worker_that_died_waits_for_a_person(stage):
    stage.platform.silent = True
    first = stage.delivery()
    stage.clock.advance_to(DUE)
    stage.run_and_die(first)
    stage.platform.silent = False
    stage.clock.advance_to(stage.clock.now() + stage.lease + timedelta(seconds=1))
    stage.run(stage.delivery(worker="b"), stage.clock.now() + timedelta(hours=1))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person) == (State.UNKNOWN, True)
    assert len(stage.platform.parcels) == 1


def test_a_lost_log_repeats_nothing_even_within_the_grace(stage, staged):
    stage.run(stage.delivery(), DUE + timedelta(minutes=1))
    anew = staged(folder="anew")
    anew.platform = stage.platform
    anew.clock.advance_to(DUE + timedelta(minutes=5))
    anew.platform.clock = anew.clock
    anew.add(event("2021-06-09 14:00", uid="talk"), event("2021-06-10 14:00", uid="next"))
    anew.run(anew.delivery(), utc("2021-06-10 00:00"))
    assert set(anew.rows()) == {"next"}
    assert len(stage.platform.parcels) == 2


def test_the_plan_says_why_it_stays_out(stage):
    path = stage.folder / "schedules.yaml"
    stage.write(path.name, path.read_text().replace("platform: x", "platform: apprise"))
    stage.editions.refresh()
    stage.clock.advance_to(DUE + timedelta(minutes=5))
    with stage.store.reading() as connection:
        records = events.load(connection)
    [line] = plan(records, stage.editions.current, Known(), stage.clock.now())
    assert (line.state, line.reason.partition(":")[0]) == ("skipped", "not owed")
