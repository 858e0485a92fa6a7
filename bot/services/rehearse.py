"""Plays a season through the real delivery, log and templates, on a simulated clock."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SimulatedClock
from bot.core.planning import Window, candidates, not_applicable
from bot.core.states import State
from bot.errors import BotError
from bot.platforms.base import Publisher, RefusedError
from bot.services.aside import Here
from bot.services.bind import bind
from bot.services.deliver import Delivery
from bot.services.desk import Desk
from bot.services.edition import Editions
from bot.services.sync import Syncing, merged
from bot.store import events, posts
from bot.store.claims import Held
from bot.store.session import Store

LEASE = timedelta(days=10_000)
"""Nobody else is there to take it, and a season has few instants worth stopping at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """How a rehearsal went."""

    window: Window
    events: int
    sent: int
    skipped: Mapping[str, int]  #: how many posts were not sent, by reason
    untimed: Mapping[str, int]  #: to how many events an exact rule does not apply, by rule
    approved: Sequence[
        str
    ]  #: rules whose posts a person would have a word in: it was taken as given
    unsent: int  #: still open at the end: the window cut them off, or something failed


@dataclass(kw_only=True)
class Rehearsal:
    """A season about to be played in a store of its own."""

    store: Store
    editions: Editions
    folder: Path
    publishers: Callable[[SimulatedClock], Mapping[str, Publisher]]
    pause: Callable[[timedelta], Awaitable[None]] | None = None  #: awaited before time moves on
    waits: Sequence[timedelta] = (timedelta(minutes=1),)  #: as Desk has them

    def prepare(self, start: datetime | None, end: datetime | None) -> Window:
        """Read the sources; the window to be played, by default the whole season."""
        schedules = self.editions.current.schedules
        long_ago = datetime.min.replace(tzinfo=UTC)  # nothing is over yet
        plan = candidates(merged([], schedules, self.folder, long_ago), schedules)
        if not plan:
            raise BotError(
                "there is nothing to play: no rule of schedules.yaml applies to any event"
                " (bot events list, bot check)"
            )
        first = start or plan[0].due - timedelta(minutes=1)
        last = end or max(one.deadline for one in plan) + timedelta(minutes=1)
        if first >= last:
            raise BotError("there is nothing to play: --from is not before --to")
        return Window(first, last)

    async def play(self, window: Window, on_sent: Callable[[Held, datetime], None]) -> Played:
        """Go from one instant at which something is due to the next until the window ends."""
        clock, asked = SimulatedClock(window.start), self._take_as_approved()
        Syncing(store=self.store, clock=clock, folder=self.folder).look(
            self.editions.current.schedules
        )
        publishers = self.publishers(clock)
        delivery = Delivery(
            store=self.store,
            clock=clock,
            editions=self.editions,
            desks=[await self._desk(name, one, clock) for name, one in publishers.items()],
            worker="rehearsal",
            lease=LEASE,
            try_timeout=timedelta(seconds=45),
            on_sent=lambda landing: on_sent(landing.held, landing.ended),
            aside=Here(),
            patient=self.pause is None,
        )
        await self._run(delivery, clock, window.end)
        await delivery.stop(patience=60)
        for publisher in publishers.values():
            await publisher.close()
        return self._played(window, asked)

    async def _run(self, delivery: Delivery, clock: SimulatedClock, end: datetime) -> None:
        while True:
            wake = await delivery.tick()
            if wake is None or wake >= end:
                return
            step = wake - clock.now() if wake > clock.now() else timedelta(seconds=1)
            if self.pause is not None:
                await self.pause(step)
            clock.advance_to(clock.now() + step)

    async def _desk(self, name: str, publisher: Publisher, clock: SimulatedClock) -> Desk:
        try:
            account = await publisher.account()
        except RefusedError as error:
            raise BotError(str(error)) from None
        with self.store.writing() as connection:
            record = bind(connection, name, account, clock.now())
        return Desk(
            channel=self.editions.current.schedules.channels[name],
            account=record.account,
            bound_at=record.bound_at,
            publisher=publisher,
            worker="rehearsal",
            lease=LEASE,
            waits=self.waits,
        )

    def _take_as_approved(self) -> list[str]:
        """Let go what waits for a person: nobody is there to be asked. The rules it is about."""
        edition = self.editions.current
        rules = edition.schedules.rules
        free = tuple(replace(rule, approval=None) for rule in rules)
        schedules = replace(edition.schedules, rules=free)
        self.editions.current = replace(edition, schedules=schedules)
        return [rule.name for rule in rules if rule.approval]

    def _played(self, window: Window, approved: Sequence[str]) -> Played:
        with self.store.reading() as connection:
            tally, known = posts.tally(connection), events.load(connection)
        skipped = {why: number for (state, why), number in tally.items() if state is State.DROPPED}
        sent = sum(number for (state, _), number in tally.items() if state is State.SENT)
        schedules = self.editions.current.schedules
        return Played(
            window=window,
            events=len(known),
            sent=sent,
            approved=approved,
            untimed=Counter(rule.name for rule, _ in not_applicable(known, schedules)),
            skipped=skipped,
            unsent=tally.total() - sent - sum(skipped.values()),
        )


def at_speed(times: float) -> Callable[[timedelta], Awaitable[None]]:
    """A pause that lets simulated time pass so many times as fast as real time."""

    async def pause(step: timedelta) -> None:
        await asyncio.sleep(step.total_seconds() / times)

    return pause
