"""A first byte leaves only under a lease, within its time, and while the text is true."""

from datetime import timedelta

import pytest

from bot.core.breaking import Breaker
from bot.core.states import State
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services.publish import judged
from tests.support.builders import event, utc
from tests.support.stage import DAY_BEFORE, WAITS, Stage, answers

START = utc("2021-06-01 00:00")
DUE = utc("2021-06-08 11:00")
SOON = "posts:\n  soon: {when: 1 hour before start, template: reminder}\n"


@pytest.fixture
def staged(tmp_path):
    """Makes the stage of the rules that are given."""
    made = []

    def make(**fields):
        made.append(Stage(tmp_path, START, **fields))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


class Slow:
    """Before the first byte leaves, so much time passes: a queue, a slow name server."""

    def __init__(self, stage, seconds):
        self.stage, self.wait = stage, timedelta(seconds=seconds)

    def __getattr__(self, name):
        return getattr(self.stage.platform, name)

    async def publish(self, parcel, check):
        self.stage.clock.advance_to(self.stage.clock.now() + self.wait)
        return await self.stage.platform.publish(parcel, check)


@pytest.mark.parametrize(("seconds", "sent"), [(70, 1), (80, 0)])
def test_nothing_leaves_when_the_whole_try_no_longer_fits_into_the_lease(staged, seconds, sent):
    stage = staged(lease=timedelta(minutes=2))
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery(platform=Slow(stage, seconds))
    stage.run(delivery)
    stage.clock.advance_to(DUE)
    stage.run(delivery)
    assert len(stage.platform.taken) == sent
    assert stage.rows()["talk"].state is (State.SENT if sent else State.RETRY)


def test_tomorrow_does_not_leave_after_midnight(staged):
    stage = staged(rules=DAY_BEFORE.replace("12:00", "23:59"))
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery(platform=Slow(stage, 20))
    stage.run(delivery)
    stage.clock.advance_to(utc("2021-06-08 22:59:50"))  # ten to midnight in London
    stage.run(delivery)
    assert stage.platform.taken == []
    stage.run(delivery, utc("2021-06-08 23:01"))
    assert [text.split(":")[0] for text in stage.platform.texts] == ["Today"]


def test_nothing_said_before_the_start_leaves_after_it(staged):
    stage = staged(rules=SOON)
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery(platform=Slow(stage, 20))
    stage.run(delivery)
    stage.clock.advance_to(utc("2021-06-09 09:29:50"))  # its grace ends in ten seconds
    stage.run(delivery)
    stage.run(delivery, utc("2021-06-09 12:00"))
    assert stage.platform.taken == []
    assert stage.rows()["talk"].state is State.DROPPED


def test_a_text_grown_stale_is_no_trouble_of_the_channel():
    stale = Outcome(answer=Answer.NOT_SENT, error="it was no longer true")
    breaker = Breaker(failures=2)
    assert judged(breaker, stale, DUE, first_pause=timedelta(seconds=30)) == breaker


DUPLICATE = Outcome(
    answer=Answer.UNKNOWN, trouble=Trouble.CONTENT, duplicate=True, error="it has this text"
)


def test_a_duplicate_of_a_first_try_that_is_ours_after_all_is_found(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))

    def repeated_inside(platform, parcel):
        platform.take(parcel)
        return DUPLICATE

    stage.platform.script = [repeated_inside]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person) == (State.UNKNOWN, True)
    stage.run(delivery, DUE + WAITS[0] + timedelta(seconds=1))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, row.remote_id) == (State.SENT, False, "1")


def test_a_duplicate_of_a_first_try_that_is_not_found_waits_for_a_person_and_is_not_repeated(
    staged,
):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [answers(DUPLICATE)]
    stage.run(stage.delivery(), utc("2021-06-10 00:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, row.looks) == (State.UNKNOWN, True, len(WAITS))
    assert len(stage.platform.parcels) == 1
