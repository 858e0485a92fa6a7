"""Real `bot run` processes, killed again and again, against a server that fails on purpose.

A Round is one folder (schedules.yaml, templates, events that all fall due together), one account
on one fault server, one database. What the server really wrote is compared with the log.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.core.states import State
from bot.crash import POINTS
from bot.services import decide
from bot.services.decide import Person
from bot.store import posts, schema
from bot.store.posts import PostRecord
from bot.store.session import Store
from tests.support.x_faults import FAULTS
from tests.support.x_server import XServer

SCHEDULES = """\
series:
  name: A series under attack
  hashtag: "#UnderAttack"
  timezone: Europe/London
sources:
  - yaml: events.yaml
channels:
  x: {platform: x}
posts:
  soon:
    when: 1 hour before start
    template: soon
    grace: 58 minutes
"""
TEMPLATE = "{{ event.title }}, very soon. {{ series.hashtag }}\n"

WAITS = {
    "BOT_LEASE": "1.6",
    "BOT_TRY_TIMEOUT": "0.7",
    "BOT_RESOLVE_AFTER": "0.4 0.8 1.3",
    "BOT_RETRY_AFTER": "0.2",
    "BOT_PAUSE": "0.2",
    "BOT_CONNECTIONS": "8",
}
CONNECTIONS = int(WAITS["BOT_CONNECTIONS"])

MIX: Mapping[str, float] = {name: 0.01 for name in FAULTS if name != "429"} | {"429": 0.002}
"""Every fault there is; a 429 stops the channel for its two seconds, so it is rarer."""

PATIENCE = 120.0
"""Seconds after the last kill within which everything has to be settled."""


@dataclass(kw_only=True)
class Score:
    """What became of the promise; everything from `duplicates` on has to be zero."""

    posts: int = 0
    kills: int = 0
    faults: int = 0
    by_person: int = 0  #: refused for its text, by a lie of the server: a person sent it on
    duplicates: int = 0  #: texts the server has more than once, or was sent after it had them
    losses: int = 0  #: posts the server does not have
    disagreements: int = 0  #: rows of the log that do not name the server's post
    sending: int = 0  #: rows still being sent
    unknown: int = 0  #: rows nobody knows about
    traces: int = 0  #: stack traces in what the workers said
    seconds: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        mine, theirs = asdict(self), asdict(other)
        return Score(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def broken(self) -> dict[str, int]:
        """What the promise says is zero, and is not."""
        names = [one.name for one in fields(self)]
        zero = names[names.index("duplicates") : names.index("seconds")]
        return {name: getattr(self, name) for name in zero if getattr(self, name)}

    def table(self) -> str:
        named = {name.replace("_", " "): value for name, value in asdict(self).items()}
        told = {name: f"{value:,.0f}" for name, value in named.items()}
        widths = {name: max(len(name), len(value)) for name, value in told.items()}
        head = "  ".join(f"{name:>{widths[name]}}" for name in told)
        return head + "\n" + "  ".join(f"{value:>{widths[name]}}" for name, value in told.items())


class Worker:
    """One `bot run` process."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.said = folder / f"worker-{time.monotonic_ns()}.log"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=folder,
                env={**_bare(), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        if self.alive:
            self.process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, patience: float = 30.0) -> int:
        """As a host stops it; its exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    @property
    def log(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")


def _bare() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    root = str(Path(__file__).parents[2])
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": root}


@dataclass(kw_only=True)
class Round:
    """So many posts that fall due together, and everything around them."""

    folder: Path
    size: int
    name: str = "r"
    database: str = ""  #: by default a file in the folder
    seed: int = 0
    lead: float = 2.5  #: seconds until they fall due
    server: XServer = field(default_factory=XServer)
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.database = self.database or f"sqlite:///{self.folder / 'bot.db'}"

    def __enter__(self) -> Self:
        self.server.__enter__()
        self.due = (datetime.now(UTC) + timedelta(seconds=self.lead)).replace(microsecond=0)
        self.furnish(self.folder)
        return self

    def furnish(self, folder: Path, template: str = TEMPLATE) -> Path:
        """What an organiser keeps in a folder; the template begins with the title and a comma."""
        (folder / "templates" / "posts").mkdir(parents=True)
        (folder / "templates" / "posts" / "soon.j2").write_text(template)
        (folder / "schedules.yaml").write_text(SCHEDULES)
        (folder / "events.yaml").write_text(self._events(self.due + timedelta(hours=1)))
        return folder

    def __exit__(self, *exception: object) -> None:
        for worker in self.workers:
            if worker.alive:
                worker.signal(signal.SIGCONT)
                worker.kill()
        self.server.__exit__(*exception)

    @property
    def titles(self) -> list[str]:
        return [f"{number:05} of {self.name}" for number in range(self.size)]

    def _events(self, starts: datetime) -> str:
        said = [
            {
                "uid": f"{self.name}-{number}",
                "title": title,
                "starts": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
            }
            for number, title in enumerate(self.titles)
        ]
        return json.dumps(said, indent=0)

    def environment(self, **more: str) -> dict[str, str]:
        user = self.server.user
        return {
            "DATABASE_URL": self.database,
            "X_API_URL": self.server.url,
            "X_API_KEY": user.api_key,
            "X_API_SECRET": user.api_secret,
            "X_ACCESS_TOKEN": user.access_token,
            "X_ACCESS_TOKEN_SECRET": user.access_token_secret,
            "BOT_ALLOW_EPHEMERAL": "1",
            **WAITS,
            **more,
        }

    def start(self, folder: Path | None = None, /, **more: str) -> Worker:
        worker = Worker(folder or self.folder, self.environment(**more))
        self.workers.append(worker)
        return worker

    @property
    def written(self) -> int:
        return len(self.server.api.posts)

    def attack(self, kills: int) -> int:
        """Start a worker, kill it in the middle of its work, and again; how many were killed."""
        done = 0
        for left in range(kills, 0, -1):
            self._pace(left)
            before = self.written
            at = ""
            if self.random.random() < 0.6:
                point = self.random.choice(POINTS)
                most = 2 if point in ("looked", "resolving") else 12
                at = f"{point}:{self.random.randint(1, most)}"
            worker = self.start(BOT_CRASH_AT=at)
            until(lambda: self.written > before or not worker.alive, 15)  # noqa: B023
            until(lambda: not worker.alive, self.random.uniform(0, 0.8 if not at else 2.0))  # noqa: B023
            worker.kill()
            done += worker.process.returncode == -signal.SIGKILL
        return done

    def _pace(self, kills: int) -> None:
        """Answer so slowly that there is something left to do for every kill."""
        a_life = max(1.0, (self.size - self.written) / kills)
        self.server.delay = min(0.6 * CONNECTIONS / a_life, 0.6)

    def settle(self, patience: float = PATIENCE) -> int:
        """Let a worker finish, with a person at hand; how many posts needed the person."""
        self.server.delay = 0.0
        if not any(worker.alive for worker in self.workers):
            self.start()
        by_person, store = 0, Store(self.database)
        ends = time.monotonic() + patience
        while time.monotonic() < ends and not self._settled(store):
            by_person += self._person(store)
            time.sleep(0.1)
        store.close()
        for worker in self.workers:
            if worker.alive:
                worker.stop()
        return by_person

    def _settled(self, store: Store) -> bool:
        rows = self.rows(store)
        return len(rows) == self.size and all(row.state is State.SENT for row in rows)

    def _person(self, store: Store) -> int:
        """Send on what X refused by a lie: an organiser reads the account and says what is so."""
        done = 0
        for row in [row for row in self.rows(store) if row.needs_person]:
            person = Person(who="organiser", now=datetime.now(UTC))
            with store.writing() as connection:
                if row.state is State.DROPPED:
                    decide.retry(connection, str(row.key), person)
                    done += 1
                elif row.state is State.UNKNOWN and row.text not in self.server.texts:
                    decide.resolve_not_sent(connection, str(row.key), person)
                    done += 1
        return done

    def rows(self, store: Store | None = None) -> list[PostRecord]:
        opened = store or Store(self.database)
        try:
            schema.check(opened)
            with opened.reading() as connection:
                return posts.all_posts(connection)
        finally:
            if store is None:
                opened.close()

    def score(self) -> Score:
        """What the server has, against what the log says."""
        rows = self.rows()
        on_server = {post.text: post.id for post in self.server.posts}
        told = {text.partition(",")[0] for text in on_server}
        agreed = {row.text: row.remote_id for row in rows if row.state is State.SENT}
        return Score(
            posts=self.size,
            faults=sum(one.fault is not None for one in self.server.requests),
            duplicates=self.repeats(),
            losses=len(set(self.titles) - told),
            disagreements=sum(agreed.get(text) != id_ for text, id_ in on_server.items()),
            sending=sum(row.state is State.SENDING for row in rows),
            unknown=sum(row.state is State.UNKNOWN for row in rows),
            traces=sum("Traceback" in worker.log for worker in self.workers),
        )

    def repeats(self) -> int:
        """How often a text was sent to the server that had it already, refused or not."""
        had: set[str] = set()
        found = 0
        for seen in self.server.requests:
            if seen.text is not None and seen.method == "POST":
                title = seen.text.partition(",")[0]
                found += title in had
                if seen.written is not None:
                    had.add(title)
        return found


def play(folder: Path, *, size: int, kills: int, seed: int) -> Score:
    """One round from the first start to the last check."""
    began = time.monotonic()
    with Round(folder=folder, size=size, seed=seed, name=f"r{seed}") as round_:
        round_.server.plan.mix(MIX, seed=seed)
        killed = round_.attack(kills)
        by_person = round_.settle()
        score = round_.score()
        if score.broken:
            told = json.dumps([asdict(one) for one in round_.server.requests], default=str)
            (folder / "requests.json").write_text(told)
    score.kills, score.by_person = killed, by_person
    score.seconds = time.monotonic() - began
    return score


def until(met: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if met():
            return True
        time.sleep(0.005)
    return False


def said_by(workers: Iterable[Worker]) -> str:
    """What workers printed, for the report of a failed test."""
    return "\n".join(f"--- {worker.said.name}\n{worker.log[-3000:]}" for worker in workers)
