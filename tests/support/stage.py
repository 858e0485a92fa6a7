"""A delivery on a stage: real SQLite, real files, a simulated clock, and a platform that obeys.

The platform keeps what it took, so that a test can compare it with the log; what it answers is
scripted, one answer a try.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from bot.clock import SimulatedClock
from bot.core.model import Event
from bot.platforms.base import (
    Account,
    Answer,
    Outcome,
    Parcel,
    Phase,
    RefusedError,
    Remark,
    RemotePost,
)
from bot.services.bind import bind
from bot.services.deliver import Delivery
from bot.services.desk import Desk
from bot.services.edition import Editions
from bot.store import events, meta, posts, schema
from bot.store.events import Author
from bot.store.posts import PostRecord
from bot.store.session import Store

SERIES = """\
series:
  name: Midlands Health & Life Science Symposium
  hashtag: "#MidlandsHealth"
  timezone: Europe/London
  url: https://example.org/series
"""
CHANNELS = "channels: {x: {platform: x}}\n"
DAY_BEFORE = """\
posts:
  day-before: {when: 1 day before start at 12:00, template: reminder}
"""
REMINDER = "{{ event | countdown | capitalize }}: {{ event.title | shrink }} {{ series.hashtag }}\n"
LEASE = timedelta(days=60)
"""Long, so that simulated time is not spent on renewing it; tests of the lease set their own."""

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))

Script = Callable[["Platform", Parcel], Outcome | None]


@dataclass
class Platform:
    """One account on a platform in memory; `script` answers before it takes anything."""

    clock: SimulatedClock
    connections: int = 8
    id: str = "1"
    script: list[Script] = field(default_factory=list)
    taken: list[RemotePost] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    unreadable: bool = False
    silent: bool = False  #: nothing is ever answered
    readable: bool = True

    async def account(self) -> Account:
        return Account(platform="x", host="api.x.com", id=self.id, handle="midlands")

    async def standing(self) -> Sequence[Remark]:
        return []

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        check()
        self.parcels.append(parcel)
        if self.silent:
            await asyncio.Event().wait()
        answer = self.script.pop(0)(self, parcel) if self.script else None
        await asyncio.sleep(0)
        return answer if answer is not None else sent(self.take(parcel))

    def take(self, parcel: Parcel) -> RemotePost:
        post = RemotePost(
            remote_id=str(len(self.taken) + 1), text=parcel.text, created_at=self.clock.now()
        )
        self.taken.append(post)
        return post

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        if self.unreadable:
            raise RefusedError(Outcome(answer=Answer.UNKNOWN, phase=Phase.LOOKUP, error="503"))
        return [post for post in reversed(self.taken) if post.created_at >= since]

    async def delete(self, remote_id: str) -> Outcome:
        self.taken = [post for post in self.taken if post.remote_id != remote_id]
        return Outcome(answer=Answer.SENT, phase=Phase.DELETE)

    async def close(self) -> None:
        return None

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.taken]


def sent(post: RemotePost) -> Outcome:
    return Outcome(answer=Answer.SENT, http_status=201, remote_id=post.remote_id)


def lost(platform: Platform, parcel: Parcel) -> Outcome:
    """The platform took it, and the answer never came."""
    platform.take(parcel)
    return Outcome(answer=Answer.UNKNOWN, error="the connection was cut")


def vanished(_platform: Platform, _parcel: Parcel) -> Outcome:
    """No answer, and the platform never had it."""
    return Outcome(answer=Answer.UNKNOWN, error="the connection was cut")


def answers(outcome: Outcome) -> Script:
    """The same answer whatever is sent; nothing is taken."""
    return lambda _platform, _parcel: outcome


class Stage:
    """Everything around a delivery."""

    def __init__(
        self,
        folder: Path,
        now: datetime,
        *,
        rules: str = DAY_BEFORE,
        lease: timedelta = LEASE,
        words: Mapping[str, str] = MappingProxyType({}),
        channel: str = "",
    ) -> None:
        """`words`: templates by name, without the hashtag; `channel`: what else it says of it."""
        self.folder = folder
        self.lease = lease
        self.loop = asyncio.Runner()
        self.clock = SimulatedClock(now)
        self.platform = Platform(self.clock)
        (folder / "templates" / "posts").mkdir(parents=True)
        self.write("templates/posts/reminder.j2", REMINDER)
        for name, text in words.items():
            self.write(f"templates/posts/{name}.j2", f"{text} {{{{ series.hashtag }}}}\n")
        channels = (
            CHANNELS.replace("platform: x", f"platform: x, {channel}") if channel else CHANNELS
        )
        self.write("schedules.yaml", SERIES + channels + rules)
        self.editions = Editions(folder / "schedules.yaml", folder / "templates")
        self.store = Store(f"sqlite:///{folder / 'bot.db'}")
        schema.check(self.store)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def add(self, *found: Event) -> None:
        """Put events into the store, as known from now on."""
        with self.store.writing() as connection:
            author = Author(who="test", at=self.clock.now(), revision=meta.bump(connection))
            for one in found:
                events.add(connection, one, author)

    def edit(self, uid: str, **fields: object) -> None:
        with self.store.writing() as connection:
            author = Author(who="test", at=self.clock.now(), revision=meta.bump(connection))
            events.change(connection, uid, fields, author)  # type: ignore[arg-type]

    def delivery(self, *, worker: str = "a", platform: Platform | None = None) -> Delivery:
        """A worker's delivery, with its desk open."""
        found = platform or self.platform
        account = self.loop.run(found.account())
        with self.store.writing() as connection:
            record = bind(connection, "x", account, self.clock.now())
        desk = Desk(
            channel=self.editions.current.schedules.channels["x"],
            account=record.account,
            bound_at=record.bound_at,
            publisher=found,
            worker=worker,
            lease=self.lease,
            waits=WAITS,
        )
        return Delivery(
            store=self.store,
            clock=self.clock,
            editions=self.editions,
            desks=[desk],
            worker=worker,
            lease=self.lease,
            try_timeout=timedelta(seconds=45),
        )

    def run(self, delivery: Delivery, until: datetime | None = None) -> None:
        """Tick at every wake-up up to an instant; without one, once."""

        async def ticks() -> None:
            await delivery.tick()
            while until is not None and self.clock.now() < until:
                wake = await delivery.tick()
                soonest = self.clock.now() + timedelta(seconds=1)
                self.clock.advance_to(min(max(wake or until, soonest), until))
                await delivery.tick()

        self.loop.run(ticks())

    def run_and_die(self, delivery: Delivery, *, under_way: int = 1) -> None:
        """Tick until so many posts are under way, and hear nothing more of that worker."""

        async def until_under_way() -> None:
            ticking = asyncio.ensure_future(delivery.tick())
            while len(self.platform.parcels) < under_way:  # noqa: ASYNC110 - it is told nothing
                await asyncio.sleep(0.01)
            ticking.cancel()

        self.loop.run(until_under_way())

    def close(self) -> None:
        self.loop.close()
        self.store.close()

    def rows(self) -> dict[str, PostRecord]:
        """The log, by event."""
        with self.store.reading() as connection:
            return {row.key.event: row for row in posts.all_posts(connection)}
