"""Clocks that are set, nights of another length, logs that are lost, rules that come and go."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SimulatedClock, SystemClock
from bot.core.rules import Source
from bot.core.states import State
from bot.errors import StoreError
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services.agree import agree, watch
from bot.services.force import in_force
from bot.services.resolve import Look, resolve
from bot.services.sync import Syncing
from bot.store import events, schema
from bot.store.session import Store
from tests.support.builders import event, schedules, utc
from tests.support.stage import DAY_BEFORE, Stage, answers, vanished

START = utc("2021-06-01 00:00")
DUE = utc("2021-06-08 11:00")
HOUR = timedelta(hours=1)
ONCE = ["Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"]
REFUSED = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="503")


class SettableClock(SimulatedClock):
    """One that somebody sets; what counts time goes on."""

    def __init__(self, now):
        super().__init__(now)
        self.passed = 0.0

    def elapsed(self):
        return self.passed

    def set_to(self, instant):
        self._now = instant

    def advance_to(self, instant):
        self.passed += max(0.0, (instant - self.now()).total_seconds())
        super().advance_to(instant)


@pytest.fixture
def staged(tmp_path):
    made = []

    def make(**fields):
        made.append(Stage(tmp_path, START, **fields))
        made[-1].clock = made[-1].platform.clock = SettableClock(START)
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def test_a_clock_set_back_an_hour_repeats_nothing_and_delays_nothing(staged):
    stage = staged(lease=timedelta(minutes=2))
    stage.clock.advance_to(DUE - timedelta(minutes=5))
    stage.add(event("2021-06-09 11:00", uid="a"))
    delivery = stage.delivery()
    stage.run(delivery, DUE + timedelta(minutes=1))
    stage.clock.set_to(stage.clock.now() - HOUR)
    stage.add(event("2021-06-09 11:30", uid="b", title="A talk added in the hour that came twice"))
    stage.run(delivery, DUE + 2 * HOUR)
    assert len(stage.platform.taken) == 2
    assert stage.rows()["b"].sent_at == DUE


def test_a_worker_that_died_before_the_clock_was_set_back_is_not_waited_for(staged):
    stage = staged(lease=timedelta(minutes=2))
    stage.clock.advance_to(DUE - timedelta(minutes=5))
    stage.add(
        event("2021-06-09 11:00", uid="a"), event("2021-06-09 12:00", uid="b", title="Another")
    )
    stage.run(stage.delivery(worker="a"), DUE + timedelta(minutes=1))
    stage.clock.set_to(stage.clock.now() - HOUR)
    heir = stage.delivery(worker="b")
    stage.run(heir)
    assert heir.desks[0].lease_until == stage.clock.now() + timedelta(minutes=2)
    stage.run(heir, DUE + timedelta(minutes=2))
    assert len(stage.platform.taken) == 2


def test_a_clock_that_ran_ahead_for_a_while_hides_nothing_that_comes_later(staged):
    stage = staged(rules=DAY_BEFORE.replace("template:", "grace: 30 minutes, template:"))
    stage.add(event("2021-06-09 11:00", uid="a"))
    delivery = stage.delivery()
    stage.run(delivery, DUE - 5 * HOUR)
    true = stage.clock.now()
    stage.clock.set_to(true + 6 * HOUR)  # the deadline of "a" seems to be over
    stage.run(delivery)
    assert stage.rows()["a"].state is State.DROPPED
    stage.clock.set_to(true)
    stage.add(event("2021-06-09 11:00", uid="b", title="Added while it was right again"))
    stage.run(delivery, DUE + HOUR)
    assert stage.rows()["b"].state is State.SENT


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("2021-03-28", "01:30"),  # a time that does not exist
        ("2021-10-31", "01:30"),  # one that comes twice
        ("2021-10-31", "00:30"),
    ],
)
def test_in_a_night_of_another_length_a_post_goes_out_once(staged, day, at):
    rules = DAY_BEFORE.replace("1 day before start at 12:00", f"on the day of start at {at}")
    stage = staged(rules=rules)
    midnight = utc(f"{day} 00:00") - HOUR
    stage.clock.set_to(midnight - HOUR)
    stage.add(event(day, uid="finale"))
    delivery = stage.delivery()
    for ten_minutes in range(0, 600, 10):
        stage.run(delivery, midnight + timedelta(minutes=ten_minutes))
    assert len(stage.platform.taken) == 1


def test_a_lost_log_repeats_nothing_even_of_a_grace_of_days(staged):
    stage = staged(
        rules=DAY_BEFORE.replace("1 day", "5 days").replace("reminder}", "reminder, grace: 4 days}")
    )
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery(worker="a"), utc("2021-06-04 12:00"))
    assert len(stage.platform.taken) == 1
    stage.clock.advance_to(utc("2021-06-06 06:00"))  # more than a day later
    stage.store.close()
    stage.store = Store(f"sqlite:///{stage.folder / 'other.db'}")
    schema.check(stage.store)
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery(worker="b"), utc("2021-06-08 00:00"))
    assert len(stage.platform.taken) == 1


def test_a_rule_that_is_gone_for_a_moment_loses_nothing_that_waits(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [answers(REFUSED)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    whole = (stage.folder / "schedules.yaml").read_text()
    stage.write("schedules.yaml", whole.replace("day-before:", "another:"))
    assert stage.editions.refresh()
    stage.run(delivery)
    stage.write("schedules.yaml", whole + "\n")
    assert stage.editions.refresh()
    stage.run(delivery, DUE + timedelta(minutes=1))
    assert stage.platform.texts == ONCE


def test_a_rule_that_stays_gone_gives_up_its_posts_at_their_deadline(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [answers(REFUSED)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    whole = (stage.folder / "schedules.yaml").read_text()
    never = whole.replace("day-before: {when: 1 day", "another: {when: 30 days")
    stage.write("schedules.yaml", never)
    assert stage.editions.refresh()
    stage.run(delivery, utc("2021-06-10 00:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.reason) == (State.DROPPED, "the plan no longer has it")
    assert stage.platform.taken == []


class Elsewhere(Store):
    """A store whose database is on a machine with a clock of its own."""

    def __init__(self, ahead):
        super().__init__("sqlite://")
        self.ahead = ahead

    def now(self):
        return datetime.now(UTC) + self.ahead


@pytest.mark.parametrize("seconds", [-61, -1, 0, 61])
def test_a_worker_counts_time_as_its_database_does(seconds):
    clock = SystemClock(skew=timedelta(seconds=30))
    for _ in range(2):  # what was measured is not added twice
        agree(Elsewhere(timedelta(seconds=seconds)), clock)
    off = clock.now() - datetime.now(UTC) - timedelta(seconds=seconds)
    assert abs(off) < timedelta(seconds=0.5)
    told = clock.alarm(clock.now()) - datetime.now(UTC)
    assert abs(told) < timedelta(seconds=0.5)  # APScheduler looks at the machine's own clock


def test_with_sqlite_the_machine_s_own_clock_counts(tmp_path):
    clock, store = SystemClock(), Store(f"sqlite:///{tmp_path / 'bot.db'}")
    agree(store, clock)
    store.close()
    assert clock.offset == timedelta(0)


def test_a_clock_that_is_set_is_noticed_and_one_that_goes_on_is_not():
    clock, noticed = SettableClock(START), []

    async def play():
        watching = asyncio.create_task(
            watch(clock, lambda: noticed.append(clock.now()), every=0.001)
        )
        for move in (lambda: clock.advance_to(START + HOUR), lambda: clock.set_to(START)):
            await asyncio.sleep(0.05)
            move()
        await asyncio.sleep(0.05)
        watching.cancel()

    asyncio.run(play())
    assert noticed == [START]


def test_what_is_under_way_lands_before_a_worker_with_older_files_steps_back(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    [desk] = delivery.desks
    stage.run(delivery)
    with stage.store.writing() as connection:
        desk.flying = {1: None}
        desk.step_back(connection, stage.clock.now())
        assert desk.lease_until is not None
        desk.flying = {}
        desk.step_back(connection, stage.clock.now())
    assert desk.lease_until is None


def looked(stage, desk, ground, *, started, term=None):
    """The row after an empty timeline, read then, was taken into account two minutes later."""
    look = Look(
        desk=desk,
        started=started,
        ended=started,
        found=[],
        term=desk.term if term is None else term,
    )
    with stage.store.writing() as connection:
        resolve(connection, look, ground, desk.waits, DUE + timedelta(minutes=2))
    return stage.rows()["talk"]


def test_a_look_that_began_before_a_post_was_to_be_looked_for_says_nothing_of_it(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    [desk], ground = delivery.desks, delivery.ground
    assert looked(stage, desk, ground, started=DUE + timedelta(seconds=59)).looks == 0
    assert looked(stage, desk, ground, started=DUE + timedelta(seconds=60)).looks == 1


def test_a_look_of_an_earlier_lease_is_not_adopted_from(staged):
    stage = staged()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    [desk], ground = delivery.desks, delivery.ground
    desk.adopted = False
    looked(stage, desk, ground, started=DUE, term=desk.term - 1)
    assert not desk.adopted
    looked(stage, desk, ground, started=DUE)
    assert desk.adopted


class Full(Store):
    """A store on a disk that is full, and then is not."""

    full = True

    @contextmanager
    def writing(self):
        with super().writing() as connection:
            yield connection
            if self.full:
                raise StoreError("the disk is full")


def test_a_source_that_could_not_be_written_down_is_read_again(tmp_path):
    (tmp_path / "events.yaml").write_text("- {title: A talk, starts: 2021-06-09 11:00}")
    source = Source(kind="yaml", location="events.yaml")
    said = replace(schedules(), sources=[source])
    store = Full(f"sqlite:///{tmp_path / 'bot.db'}")
    plain = Store(store.url)
    schema.check(plain)
    plain.close()
    syncing = Syncing(store=store, clock=SimulatedClock(START), folder=tmp_path)
    with pytest.raises(StoreError):
        syncing.look(said)
    store.full = False
    syncing.look(said)
    with store.reading() as connection:
        assert [one.event.title for one in events.load(connection)] == ["A talk"]
    store.close()


def test_a_worker_whose_own_older_files_are_put_back_speaks_on_and_others_stand_by(staged):
    stage = staged()
    now = stage.editions.current
    older = replace(now, digest="older", newest=now.newest - HOUR)
    lease = timedelta(minutes=2)
    with stage.store.writing() as connection:
        assert in_force(connection, now, "a", lease, START)
        assert not in_force(connection, older, "b", lease, START)
        assert in_force(connection, older, "a", lease, START)
