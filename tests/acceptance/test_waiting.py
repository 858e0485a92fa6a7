"""A recap that waits for its recording, as an organiser sees it: `bot run`, and a link."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.cli import process
from tests.support.waiting import until
from tests.support.worker import SCHEDULES, Folder, Worker, credentials, environment
from tests.support.x_server import XServer

RECAP = """\
posts:
  recap:
    when: 60 minutes after end
    template: recap
    wait_for: recording
    wait_until: 61 minutes after end
    otherwise: recap-without
"""


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.fixture
def alerts() -> Iterator[tuple[str, list[str]]]:
    """An address for BOT_ALERTS, and what is told there."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return None

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = Folder(tmp_path)
    found.write("schedules.yaml", SCHEDULES.partition("posts:")[0] + RECAP)
    found.write(
        "templates/posts/recap.j2",
        "Watch {{ event.title }}: {{ event.recording_url }} {{ series.hashtag }}",
    )
    found.write(
        "templates/posts/recap-without.j2", "Thanks for {{ event.title }} {{ series.hashtag }}"
    )
    return found


def over(folder: Folder, **ended: timedelta) -> None:
    """List events, each with how long ago it ended."""
    now = datetime.now(UTC)
    listed = ""
    for name, ago in ended.items():
        starts, ends = now - ago - timedelta(hours=1), now - ago
        listed += f"- {{title: {name}, uid: {name.lower()}"
        listed += f", starts: '{starts:%F %T}Z', ends: '{ends:%F %T}Z'}}\n"
    folder.write("events.yaml", listed)


def test_the_link_sends_the_recap_and_where_there_is_none_in_time_other_words_go_out(
    folder: Folder, x: XServer, alerts: tuple[str, list[str]]
):
    address, heard = alerts
    variables = credentials(x) | {"BOT_ALERTS": address}
    over(folder, Alpha=timedelta(minutes=60, seconds=-2), Beta=timedelta(minutes=61, seconds=-6))
    with Worker(folder.path, variables) as worker:
        worker.ready()
        until(lambda: x.texts, "what is said of Beta without its recording", within=40)
        assert x.texts == ["Thanks for Beta #InSeconds"]
        until(
            lambda: any("alpha has no recording yet" in one for one in heard),
            "a reminder",
            within=30,
        )
        edit = ("events", "edit", "alpha", "--recording", "https://example.org/watch")
        assert process(*edit, cwd=folder.path, env=environment(**variables)).code == 0
        until(lambda: len(x.texts) == 2, "the recap of Alpha", within=15)
        until(
            lambda: any("No longer so: alpha" in one for one in heard), "that it is over", within=30
        )
        assert worker.stop() == 0
        assert "Traceback" not in worker.err
    assert x.texts[1:] == ["Watch Alpha: https://example.org/watch #InSeconds"]
    result = process("posts", "list", "--json", cwd=folder.path, env=environment(**variables))
    rows = {(row["event"], row["post"]): row["state"] for row in json.loads(result.out)}
    assert rows == {
        ("alpha", "recap"): "sent",
        ("beta", "recap:otherwise"): "sent",
    }
