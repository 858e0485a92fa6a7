"""The worker: APScheduler wakes it, and it looks at what is due now.

Wake-ups are level-triggered: one delivery job that never overlaps itself and never misfires, run
every second and at the next due instant. So neither a suspended machine nor a stepped clock can
make it miss a post.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.app import App
from bot.crash import Crash
from bot.errors import BotError, StoreError
from bot.platforms.base import Publisher, RefusedError
from bot.services.agree import agree, watch
from bot.services.alert import Message, gather, heartbeat, heartbeat_is_due, note, send
from bot.services.aside import ALONE, Aside
from bot.services.bind import bind
from bot.services.deliver import Delivery
from bot.services.desk import Desk
from bot.services.draw import draw_ahead
from bot.services.foretell import foretell, said
from bot.services.lull import Lull
from bot.services.plan import Line
from bot.services.sync import Syncing
from bot.services.tidy import tidy
from bot.store import meta
from bot.wakeups import Wakeups

logger = logging.getLogger(__name__)

T = TypeVar("T")

EVERY = timedelta(seconds=1)
CONTACT_EVERY = timedelta(seconds=15)
ALERT_EVERY = timedelta(seconds=10)
HEARTBEAT_LOOK_EVERY = timedelta(minutes=10)
SYNC_LOOK_EVERY = timedelta(seconds=5)
AGREE_EVERY = timedelta(minutes=1)
DRAW_EVERY = timedelta(seconds=15)
TIDY_EVERY = timedelta(hours=6)
FORETOLD = 3  # how many of the next posts are named at the start
PATIENCE = 25.0  # seconds that answers are waited for when the worker is told to stop


@dataclass(kw_only=True)
class Worker:
    """`bot run`."""

    app: App
    local: bool
    say: Callable[[str], None]
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _uncontacted: dict[str, Publisher] = field(default_factory=dict)
    _publishers: dict[str, Publisher] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _lull: Lull = field(default_factory=Lull)  #: in what people are to be told

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises BotError where it cannot start."""
        app = self.app
        self._publishers = app.publishers(local=self.local, keeping=True)
        self._uncontacted = dict(self._publishers)
        app.check_disk()
        self._delivery = Delivery(
            store=app.store,
            clock=app.clock,
            editions=app.editions,
            desks=[],
            worker=app.worker,
            lease=app.settings.lease,
            try_timeout=app.settings.try_timeout,
            reached=Crash(app.settings.bot_crash_at),
            aside=Aside(alone=ALONE if app.store.is_sqlite else 0.0),
        )
        self._syncing = Syncing(store=app.store, clock=app.clock, folder=app.folder)
        self._listen()
        await self._agree()
        await self._sync()
        await self._contact()
        await self._foretell()
        self._wakeups = self._woken()
        self._wakeups.start()
        watching = asyncio.create_task(watch(app.clock, self._wakeups.all_now))
        await self._stop.wait()
        watching.cancel()
        await self._shut_down()

    def stop(self) -> None:
        self._stop.set()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    def _woken(self) -> Wakeups:
        wakeups = Wakeups(self.app.clock)
        wakeups.add("delivery", self._deliver, EVERY)
        wakeups.add("sources", self._sync, SYNC_LOOK_EVERY)
        wakeups.add("contact", self._contact, CONTACT_EVERY)
        wakeups.add("alerts", self._alert, ALERT_EVERY)
        wakeups.add("clock", self._agree, AGREE_EVERY)
        wakeups.add("heartbeat", self._beat, HEARTBEAT_LOOK_EVERY)
        wakeups.add("cards", self._draw, DRAW_EVERY)
        wakeups.add("tidying", self._tidy, TIDY_EVERY)
        return wakeups

    async def _draw(self) -> None:
        """Draw the cards of what comes up soon, beside everything else."""
        edition, desks = self.app.editions.current, list(self._delivery.desks)
        if edition.draws:
            longest = DRAW_EVERY.total_seconds()
            await asyncio.to_thread(draw_ahead, edition, desks, self.app.clock, longest)

    async def _tidy(self) -> None:
        """Delete the pictures no post has carried for long."""
        await self._stored(partial(tidy, self.app.store, self.app.clock.now()))

    async def _agree(self) -> None:
        await self._stored(partial(agree, self.app.store, self.app.clock))

    async def _stored(self, work: Callable[[], T]) -> T | None:
        """Do something in the store; None, and a word in the log, where it cannot be used."""
        try:
            return await self._delivery.in_store(work)
        except StoreError as error:
            logger.error("%s", error, extra={"action": "store_failed"})
            return None

    async def _deliver(self) -> datetime | None:
        """Send what is due; when something comes up next."""
        await self._refresh()
        await self.app.sessions.write(self._delivery)
        await self._wakeups.wait_for(self._delivery.wake)
        try:
            return await self._delivery.tick()
        except StoreError as error:
            logger.error("%s", error, extra={"action": "store_failed"})
            return None

    async def _refresh(self) -> None:
        editions = self.app.editions
        before = editions.broken
        if editions.refresh():
            logger.info("the edited files are in force", extra={"action": "edition"})
            await self._reconcile()
        if editions.broken is not None and editions.broken is not before:
            logger.error(
                "the edited files are broken; the last good ones stay in force:\n%s",
                editions.broken,
                extra={"action": "edition_broken"},
            )

    async def _reconcile(self) -> None:
        """Serve the channels of the new edition, and no others."""
        channels = self.app.editions.current.schedules.channels
        for desk in list(self._delivery.desks):
            if desk.channel.name in channels:
                desk.channel = channels[desk.channel.name]
            else:
                await self._delivery.close(desk)
        for name in set(self._publishers) - set(channels):
            self._uncontacted.pop(name, None)
            await self._publishers.pop(name).close()
        build = partial(self.app.publisher, local=self.local, keeping=True)
        for name in set(channels) - set(self._publishers):
            try:
                publisher = await self._delivery.in_store(partial(build, channels[name]))
            except BotError as error:
                logger.error("%s", error, extra={"action": "contact_refused"})
            else:
                self._publishers[name] = self._uncontacted[name] = publisher

    async def _sync(self) -> None:
        """Bring the sources that are due into the store; fetching them holds up no post."""
        schedules, syncing = self.app.editions.current.schedules, self._syncing
        for source in syncing.due(schedules):
            reading = await asyncio.to_thread(syncing.fetched, source, schedules)
            await self._stored(partial(syncing.take, source, reading))

    async def _alert(self) -> None:
        """Tell people what needs them, outside of everything that posts."""
        app, urls = self.app, self.app.settings.bot_alerts
        now, wrong = app.clock.now(), self._wrong()
        seen = (meta.touched(app.store), wrong)
        if self._lull.lasts(seen, app.clock.elapsed()):
            return
        ground = None if self._delivery.standing_by else self._delivery.ground
        message = await self._stored(
            lambda: gather(app.store, now, wrong, ground, worker=app.worker)
        )
        if message is None:
            self._lull.begin(seen, app.clock.elapsed())
        elif not urls or await asyncio.to_thread(send, urls, message):
            at = app.clock.now()
            await self._stored(lambda: note(app.store, message, at, told=bool(urls)))

    def _wrong(self) -> dict[str, str]:
        """What is wrong with the files, the sources and the accounts, by subject."""
        found = dict(self._refused) | self._syncing.troubles
        if (broken := self.app.editions.broken) is not None:
            found["files"] = f"The edited files are broken, the last good are in force: {broken}"
        if self._delivery.standing_by:
            found["standing by"] = (
                f"Worker {self.app.worker} has other files than those in force and stands by:"
                " bring its schedules.yaml and templates up to date"
            )
        return found

    async def _contact(self) -> None:
        """Ask each platform that was not reached yet who we are, and open its desk."""
        await asyncio.gather(*(self._meet(*one) for one in list(self._uncontacted.items())))

    async def _meet(self, name: str, publisher: Publisher) -> None:
        """What stands in the way may go, by itself or by a person's hand: it is asked again."""
        try:
            await self._open(name, publisher)
        except StoreError as error:
            logger.error("%s", error, extra={"action": "store_failed"})
        except (RefusedError, BotError) as error:
            said = f"channel '{name}' is not served yet: {error}"
            if self._refused.get(f"contact:{name}") != said:
                logger.error("%s", said, extra={"action": "contact_refused"})
            self._refused[f"contact:{name}"] = said
        else:
            self._uncontacted.pop(name, None)
            self._refused.pop(f"contact:{name}", None)

    async def _open(self, name: str, publisher: Publisher) -> None:
        app, channels = self.app, self.app.editions.current.schedules.channels
        account = await publisher.account()

        def bound() -> Desk:
            with app.store.writing() as connection:
                record = bind(connection, name, account, app.clock.now(), others=channels)
            return Desk(
                channel=channels[name],
                account=record.account,
                bound_at=record.bound_at,
                publisher=publisher,
                worker=app.worker,
                lease=app.settings.lease,
                waits=app.settings.bot_resolve_after,
                first_wait=app.settings.retry_after,
                first_pause=app.settings.pause,
            )

        desk = await self._delivery.in_store(bound)
        if self._publishers.get(name) is not publisher:  # the channel left the file meanwhile
            return
        self._delivery.open(desk)
        self.say(f"Channel '{name}' posts as {account.handle or account.id} on {account.platform}.")

    def _ahead(self) -> list[Line]:
        app, edition = self.app, self.app.editions.current
        return foretell(app.store, edition, app.clock.now(), FORETOLD, local=self.local)

    async def _beat(self) -> None:
        """Tell people once a week that all is well."""
        app = self.app

        def written() -> Message | None:
            if not heartbeat_is_due(app.store, app.clock.now()):
                return None
            ahead = [f"{line.when:%A %d %B %H:%M}" for line in self._ahead()[:1]]
            return heartbeat(app.store, app.clock.now(), *(ahead or ["nothing is planned"]))

        message = await self._stored(written)
        if message is not None and app.settings.bot_alerts:
            await asyncio.to_thread(send, app.settings.bot_alerts, message)

    async def _foretell(self) -> None:
        """Say what goes out next."""
        lines = await self._stored(self._ahead)
        for line in said(lines) if lines is not None else ():
            self.say(line)

    async def _shut_down(self) -> None:
        logger.info("stopping: settling what is under way", extra={"action": "stopping"})
        self._wakeups.pause()
        await self._delivery.stop(PATIENCE)
        self._wakeups.close()
        for publisher in self._publishers.values():
            await publisher.close()
