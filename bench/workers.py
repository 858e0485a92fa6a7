"""A burst over eight channels on PostgreSQL, with one, two and four workers."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.figures import Figure, Size, alternating
from bench.season import LateError, Season, worker
from bench.x_server import Server
from tests.support.databases import fresh_database, postgres

CHANNELS = 8
_OPEN = "SELECT count(*) FROM posts WHERE state = 'sent'"


def rows(size: Size, server: Server) -> Iterator[Figure]:
    events, counts = (30, (1, 2)) if size.quick else (250, (1, 2, 4))
    with postgres() as url:
        *found, sqlite = alternating(
            size.rounds,
            *(partial(_burst, server, events, url, workers) for workers in counts),
            partial(_burst, server, events, "", 1),
        )
    posts = events * CHANNELS
    told = f"burst of {posts:,} posts over {CHANNELS} channels, PostgreSQL"
    series = {"workers": [*map(float, counts)], "posts/s": found}
    yield Figure(
        row="postgresql",
        measure=f"{told}, 1 worker",
        ours=found[0],
        unit="posts/s",
        against="the same on SQLite",
        reference=sqlite,
        target="≥ 0.7",
        series=series,
    )
    for count, ours, before in zip(counts[1:], found[1:], found, strict=False):
        yield Figure(
            row=f"postgresql-{count}",
            measure=f"{told}, {count} workers",
            ours=ours,
            unit="posts/s",
            against="half as many workers",
            reference=before,
            target="≥ 1.0",
        )


def _burst(server: Server, events: int, postgresql: str, workers: int) -> float:
    lead = 3 + 2 * workers
    while True:
        try:
            return _posted(server, events, postgresql, workers, lead)
        except LateError:  # the machine is busy with something else
            lead *= 2


def _posted(server: Server, events: int, postgresql: str, workers: int, lead: float) -> float:
    posts = events * CHANNELS
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        season = Season(Path(folder), channels=CHANNELS)
        if postgresql:
            season.database = fresh_database(postgresql)
        due = (datetime.now(UTC) + timedelta(seconds=lead)).replace(microsecond=0)
        season.fill(events, due)
        server.reset()
        for number in range(workers):
            environment = season.environment(server.url)
            running.enter_context(worker(season, environment, name=f"worker{number}"))
        for number in range(workers):
            season.ready_before(due, f"worker{number}")
        told = server.wait(posts)
        store = season.store()
        with store.engine.connect() as connection:
            while connection.exec_driver_sql(_OPEN).scalar_one() < posts:
                connection.rollback()
                time.sleep(0.005)
        took = (datetime.now(UTC) - due).total_seconds()
        store.close()
    # the accounts say the same: each text comes once from every channel
    assert told["duplicates"] == posts - events, told["duplicates"]
    return posts / took
