"""`bot run` as a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.config import ACCOUNTS, Settings
from tests.support.cli import ROOT
from tests.support.waiting import until
from tests.support.x_server import XServer

SCHEDULES = """\
series:
  name: A series in seconds
  hashtag: "#InSeconds"
  timezone: Europe/London
sources:
  - yaml: events.yaml
channels:
  x: {platform: x}
posts:
  starting-soon:
    when: 1 hour before start
    template: starting
"""
TEMPLATE = "Starting {{ event | countdown }}: {{ event.title }} {{ series.hashtag }}\n"
BIN = Path(sys.executable).parent


def environment(**variables: str) -> dict[str, str]:
    """This process's own, without anything of a bot's but what is given."""
    ours = {name.upper() for name in Settings.model_fields}
    for platform, account in ACCOUNTS.items():
        ours |= {f"{platform.upper()}_{name}" for name in (*account.required, *account.options)}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PYTHONPATH": str(ROOT), "BOT_ALLOW_EPHEMERAL": "1"} | variables


def credentials(server: XServer) -> dict[str, str]:
    """What X asks of the server's first account."""
    user = server.user
    return {
        "X_API_URL": server.url,
        "X_API_KEY": user.api_key,
        "X_API_SECRET": user.api_secret,
        "X_ACCESS_TOKEN": user.access_token,
        "X_ACCESS_TOKEN_SECRET": user.access_token_secret,
    }


class Folder:
    """schedules.yaml, templates and a list of events that grows while the bot runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events: list[str] = []
        (path / "templates/posts").mkdir(parents=True)
        self.write("schedules.yaml", SCHEDULES)
        self.write("templates/posts/starting.j2", TEMPLATE)
        self.write("events.yaml", "[]\n")

    def write(self, name: str, text: str) -> None:
        """As a person's editor does: whole, or not at all."""
        draft = self.path / f"{name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.path / name)

    def event(
        self, title: str, due_in: float, *, offset: timedelta = timedelta(hours=1)
    ) -> datetime:
        """List an event so that its post falls due in so many seconds; the due instant."""
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=due_in + 1)
        starts = due + offset
        self._events.append(f"- {{title: {title}, starts: '{starts:%Y-%m-%d %H:%M:%S}Z'}}\n")
        self.write("events.yaml", "".join(self._events))
        return due


class Worker:
    """The process; within `with` it runs, after it it does not."""

    def __init__(
        self,
        folder: Path,
        variables: Mapping[str, str],
        *,
        command: Sequence[str] = (sys.executable, "-m", "bot", "run"),
        options: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._variables = variables
        self._command = [*command, *options]

    def __enter__(self) -> Self:
        with (self._folder / "out").open("wb") as out, (self._folder / "err").open("wb") as err:
            self.process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self._folder,
                env=environment(**self._variables),
                start_new_session=True,
            )
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def out(self) -> str:
        return (self._folder / "out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return (self._folder / "err").read_text(encoding="utf-8")

    def ready(self) -> Self:
        """Wait until it has said what it will do."""
        until(lambda: "Next: " in self.out or "Nothing is planned" in self.out, "it is ready")
        return self

    def says(self, text: str, *, within: float = 10.0) -> None:
        """Wait for a text in its log."""
        until(lambda: text in self.err, f"the log says {text!r}", within=within)

    def stop(self) -> int:
        """Tell it to stop; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)
