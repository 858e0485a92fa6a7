"""A season of 1,000 events, rehearsed."""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, Size, percentile
from bench.season import Season
from bench.x_server import Server
from bot.clock import SimulatedClock
from bot.platforms import Setup, publisher
from bot.platforms.base import Publisher
from bot.services.edition import Editions
from bot.services.rehearse import Rehearsal
from bot.store import schema
from bot.store.session import Store

POSTS = """\
  soon: {when: 1 hour before start, template: soon}
  day-before: {when: 1 day before start at 12:00, template: soon}
  recap: {when: 1 day after end at 10:00, template: soon}
"""


def rows(size: Size, _server: Server) -> Iterator[Figure]:
    events = 100 if size.quick else 1000
    yield Figure(
        row="rehearsal",
        measure=f"a season of {events:,} events rehearsed",
        ours=percentile([_played(events) for _ in range(size.rounds)], 0.5),
        unit="posts/s",
        target="≥ 2000",
    )


def _played(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder), posts=POSTS)
        path = season.folder / "schedules.yaml"
        path.write_text(path.read_text() + "sources: [{yaml: events.yaml}]\n")
        _list(season.folder / "events.yaml", count)
        editions = Editions(path, season.folder / "templates")
        store = Store(f"sqlite:///{season.folder / 'rehearsal.db'}", durable=False)
        schema.check(store)

        def publishers(clock: SimulatedClock) -> Mapping[str, Publisher]:
            series = editions.current.schedules.series
            page = season.folder / "timeline"
            setup = Setup(channel="x1", series=series, now=clock.now, folder=page, rehearsal=True)
            return {"x1": publisher("local", setup)}

        rehearsal = Rehearsal(
            store=store, editions=editions, folder=season.folder, publishers=publishers
        )
        window = rehearsal.prepare(None, None)
        began = time.perf_counter()
        played = asyncio.run(rehearsal.play(window, lambda _held, _at: None))
        took = time.perf_counter() - began
        store.close()
    assert played.sent == 3 * count
    return played.sent / took


def _list(path: Path, count: int) -> None:
    starts = datetime(2021, 1, 4, 11, tzinfo=UTC)
    path.write_text(
        "".join(
            f"- {{title: Seminar number {number}, starts: '{at:%Y-%m-%d %H:%M:%S}Z'}}\n"
            for number in range(count)
            for at in [starts + timedelta(hours=7 * number)]
        )
    )
