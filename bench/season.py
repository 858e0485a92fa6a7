"""A folder as an organiser keeps it, a database with events in it, and `bot run` on both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.model import Event
from bot.store import events, schema
from bot.store.session import Store
from bot.store.tables import events as table
from bot.store.tables import meta

ROOT = Path(__file__).parents[1]
HEAD = """\
series:
  name: A series in seconds
  hashtag: "#InSeconds"
  timezone: Europe/London
channels:
{channels}
posts:
"""
SOON = "  soon: {when: 1 hour before start, template: soon}\n"
TEMPLATE = "In 1 hour: {{ event.title }} {{ series.hashtag }}\n"


class LateError(Exception):
    """The worker was not ready when the posts fell due."""


class Season:
    """A folder with schedules.yaml, a template and a database."""

    def __init__(self, folder: Path, *, channels: int = 1, posts: str = SOON) -> None:
        self.folder = folder
        (folder / "templates/posts").mkdir(parents=True)
        (folder / "templates/posts/soon.j2").write_text(TEMPLATE)
        names = [f"x{number}" for number in range(1, channels + 1)]
        said = "\n".join(f"  {name}: {{platform: x}}" for name in names)
        (folder / "schedules.yaml").write_text(HEAD.format(channels=said) + posts)
        self.names = names
        self.database = f"sqlite:///{folder / 'bot.db'}"

    def fill(self, count: int, due: datetime, *, step: timedelta = timedelta(0)) -> None:
        """So many events, whose post an hour before falls due then, or one each `step` later."""
        store = self.store()
        now = datetime.now(UTC)
        rows = [
            events._row(event(number, due + timedelta(hours=1) + step * number))  # noqa: SLF001
            | {"revision": 1, "created_at": now, "dated_at": now, "by_hand": []}
            for number in range(count)
        ]
        with store.writing() as connection:
            connection.execute(table.insert(), rows)
            connection.execute(meta.delete().where(meta.c.name == "revision"))
            connection.execute(meta.insert(), {"name": "revision", "value": "1"})
        store.close()

    def store(self) -> Store:
        store = Store(self.database)
        schema.check(store)
        return store

    def ready_before(self, due: datetime, name: str = "worker") -> None:
        """Wait until a worker has said what comes next. LateError where that is too late."""
        said = self.folder / f"{name}.log"
        while b"Next: " not in said.read_bytes():
            if datetime.now(UTC) > due - timedelta(seconds=0.7):
                raise LateError
            time.sleep(0.05)

    def environment(self, url: str, **more: str) -> dict[str, str]:
        secrets = {"API_KEY": "k" * 25, "API_SECRET": "s" * 50, "ACCESS_TOKEN_SECRET": "t" * 45}
        ours = {
            f"{name.upper()}_{field}": value
            for number, name in enumerate(self.names, 1)
            for field, value in (secrets | {"ACCESS_TOKEN": str(number), "API_URL": url}).items()
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        here = {"PYTHONPATH": str(ROOT), "DATABASE_URL": self.database, "BOT_ALLOW_EPHEMERAL": "1"}
        return kept | here | ours | more


def event(number: int, starts: datetime) -> Event:
    return Event(
        uid=f"seminar-{number:07}",
        title=f"Seminar number {number:07} of a busy morning",
        starts=starts,
        timezone="Europe/London",
    )


@contextmanager
def worker(
    season: Season, environment: Mapping[str, str], *command: str, name: str = "worker"
) -> Iterator[subprocess.Popen[bytes]]:
    """`bot run`; stopped as a host stops it."""
    with (season.folder / f"{name}.log").open("wb") as said:
        process = subprocess.Popen(
            [*(command or (sys.executable, "-m", "bot")), "run"],
            cwd=season.folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
