"""Sends what is due. One store thread claims and settles in batches; publishing is asynchronous.

A tick is one round of exchange with the store (settle what came back, claim what can go out),
and goes on until nothing is under way and nothing is due. It may be asked at any time: it looks
at what is due now, not at what it was woken for.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.platforms.base import Answer, Outcome, RefusedError
from bot.services.desk import Desk
from bot.services.edition import Editions
from bot.services.force import in_force
from bot.services.ground import Ground, read_ground
from bot.services.publish import judged, publish, settled
from bot.services.resolve import Look, resolve, since
from bot.store import channels, log, meta
from bot.store.claims import Held
from bot.store.session import Connection, Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_WAIT = 1.0
"""Seconds a tick waits for answers before it looks again at what is due."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """A try that is over and not yet written down."""

    desk: Desk
    held: Held
    outcome: Outcome
    started: datetime
    ended: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What is to be done on the network after a commit."""

    held: Sequence[tuple[Desk, Held]] = ()
    looks: Sequence[tuple[Desk, datetime, int]] = ()  #: whose timeline to read, since when; term


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
    on_sent: Callable[[Held], None] = lambda _held: None
    reached: Callable[[str], None] = lambda _point: None  #: told at each of bot.crash.POINTS

    stopping: bool = False
    standing_by: bool = False  #: whether another worker has newer files than ours
    _landings: list[Landing] = field(default_factory=list)
    _looks: list[Look] = field(default_factory=list)
    _landed: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="store")
    )
    _ground: Ground | None = None
    _planned_from: tuple[int, str] | None = None
    _wake: datetime | None = None

    async def tick(self) -> datetime | None:
        """Send what is due until nothing is; when something comes up next, as far as is known.

        Raises StoreError; what came back meanwhile is kept and written down by the next tick.
        """
        while True:
            if self._landings or self._looks or self._due():
                before = self.clock.elapsed()  # a lease runs from before its claim
                orders = await self.in_store(self._exchange)
                for desk, held in orders.held:
                    self._start(self._fly(desk, held, before + desk.lease.total_seconds()))
                for desk, since, term in orders.looks:
                    self._start(self._look(desk, since, term))
            if not self._tasks:
                return self._wake
            if not (self._landings or self._looks):
                await self._some_landing()

    def open(self, desk: Desk) -> None:
        """Serve one more channel from the next tick on."""
        self.desks.append(desk)
        self._wake = None

    async def close(self, desk: Desk) -> None:
        """Serve a channel no longer; what is under way on it is still settled."""
        self.desks.remove(desk)
        await self.in_store(lambda: self._release([desk]))

    async def in_store(self, work: Callable[[], T]) -> T:
        """Run something in the one thread that talks to the store."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def stop(self, patience: float) -> None:
        """Claim nothing more, wait so many seconds for answers, write down what is known."""
        self.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.in_store(self._exchange)
        await self.in_store(lambda: self._release(self.desks))
        self._thread.shutdown()

    def _due(self) -> bool:
        now = self.clock.now()
        return self._wake is None or now >= self._wake or self._changed()

    def _changed(self) -> bool:
        with self.store.reading() as connection:
            return self._planned_from != self._sources(connection)

    def _sources(self, connection: Connection, *, locked: bool = False) -> tuple[int, str]:
        """What a plan is made from; `locked`: no event changes until the commit."""
        return (meta.revision(connection, locked=locked), self.editions.current.digest)

    async def _some_landing(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._landed.wait()
        except TimeoutError:
            pass
        self._landed.clear()

    def _exchange(self) -> Orders:
        """One writing transaction: settle, keep the leases, plan anew where needed, claim."""
        landings, looks = list(self._landings), list(self._looks)
        flying = [dict(desk.flying) for desk in self.desks]
        try:
            with self.store.writing() as connection:
                now = self.clock.now()
                self._settle(connection, landings, now)
                if landings:
                    self.reached("settling")
                orders = Orders() if self.stopping else self._serve(connection, looks, now)
        except BaseException:
            for desk, before in zip(self.desks, flying, strict=True):
                desk.flying, desk.lease_until = before, None  # nothing of this was committed
            self._planned_from = None
            raise
        if landings:
            self.reached("settled")
        if orders.held:
            self.reached("claimed")
        del self._landings[: len(landings)], self._looks[: len(looks)]
        self._ordered(orders, looks)
        for landing in landings:
            if landing.outcome.answer is Answer.SENT:
                self.on_sent(landing.held)
        return orders

    def _ordered(self, orders: Orders, looks: Sequence[Look]) -> None:
        for look in looks:
            look.desk.looking = False
        for desk, _, _ in orders.looks:
            desk.looking = True

    def _serve(self, connection: Connection, looks: Sequence[Look], now: datetime) -> Orders:
        self.standing_by = not in_force(
            connection, self.editions.current, self.worker, self.lease, now
        )
        if self.standing_by:
            self._wake = now + self.lease / 12
            for desk in self.desks:
                desk.step_back(connection)
            return Orders()
        if self._ground is None or self._planned_from != self._sources(connection, locked=True):
            self._ground = self._replan(connection, now)
        held: list[tuple[Desk, Held]] = []
        wanted: list[tuple[Desk, datetime, int]] = []
        for desk in self.desks:
            if not desk.keep_lease(connection, now):
                continue
            for look in looks:
                if look.desk is desk:
                    resolve(connection, look, self._ground, desk.waits, now)
                    self.reached("resolving")
            if desk.agenda is None:
                desk.open(connection, self._ground, now)
            held += [(desk, one) for one in desk.serve(connection, self._ground, now)]
            if desk.wants_look(connection, now):
                start = since(connection, desk, self._ground, now)
                wanted.append((desk, start, desk.term))
        self._wake = min((desk.next_wake(now) for desk in self.desks), default=None)
        return Orders(held=held, looks=wanted)

    def _replan(self, connection: Connection, now: datetime) -> Ground:
        edition = self.editions.current
        ground = read_ground(connection, edition, now)
        self._planned_from = (meta.revision(connection), edition.digest)
        for desk in self.desks:
            desk.agenda = None
        return ground

    def _settle(self, connection: Connection, landings: Sequence[Landing], now: datetime) -> None:
        settlements = [
            settled(
                one.held,
                one.outcome,
                started=one.started,
                ended=one.ended,
                first_look=one.desk.waits[0],
                first_wait=one.desk.first_wait,
            )
            for one in landings
        ]
        log.settle(connection, settlements)
        for landing, settlement in zip(landings, settlements, strict=True):
            breaker = judged(
                landing.desk.breaker, landing.outcome, now, first_pause=landing.desk.first_pause
            )
            landing.desk.landed(connection, settlement, breaker)

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
        started, found, error = self.clock.now(), None, ""
        try:
            async with asyncio.timeout(self.try_timeout.total_seconds()):
                found = await desk.publisher.timeline(since)
        except RefusedError as refused:
            error = str(refused)
        except TimeoutError:
            error = "no answer in time"
        self.reached("looked")
        self._looks.append(
            Look(
                desk=desk,
                started=started,
                ended=self.clock.now(),
                found=found,
                error=error,
                term=term,
            )
        )
        self._landed.set()
