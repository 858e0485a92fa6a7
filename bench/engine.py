"""The engine without a network, and the publisher without an engine: what each costs a post.

`python -m bench.engine POSTS [PROFILE]` claims, writes and settles so many posts that a stub takes
at once, in this process; with PROFILE it writes what cProfile saw of both threads there.
"""

import asyncio
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.season import Season
from bot.clock import SystemClock
from bot.platforms.base import Account, Answer, Outcome, Parcel, Remark, RemotePost
from bot.services.bind import bind
from bot.services.deliver import Delivery
from bot.services.desk import Desk
from bot.services.edition import Editions
from bot.store.session import Store


class Stub:
    """A platform that has every post at once."""

    readable = True

    def __init__(self, connections: int = 64) -> None:
        self.connections = connections
        self.posts = 0

    async def account(self) -> Account:
        return Account(platform="x", host="stub", id="1")

    async def standing(self) -> Sequence[Remark]:
        return []

    async def publish(self, _parcel: Parcel, check: Callable[[], None]) -> Outcome:
        check()
        await asyncio.sleep(0)
        self.posts += 1
        return Outcome(answer=Answer.SENT, http_status=201, remote_id=str(self.posts))

    async def timeline(self, _since: datetime) -> Sequence[RemotePost]:
        return []

    async def delete(self, _remote_id: str) -> Outcome:
        raise NotImplementedError

    async def close(self) -> None: ...


async def delivery_of(season: Season) -> Delivery:
    """The real delivery of a season's one channel, to a stub."""
    store, clock, stub = Store(season.database), SystemClock(), Stub()
    editions = Editions(season.folder / "schedules.yaml", season.folder / "templates")
    with store.writing() as connection:
        record = bind(connection, "x1", await stub.account(), clock.now())
    desk = Desk(
        channel=editions.current.schedules.channels["x1"],
        account=record.account,
        bound_at=record.bound_at,
        publisher=stub,
        worker="bench",
        lease=timedelta(seconds=120),
        waits=(timedelta(minutes=1),),
    )
    return Delivery(
        store=store,
        clock=clock,
        editions=editions,
        desks=[desk],
        worker="bench",
        lease=timedelta(seconds=120),
        try_timeout=timedelta(seconds=45),
    )


async def play(
    season: Season, posts: int, due: datetime, profile: cProfile.Profile | None
) -> tuple[float, float]:
    """Seconds of time and of processor for so many posts."""
    delivery = await delivery_of(season)
    [desk] = delivery.desks
    await delivery.tick()  # plans, and reads the timeline
    await asyncio.sleep(max(0.0, (due - delivery.clock.now()).total_seconds()))
    began, used = time.perf_counter(), time.process_time()
    if profile:
        await delivery.in_store(profile.enable)
    while desk.publisher.posts < posts or desk.flying:  # type: ignore[attr-defined]  # a Stub
        await delivery.tick()
    took, used = time.perf_counter() - began, time.process_time() - used
    if profile:
        await delivery.in_store(profile.disable)
    await delivery.stop(1)
    delivery.store.close()
    return took, used


def measure(posts: int, profile: cProfile.Profile | None = None) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        due = datetime.now(UTC) + timedelta(seconds=1 + posts / 2000)
        season.fill(posts, due)
        return asyncio.run(play(season, posts, due, profile))


if __name__ == "__main__":
    watched = cProfile.Profile() if len(sys.argv) > 2 else None
    took, used = measure(int(sys.argv[1]), watched)
    each = 1e6 / int(sys.argv[1])
    print(f"{took * each:.0f} us a post, {used * each:.0f} us of processor")
    if watched:
        pstats.Stats(watched).sort_stats("cumulative").print_stats(60)
