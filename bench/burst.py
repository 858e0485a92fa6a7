"""So many posts due at one instant, until the last is delivered and durably logged."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, Size, alternating
from bench.peers import peer
from bench.season import ROOT, LateError, Season, worker
from bench.x_server import Server

_OPEN = "SELECT 1 FROM posts WHERE state IN ('sending', 'unknown', 'retry') LIMIT 1"
IN_FLIGHT = 64


def bot(server: Server, posts: int, *, latency: float = 0.0, old: Path | None = None) -> float:
    """Posts a second of `bot run` on SQLite, from the instant they are due.

    `old`: a database whose log is not empty.
    """
    lead = 3 + posts / 1500
    while True:
        try:
            return _bot(server, posts, lead, latency=latency, old=old)
        except LateError:  # the machine is busy with something else
            lead *= 2


def _bot(server: Server, posts: int, lead: float, *, latency: float, old: Path | None) -> float:
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        if old is not None:
            shutil.copy(old, season.folder / "bot.db")
        due = (datetime.now(UTC) + timedelta(seconds=lead)).replace(microsecond=0)
        season.fill(posts, due)
        server.reset(latency)
        with worker(season, season.environment(server.url)):
            season.ready_before(due)
            told = server.wait(posts)
            log = sqlite3.connect(f"file:{season.folder / 'bot.db'}?mode=ro", uri=True)
            while log.execute(_OPEN).fetchone():
                time.sleep(0.002)
            took = (datetime.now(UTC) - due).total_seconds()
        log.close()
        assert told["duplicates"] == 0
    return posts / took


def sdk(server: Server, posts: int, *, latency: float = 0.0) -> float:
    """Posts a second of the SDK alone."""
    server.reset(latency)
    command = [sys.executable, "-m", "bench.sdk", server.url, str(posts), str(IN_FLIGHT)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return posts / float(said.stdout)


def rows(size: Size, server: Server) -> Iterator[Figure]:
    for posts in (300,) if size.quick else (2000, 20_000):
        rounds = size.many if posts <= 2000 else 1
        yield _against_the_sdk(server, posts, rounds, with_peers=posts == 2000)
    posts = 300 if size.quick else 2000
    yield _late(server, posts, size.many)


def _against_the_sdk(server: Server, posts: int, rounds: int, *, with_peers: bool) -> Figure:
    ours, alone = alternating(rounds, lambda: bot(server, posts), lambda: sdk(server, posts))
    others = {}
    if with_peers:
        few = min(posts, 500)
        others = {name: peer(name, server, few) for name in ("cron", "apscheduler", "huey")}
    return Figure(
        row=f"burst-{posts}",
        measure=f"burst of {posts:,} posts",
        ours=ours,
        unit="posts/s",
        against="tweepy's AsyncClient, no database",
        reference=alone,
        target="≥ 0.8",
        others=others,
    )


def _late(server: Server, posts: int, rounds: int) -> Figure:
    latency = 0.05
    ours, alone = alternating(
        rounds,
        lambda: bot(server, posts, latency=latency),
        lambda: sdk(server, posts, latency=latency),
    )
    return Figure(
        row="latency-50",
        measure=f"burst of {posts:,} posts at 50 ms of latency, {IN_FLIGHT} in flight",
        ours=ours,
        unit="posts/s",
        against="tweepy's AsyncClient, no database",
        reference=alone,
        target="≥ 0.95",
    )
