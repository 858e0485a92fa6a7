"""`bot run` on real servers of other networks, over ways that break."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.recognising import normal
from tests.support.cli import process
from tests.support.pds import Pds
from tests.support.relay import Relay
from tests.support.snac import Snac
from tests.support.waiting import until
from tests.support.wire import Ending
from tests.support.worker import SCHEDULES, Folder, Worker, environment
from tests.support.x_faults import Fault

URL = "https://example.org/series?year=2026&of=health"
TEMPLATE = (
    "Starting {{ event | countdown }}: {{ event.title }} – {{ event.url }} {{ series.hashtag }}\n"
)
WAITS = {"BOT_RESOLVE_AFTER": "0.5 1 1.5", "BOT_RETRY_AFTER": "0.2", "BOT_PAUSE": "1"}
TITLES = ("Alpha", "Beta", "Gamma", "Delta")


CHANNEL = "bluesky: {platform: bluesky}"


def bluesky_variables(pds: Pds, server: Relay) -> dict[str, str]:
    return {
        "BLUESKY_PDS": server.url,
        "BLUESKY_HANDLE": pds.handle,
        "BLUESKY_APP_PASSWORD": pds.password,
    }


def text(title: str) -> str:
    return f"Starting in 1 hour: {title} – {URL} #InSeconds"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("templates/posts/starting.j2", TEMPLATE)
    return folder


@pytest.fixture
def bluesky(pds: Pds) -> Iterator[Relay]:
    with Relay(pds.url) as relay:
        yield relay


@pytest.fixture
def mastodon(snac: Snac) -> Iterator[Relay]:
    with Relay(snac.url) as relay:
        yield relay


def played(folder: Folder, channel: str, variables: dict[str, str]) -> dict[str, dict[str, object]]:
    """Run until every event is announced; the log, by the id the network gave."""
    lines = SCHEDULES.replace("x: {platform: x}", channel)
    folder.write("schedules.yaml", lines.replace("London\n", f"London\n  url: {URL}\n"))
    for number, title in enumerate(TITLES):
        folder.event(title, 3 + number)

    def rows() -> list[dict[str, object]]:
        listed = process("posts", "list", "--json", cwd=folder.path, env=environment(**variables))
        return list(json.loads(listed.out or "[]"))

    with Worker(folder.path, variables | WAITS) as worker:
        worker.ready()
        until(lambda: [row["state"] for row in rows()] == ["sent"] * len(TITLES), "all", within=60)
        assert worker.stop() == 0
        assert "Traceback" not in worker.err
    return {str(row["remote_id"]): row for row in rows()}


def broken(path: str) -> list[Fault]:
    """The first post is there and its answer is not; the second is not there either."""
    on = f"POST {path}"
    return [
        Fault(ending=Ending.CLOSE, written=True, on=on),
        Fault(ending=Ending.CLOSE, on=on),
        Fault(ending=Ending.TRUNCATE, written=True, on=on),
    ]


def test_on_bluesky_nothing_is_doubled_and_nothing_lost(folder: Folder, pds: Pds, bluesky: Relay):
    bluesky.plan.add(*broken("/xrpc/com.atproto.repo.putRecord"))
    rows = played(folder, CHANNEL, bluesky_variables(pds, bluesky))
    records = pds.records()
    assert sorted(record["value"]["text"] for record in records) == sorted(map(text, TITLES))
    for record in records:
        said = record["value"]["text"]
        assert rows[record["uri"].rpartition("/")[2]]["text"] == said
        marked = [
            (said.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), one)
            for facet in record["value"]["facets"]
            for one in facet["features"]
        ]
        assert [(shown, one.get("uri", one.get("tag"))) for shown, one in marked] == [
            (URL, URL),
            ("#InSeconds", "InSeconds"),
        ]
    assert not bluesky.plan.left


def test_a_second_start_on_bluesky_does_not_log_in(folder: Folder, pds: Pds, bluesky: Relay):
    folder.write("schedules.yaml", SCHEDULES.replace("x: {platform: x}", CHANNEL))
    variables = bluesky_variables(pds, bluesky)

    def sessions() -> list[str]:
        with closing(sqlite3.connect(folder.path / "bot.db")) as log:
            return [sealed for (sealed,) in log.execute("SELECT session FROM channels")]

    before: list[str] = []

    def is_kept() -> bool:
        return sessions() not in ([None], before)

    said = ""
    for _ in range(3):
        with Worker(folder.path, variables) as worker:
            worker.ready()
            until(is_kept, "its session is kept")
            assert worker.stop() == 0
            said += worker.out + worker.err
        before = sessions()
    assert len(bluesky.of("/xrpc/com.atproto.server.createSession")) == 1
    assert len(bluesky.of("/xrpc/com.atproto.server.refreshSession")) == 2

    headers = [
        (name.lower(), text) for one in bluesky.requests for name, text in one.headers.items()
    ]
    tokens = {text.removeprefix("Bearer ") for name, text in headers if name == "authorization"}
    assert len(tokens) >= 2
    kept = said.encode() + b"".join(one.read_bytes() for one in folder.path.glob("bot.db*"))
    assert before[0].encode() in kept
    assert not [token for token in tokens if token.encode() in kept]


def test_on_mastodon_nothing_is_doubled_and_nothing_lost(
    folder: Folder, snac: Snac, mastodon: Relay
):
    mastodon.plan.add(*broken("/api/v1/statuses"))
    variables = {"MASTODON_URL": mastodon.url, "MASTODON_ACCESS_TOKEN": snac.token}
    rows = played(folder, "mastodon: {platform: mastodon, visibility: public}", variables)
    statuses = snac.statuses()
    assert sorted(normal(status["text"]) for status in statuses) == sorted(map(text, TITLES))
    assert {status["id"]: normal(status["text"]) for status in statuses} == {
        remote_id: row["text"] for remote_id, row in rows.items()
    }
    assert {status["visibility"] for status in statuses} == {"public"}
    assert {tag["name"] for status in statuses for tag in status["tags"]} == {"inseconds"}
    assert not mastodon.plan.left
