"""Sends what is due. One store thread claims and settles in batches; publishing is asynchronous.

A tick is rounds of exchange with the store (settle what came back, claim what can go out) until
nothing is under way and nothing is due. It looks at what is due now, not at why it was woken.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.core.retrying import first_look
from bot.errors import StoreError
from bot.platforms.base import Answer
from bot.services.aside import Aside, Here
from bot.services.desk import Desk
from bot.services.draw import draw_ahead
from bot.services.edition import Editions
from bot.services.force import in_force
from bot.services.ground import Ground, plan
from bot.services.orders import Landing, Orders, can_wait
from bot.services.publish import judged, publish, settled
from bot.services.report import report, report_pause
from bot.services.resolve import Look, read_timeline, resolve, since
from bot.store import channels, log, meta
from bot.store.claims import Held
from bot.store.session import Connection, Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_WAIT = 1.0  # seconds a tick waits for answers before it looks at what is due
LONGEST_TICK = 1.0  # seconds after which a tick ends, whatever is under way
TURNS = 4  # of the loop, in which what came together is read, to be written down together
SIGN_OFF_AGAIN = 0.5  # seconds between tries to reach the store when the worker stops


@dataclass(kw_only=True)
class Delivery:
    """The sending half of the worker."""

    store: Store
    clock: Clock
    editions: Editions
    desks: list[Desk]
    worker: str
    lease: timedelta
    try_timeout: timedelta
    on_sent: Callable[[Landing], None] = lambda _landing: None
    reached: Callable[[str], None] = lambda _point: None  #: told at each of bot.crash.POINTS

    aside: Aside | Here = field(default_factory=Aside)
    patient: bool = False  #: whether what changes nothing is written down with the next claim
    stopping: bool = False
    standing_by: bool = False  #: whether another worker has newer files than ours
    _landings: list[Landing] = field(default_factory=list)
    _looks: list[Look] = field(default_factory=list)
    _landed: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    ground: Ground | None = None  #: what the channels are served from
    _wake: datetime | None = None
    _exchanged: float = 0.0  #: when the store was last asked, in clock.elapsed()
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tick(self) -> datetime | None:
        """Send what is due until nothing is; when something comes up next, as far as is known.

        What is still under way after a moment is left to the next tick, so that an edited file
        or a sign to stop is seen in the middle of a burst. Raises StoreError; what came back
        meanwhile is kept and written down by the next tick.
        """
        async with self._ticking:
            ends = self.clock.elapsed() + LONGEST_TICK
            while not self.stopping:
                more = False
                if self._landings or self._looks or await self._due():
                    more = await self._round()
                if not (self._tasks or self._landings or self._looks):
                    return self._wake
                if self.clock.elapsed() >= ends:
                    return self.clock.now()
                if more:  # what was started leaves while the store waits for its disk
                    continue
                if not (self._landings or self._looks):
                    await self._some_landing()
                for _turn in range(TURNS):
                    await asyncio.sleep(0)
                idle = not (self._tasks or self._looks)
                if self.patient and idle and can_wait(self._landings, self._wake, self.clock.now()):
                    return self._wake
            return None

    @property
    def wake(self) -> datetime | None:
        """When something comes up next, as far as is known."""
        return self._wake

    def open(self, desk: Desk) -> None:
        """Serve one more channel from the next tick on."""
        self.desks.append(desk)
        self._wake = None

    async def close(self, desk: Desk) -> None:
        """Serve a channel no longer; what is under way on it is still settled."""
        self.desks.remove(desk)
        with suppress(StoreError):  # then its lease runs out
            await self.in_store(lambda: self._release([desk]))

    async def in_store(self, work: Callable[[], T]) -> T:
        """Run something in the one thread that talks to the store."""
        return await self.aside.do(work)

    async def stop(self, patience: float) -> None:
        """Claim nothing more, wait so many seconds for answers, write down what is known."""
        self.stopping = True
        ends = self.clock.elapsed() + patience
        async with self._ticking:  # what it claimed meanwhile is sent
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=patience)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._sign_off(ends)
        self.aside.close()

    async def _sign_off(self, ends: float) -> None:
        """What cannot be written down is found out by the next worker, from the timeline."""
        while True:
            try:
                await self.in_store(self._exchange)
                await self.in_store(lambda: self._release(self.desks))
            except StoreError as error:
                if self.clock.elapsed() >= ends:
                    logger.error("%s", error, extra={"action": "store_failed"})
                    return
                await asyncio.sleep(SIGN_OFF_AGAIN)
            else:
                return

    async def _round(self) -> bool:
        """Exchange with the store, and start what it orders; whether more can go out at once."""
        self._landed.clear()
        if self.editions.current.draws:
            await asyncio.to_thread(draw_ahead, self.editions.current, self.desks, self.clock)
        before = self.clock.elapsed()  # a lease runs from before its claim
        orders = await self.in_store(self._exchange)
        self._exchanged = before
        for desk, held in orders.held:
            self._start(self._fly(desk, held, before + desk.lease.total_seconds()))
        for desk, start, term in orders.looks:
            self._start(self._look(desk, start, term))
        return any(desk.more for desk, _ in orders.held)

    async def _due(self) -> bool:
        """Whether something may be due; now and then without a reason: clocks are set back."""
        if self._wake is None or self.clock.now() >= self._wake:
            return True
        if self.clock.elapsed() - self._exchanged >= self.lease.total_seconds() / 3:
            return True
        revision = meta.glance(self.store)
        if revision is None:
            revision = await self.in_store(lambda: meta.look(self.store))
        return self.ground is None or not self.ground.stands(revision, self.editions.current)

    async def _some_landing(self) -> None:
        """Or until something more falls due."""
        due_in = (self._wake - self.clock.now()).total_seconds() if self._wake else 0.0
        patience = min(due_in, LONGEST_WAIT) if due_in > 0 else LONGEST_WAIT
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._landed.wait()

    def _exchange(self) -> Orders:
        """One writing transaction: settle, keep the leases, plan anew where needed, claim."""
        landings, looks = list(self._landings), list(self._looks)
        flying = [(desk, dict(desk.flying)) for desk in self.desks]
        paused = [(desk, desk.breaker.paused_until) for desk in self.desks]
        try:
            with self.store.writing() as connection:
                now = self.clock.now()
                self._settle(connection, landings, now)
                if landings:
                    self.reached("settling")
                orders = Orders() if self.stopping else self._serve(connection, looks, now)
                self.aside.let_go(waits=bool(landings or orders.held))
        except BaseException:
            for desk, before in flying:
                desk.flying, desk.lease_until = before, None  # nothing of this was committed
            self.ground = None
            raise
        if landings:
            self.reached("settled")
        if orders.held:
            self.reached("claimed")
        del self._landings[: len(landings)], self._looks[: len(looks)]
        orders.begin(looks)
        for landing in landings:
            report(landing.desk.channel.name, landing.held, landing.outcome)
            if landing.outcome.answer is Answer.SENT:
                self.on_sent(landing)
        for desk, until in paused:
            if desk.breaker.paused_until != until:
                report_pause(desk.channel.name, desk.breaker)
        return orders

    def _serve(self, connection: Connection, looks: Sequence[Look], now: datetime) -> Orders:
        self.standing_by = not in_force(
            connection, self.editions.current, self.worker, self.lease, now
        )
        if self.standing_by:
            self._wake = now + self.lease / 12
            for desk in list(self.desks):
                desk.step_back(connection, now)
            return Orders()
        self.ground = ground = self._plan(connection, now)
        held: list[tuple[Desk, Held]] = []
        wanted: list[tuple[Desk, datetime, int]] = []
        for desk in list(self.desks):  # one may be opened or closed meanwhile
            if not desk.keep_lease(connection, now):
                continue
            for look in looks:
                if look.desk is desk:
                    resolve(connection, look, ground, desk.waits, now)
                    self.reached("resolving")
            if desk.agenda is None:
                desk.open(connection, ground, now)
            elif desk.changed:
                desk.renew(connection, ground, now)
            held += [(desk, one) for one in desk.serve(connection, ground, now)]
            if desk.wants_look(connection, now):
                start = since(connection, desk, ground, now)
                wanted.append((desk, start, desk.term))
        self._wake = min((desk.next_wake(now) for desk in self.desks), default=None)
        return Orders(held=held, looks=wanted)

    def _plan(self, connection: Connection, now: datetime) -> Ground:
        found = plan(connection, self.ground, self.editions.current, now)
        for desk in self.desks:
            desk.agenda = None if found.anew else desk.agenda
            desk.changed |= found.uids
        return found.ground

    def _settle(self, connection: Connection, landings: Sequence[Landing], now: datetime) -> None:
        settlements = [
            settled(
                one.held,
                one.outcome,
                started=one.started,
                ended=one.ended,
                first_look=first_look(one.desk.waits, readable=one.desk.publisher.readable),
                first_wait=one.desk.first_wait,
            )
            for one in landings
        ]
        log.settle(connection, settlements)
        for landing, settlement in zip(landings, settlements, strict=True):
            breaker = judged(
                landing.desk.breaker, landing.outcome, now, first_pause=landing.desk.first_pause
            )
            told = [uid for uid, _ in landing.held.claim.facts]
            landing.desk.landed(connection, settlement, breaker, told)

    def _release(self, desks: Sequence[Desk]) -> None:
        with self.store.writing() as connection:
            for desk in desks:
                channels.release_lease(connection, desk.account, desk.worker)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, desk: Desk, held: Held, runs_out: float) -> None:
        started = self.clock.now()
        outcome = await publish(
            desk.publisher,
            held,
            self.clock,
            runs_out=runs_out,
            limit=self.try_timeout,
            reached=self.reached,
        )
        self.reached("answered")
        self._landings.append(
            Landing(desk=desk, held=held, outcome=outcome, started=started, ended=self.clock.now())
        )
        self._landed.set()

    async def _look(self, desk: Desk, since: datetime, term: int) -> None:
        look = await read_timeline(desk, since, term, self.clock, self.try_timeout)
        self.reached("looked")
        self._looks.append(look)
        self._landed.set()
