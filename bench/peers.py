"""What others do at 9 am: a cron loop, APScheduler with a job store, huey; all with tweepy.

`python -m bench.peers NAME URL POSTS` prints the seconds from the first post to the last.
"""

import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import tweepy  # type: ignore[import-untyped]  # it ships no types

from bench.sdk import text_of
from bench.season import ROOT
from bench.x_server import Server


def peer(name: str, server: Server, posts: int) -> float:
    """Posts a second."""
    server.reset()
    command = [sys.executable, "-m", "bench.peers", name, server.url, str(posts)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return posts / float(said.stdout.splitlines()[-1])


class _Session(requests.Session):
    """tweepy has its address built in: this one goes to ours."""

    target = ""

    def request(self, method: str, _url: Any, *args: Any, **options: Any) -> Any:  # type: ignore[override]
        return super().request(method, self.target, *args, **options)


_local = threading.local()
_done: list[float] = []


def post(url: str, number: int) -> None:
    """One post, by a client of the thread's own."""
    if not hasattr(_local, "client"):
        _local.client = tweepy.Client(None, "k" * 25, "s" * 50, "1", "t" * 45)
        _local.client.session = _Session()
        _local.client.session.target = f"{url}/2/tweets"
    _local.client.create_tweet(text=text_of(number))
    _done.append(time.perf_counter())


def _cron(url: str, posts: int, folder: Path) -> float:
    """A table of posts, one after the other, each ticked off in a transaction of its own."""
    log = sqlite3.connect(folder / "cron.db", isolation_level=None)
    log.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    log.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, sent TEXT)")
    log.executemany("INSERT INTO posts (id) VALUES (?)", ((number,) for number in range(posts)))
    began = time.perf_counter()
    for (number,) in log.execute("SELECT id FROM posts WHERE sent IS NULL").fetchall():
        post(url, number)
        log.execute("UPDATE posts SET sent = ? WHERE id = ?", (str(datetime.now(UTC)), number))
    return time.perf_counter() - began


def _apscheduler(url: str, posts: int, folder: Path) -> float:
    from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415 - one peer a process
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: PLC0415
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{folder / 'jobs.db'}")},
        executors={"default": ThreadPoolExecutor(64)},
        job_defaults={"misfire_grace_time": None},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(posts):
        scheduler.add_job("bench.peers:post", "date", run_date=due, args=(url, number))
    from bench import peers  # noqa: PLC0415 - where the jobs find it, and count

    began = time.perf_counter()
    scheduler.resume()
    return _when(posts, peers._done) - began  # noqa: SLF001


def _huey(url: str, posts: int, folder: Path) -> float:
    from huey import SqliteHuey  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    huey = SqliteHuey(filename=str(folder / "huey.db"), fsync=True)
    task = huey.task()(post)
    for number in range(posts):
        task(url, number)
    consumer = huey.create_consumer(workers=16, periodic=False, initial_delay=0.01, max_delay=0.05)
    began = time.perf_counter()
    consumer.start()
    return _when(posts, _done) - began


def _when(posts: int, done: list[float]) -> float:
    while len(done) < posts:
        time.sleep(0.002)
    return done[posts - 1]


PEERS: dict[str, Callable[[str, int, Path], float]] = {
    "cron": _cron,
    "apscheduler": _apscheduler,
    "huey": _huey,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(PEERS[sys.argv[1]](sys.argv[2], int(sys.argv[3]), Path(scratch)), flush=True)
        import os

        os._exit(0)  # its threads would wait for more
