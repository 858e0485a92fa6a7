"""`bot run` as it is deployed: real processes, a real database, an X that fails on purpose.

Every run posts things that fall due seconds from now, and is asked several questions at once.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cli import ROOT, process
from tests.support.waiting import until
from tests.support.worker import BIN, SCHEDULES, Folder, Worker, credentials, environment
from tests.support.x_faults import fault
from tests.support.x_server import XServer

LATEST = timedelta(seconds=10)  # a busy machine is late, the bot is not
"""After its due instant a post has to be there; measured: 12 milliseconds, on an idle machine."""

WAITS = {"BOT_RESOLVE_AFTER": "0.3 0.6 0.9", "BOT_RETRY_AFTER": "0.2", "BOT_PAUSE": "1"}


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def arrives(x: XServer, title: str, due: datetime) -> str:
    """Wait for the post about an event; it has to be on time. Its text."""
    [post] = until(
        lambda: [post for post in x.posts if title in post.text], f"a post about {title}", within=20
    )
    assert due <= post.created_at <= due + LATEST
    return post.text


def logged(folder: Folder, x: XServer) -> dict[str, dict[str, object]]:
    """The post log, by event."""
    variables = environment(**credentials(x))
    result = process("posts", "list", "--json", cwd=folder.path, env=variables)
    return {row["event"][11:]: row for row in json.loads(result.out)}


def test_posts_arrive_when_due_and_edits_are_in_force_without_a_restart(folder: Folder, x: XServer):
    due = folder.event("Alpha", 3)
    with Worker(folder.path, credentials(x)) as worker:
        said = worker.ready().out.splitlines()
        assert said[0] == "Channel 'x' posts as midlands_1 on x."
        assert said[1].startswith(f"Next: {due:%a %d %b %Y %H:%M} ")
        assert said[1].endswith("starting-soon on x: Starting in 1 hour: Alpha #InSeconds")
        assert arrives(x, "Alpha", due) == "Starting in 1 hour: Alpha #InSeconds"

        folder.write("schedules.yaml", SCHEDULES.replace("1 hour", "70 minutes"))
        folder.write("templates/posts/starting.j2", "Soon: {{ event.title }} {{ series.hashtag }}")
        due = folder.event("Beta", 3, offset=timedelta(minutes=70))
        assert arrives(x, "Beta", due) == "Soon: Beta #InSeconds"

        folder.write("schedules.yaml", SCHEDULES.replace("1 hour", "1 our"))
        worker.says("the last good ones stay in force")
        worker.says("schedules.yaml:11:13: 'our'")
        due = folder.event("Gamma", 3, offset=timedelta(minutes=70))
        assert arrives(x, "Gamma", due) == "Soon: Gamma #InSeconds"
        assert worker.stop() == 0
        assert not [word for word in ("Traceback", "alembic", "upgrade") if word in worker.err]
    assert len(x.posts) == 3


def test_a_stop_settles_what_is_under_way_and_no_later_run_repeats_a_post(
    folder: Folder, x: XServer
):
    due = folder.event("Alpha", 3)
    x.plan.add(fault({"delay": 1.5, "written": True}))
    with Worker(folder.path, credentials(x)) as worker:
        arrives(x, "Alpha", due)  # and its answer is still to come
        assert worker.stop() == 0
        assert "Traceback" not in worker.err
    row = logged(folder, x)["alpha"]
    assert (row["state"], row["attempts"], row["remote_id"]) == ("sent", 1, x.posts[0].id)

    due = folder.event("Beta", 3)
    with Worker(folder.path, credentials(x)) as worker:
        arrives(x, "Beta", due)
        assert worker.stop() == 0

    for file in folder.path.glob("bot.db*"):
        file.unlink()
    due = folder.event("Gamma", 3)
    with Worker(folder.path, credentials(x)) as worker:
        arrives(x, "Gamma", due)
        assert worker.stop() == 0
    assert [text.split()[4] for text in x.texts] == ["Alpha", "Beta", "Gamma"]
    rows = logged(folder, x)
    assert {name: row["remote_id"] for name, row in rows.items()} == {
        name: post.id for name, post in zip(("alpha", "beta", "gamma"), x.posts, strict=True)
    }
    assert rows["alpha"]["reason"] == "found on the account's own timeline"


def test_passing_trouble_passes_and_trouble_with_the_account_pauses_the_channel(
    folder: Folder, x: XServer
):
    folder.event("Alpha", 3)
    x.plan.add(fault("503"), fault({"name": "429", "headers": {"Retry-After": "1"}}), fault("401"))
    with Worker(folder.path, credentials(x) | WAITS) as worker:
        until(lambda: x.texts, "the post", within=20)
        worker.says("sent ")
        assert worker.stop() == 0
        lines = [line.split(maxsplit=3)[-1] for line in worker.err.splitlines()]
    assert [one.status for one in x.requests if one.method == "POST"] == [503, 429, 401, 201]
    told = "\n".join(lines)
    assert "not known whether 2" in told
    assert "X did not take the post: HTTP 429 (Too Many Requests)." in told
    [paused] = [line for line in lines if "is paused" in line and "401" in line]
    assert paused.startswith("channel 'x' is paused until ")
    assert paused.endswith(" UTC: X did not take the post: HTTP 401 (Unauthorized).")
    assert "channel 'x' goes on" in lines
    assert len(x.posts) == 1
    assert logged(folder, x)["alpha"]["state"] == "sent"


def test_with_a_wrong_password_nothing_is_sent_and_the_log_says_why(folder: Folder, x: XServer):
    folder.event("Alpha", 1)
    wrong = credentials(x) | {"X_ACCESS_TOKEN_SECRET": "wrong"}
    with Worker(folder.path, wrong) as worker:
        worker.ready()
        worker.says("channel 'x' is not served yet: X did not answer the question: HTTP 401")
        assert worker.stop() == 0
        assert "wrong" not in worker.err + worker.out
    assert x.posts == []


def test_it_does_not_start_without_credentials_and_names_each(folder: Folder):
    result = process("run", cwd=folder.path, env=environment(X_API_KEY="key"))
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "bot: channel 'x' has no complete credentials: set X_API_SECRET, X_ACCESS_TOKEN,"
        " X_ACCESS_TOKEN_SECRET in the environment or in .env\n"
        "To post to a timeline on this machine instead: bot run --local\n"
    )


def test_it_does_not_start_with_a_broken_schedule_and_says_where(folder: Folder, x: XServer):
    folder.write("schedules.yaml", SCHEDULES.replace("1 hour", "1 our"))
    result = process("run", cwd=folder.path, env=environment(**credentials(x)))
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("schedules.yaml:11:13: 'our' is not understood")


def test_it_does_not_start_on_a_disk_that_forgets(folder: Folder, x: XServer):
    variables = environment(**credentials(x), DYNO="worker.1", BOT_ALLOW_EPHEMERAL="")
    result = process("run", cwd=folder.path, env=variables)
    assert (result.code, result.out) == (1, "")
    assert "is on a disk that forgets (a Heroku dyno's)" in result.err


def test_locally_it_posts_to_a_page(folder: Folder):
    folder.event("Alpha", 2)
    with Worker(folder.path, {}, options=("--local",)) as worker:
        assert "Channel 'x' posts as x on local." in worker.ready().out
        page = folder.path / "timeline/timeline.html"
        until(lambda: page.exists() and "Starting in 1 hour: Alpha" in page.read_text(), "the page")
        assert worker.stop() == 0


def test_the_lines_of_the_procfile_start(folder: Folder, x: XServer):
    shutil.copy(ROOT / "Procfile", folder.path)
    variables = environment(**credentials(x), PATH=f"{BIN}:/usr/bin:/bin")
    honcho = [str(BIN / "honcho"), "start"]
    with Worker(folder.path, variables, command=[*honcho, "release"]) as release:
        release.process.wait(timeout=20)
        assert (folder.path / "bot.db").exists()
    due = folder.event("Alpha", 3)
    with Worker(folder.path, variables, command=[*honcho, "worker"]) as worker:
        arrives(x, "Alpha", due)
        worker.stop()
        until(lambda: "stopping: settling what is under way" in worker.out, "the worker stops")


def test_an_event_that_is_moved_in_the_list_is_put_right_in_reply(folder: Folder, x: XServer):
    notice = "posts:\n  moved: {on: moved, settle: 1 minute, template: moved}\n"
    folder.write("templates/posts/moved.j2", "Moved: {{ event.title }} {{ series.hashtag }}")
    folder.write("schedules.yaml", SCHEDULES.replace("posts:\n", notice))
    due = folder.event("Alpha", 3)
    with Worker(folder.path, credentials(x)) as worker:
        arrives(x, "Alpha", due)
        events = (folder.path / "events.yaml").read_text(encoding="utf-8")
        moved = due + timedelta(hours=3)
        folder.write("events.yaml", f"- {{title: Alpha, starts: '{moved:%Y-%m-%d %H:%M:%S}Z'}}\n")
        assert events != (folder.path / "events.yaml").read_text(encoding="utf-8")
        until(lambda: len(x.posts) == 2, "the notice", within=90)
        assert worker.stop() == 0
    first, second = x.posts
    assert (second.text, second.reply_to) == ("Moved: Alpha #InSeconds", first.id)
    assert second.created_at >= due + timedelta(minutes=1)
