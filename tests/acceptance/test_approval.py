"""`bot run` with posts that wait for a person: approved by another process, stopped, or lost."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cli import process
from tests.support.listener import Listener
from tests.support.waiting import until
from tests.support.worker import SCHEDULES, Folder, Worker, credentials, environment
from tests.support.x_server import XServer

RULES = """\
posts:
  held:
    when: 1 minute before start
    template: starting
    approve: true
    only: {tag: held}
  unless:
    when: 3 minutes before start
    template: starting
    approve: 1 minute
    only: {tag: unless}
"""


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.fixture
def phone() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("schedules.yaml", SCHEDULES.partition("posts:")[0] + RULES)
    return folder


def lists(folder: Folder, *titles: str, tag: str, starts_in: float) -> datetime:
    """Events that start in so many seconds; when."""
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=starts_in)
    lines = [
        f"- {{title: {title}, starts: '{starts:%Y-%m-%d %H:%M:%S}Z', tags: [{tag}]}}\n"
        for title in titles
    ]
    path = folder.path / "events.yaml"
    before = path.read_text(encoding="utf-8").removesuffix("[]\n")
    folder.write("events.yaml", before + "".join(lines))
    return starts


def test_posts_wait_for_a_person_and_go_out_or_are_lost_aloud(
    folder: Folder, x: XServer, phone: Listener
) -> None:
    starts = lists(folder, "Alpha", "Beta", tag="held", starts_in=70)
    lists(folder, "Gamma", "Delta", tag="unless", starts_in=190)
    variables = credentials(x) | {"BOT_ALERTS": phone.address}

    def bot(*words: str) -> str:
        result = process(*words, cwd=folder.path, env=environment(**variables))
        assert (result.code, result.err) == (0, "")
        return result.out

    def asked(title: str, command: str) -> str:
        """The key in the command that the alert about an event names."""
        found = until(
            lambda: re.search(rf"{title} #InSeconds\n .*bot posts {command} (\S+)", heard()),
            f"somebody is asked about {title}",
            within=30,
        )
        assert found is not None
        return found[1]

    def heard() -> str:
        return "\n".join(phone.messages)

    with Worker(folder.path, variables) as worker:
        bot("posts", "hold", asked("Delta", "hold"))
        alpha = asked("Alpha", "approve")
        waiting = {
            one["key"]: one for one in json.loads(bot("posts", "list", "--waiting", "--json"))
        }
        assert waiting[alpha]["state"] == "held"
        assert waiting[alpha]["text"].endswith(": Alpha #InSeconds")
        until(lambda: datetime.now(UTC) > starts - timedelta(seconds=60), "it is due", within=40)
        assert x.posts == []

        assert "Alpha #InSeconds" in bot("posts", "approve", alpha)
        until(lambda: [text for text in x.texts if "Alpha" in text], "Alpha is out")
        assert x.posts[0].created_at < starts

        until(lambda: "Not sent: held of" in heard(), "Beta is missed aloud", within=90)
        until(lambda: [text for text in x.texts if "Gamma" in text], "Gamma is out", within=90)
        assert worker.stop() == 0
        assert "Traceback" not in worker.err

    assert sorted(text.split(": ")[1].split()[0] for text in x.texts) == ["Alpha", "Gamma"]
    assert heard().count("nobody approved it") == 1
    assert len(re.findall(r"bot posts (?:approve|hold) ", heard())) == 4
    rows = {row["event"][11:]: row for row in json.loads(bot("posts", "list", "--json"))}
    assert (rows["beta"]["state"], rows["beta"]["reason"]) == ("dropped", "nobody approved it")
    history = json.loads(bot("posts", "show", alpha, "--json"))["decisions"]
    assert [one["action"] for one in history] == ["ask", "asked", "approve"]
