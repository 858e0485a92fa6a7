"""`bot posts delete`, at the command line, against X on a socket."""

import json
import os
import pty
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.planning import Key
from bot.core.states import Cause
from bot.platforms.base import Account
from bot.services.bind import bind
from bot.store import log, meta, schema
from bot.store.claims import Claim, Settlement
from bot.store.session import Store
from tests.support.cli import bot, process
from tests.support.publishers import wall_clock
from tests.support.wire import Ending
from tests.support.worker import credentials
from tests.support.x_api import Post
from tests.support.x_faults import Fault
from tests.support.x_server import XServer

EVENT = "2021-06-09-candal-seminar-series-2021"
KEY = f"{EVENT}/day-before/x/2021-06-09"
DELETE = "DELETE /2/tweets"


@pytest.fixture
def x(monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    with XServer() as x:
        for name, value in credentials(x).items():
            monkeypatch.setenv(name, value)
        yield x


@pytest.fixture(autouse=True)
def _sent(folder: Path, x: XServer) -> None:
    """One post that is on X and in the log."""
    x.api.posts.append(
        Post(id="77", user=x.user.id, text="Tomorow: CANDAL", created_at=wall_clock())
    )
    write(folder, x)


def write(folder: Path, x: XServer) -> None:
    now = wall_clock()
    store = Store(f"sqlite:///{folder / 'bot.db'}")
    schema.check(store)
    with store.writing() as connection:
        meta.born(connection, now)
        host = x.url.removeprefix("http://")
        account = Account(platform="x", host=host, id=x.user.id, handle=x.user.username)
        bind(connection, "x", account, now)
        claim = Claim(
            key=Key(EVENT, "day-before", account.key, "2021-06-09"),
            template="reminder",
            due=now,
            deadline=now + timedelta(hours=12),
            true_until=now + timedelta(hours=12),
            event_revision=1,
            text="Tomorow: CANDAL",
            idempotency_key="k",
            facts=(),
        )
        until = now + timedelta(minutes=2)
        for one in log.claim(connection, [claim], worker="w", now=now, until=until):
            log.settle(
                connection,
                [
                    Settlement(
                        post_id=one.post_id,
                        tries=1,
                        cause=Cause.SETTLED,
                        phase="post",
                        outcome="sent",
                        ended=now,
                        remote_id="77",
                        remote_url="https://x.com/i/web/status/77",
                    )
                ],
            )
    store.close()


def shown() -> dict[str, Any]:
    return dict(json.loads(bot("posts", "show", KEY, "--json").out))


def test_a_post_is_deleted_and_stays_sent_in_the_log_with_who_did_it(x: XServer):
    result = bot("posts", "delete", KEY, "--yes", "--note", "a typing error")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{KEY} is deleted, and is never sent again.\n"
    assert x.posts == []
    row = shown()
    assert row["state"] == "sent"
    assert row["reason"].startswith("deleted by ")
    assert row["reason"].endswith("UTC: a typing error")
    assert (row["tries"][-1]["phase"], row["tries"][-1]["outcome"]) == ("delete", "deleted")
    [decision] = row["decisions"]
    assert (decision["action"], decision["note"]) == ("delete", "a typing error")


def test_a_second_time_there_is_nothing_to_delete(x: XServer):
    bot("posts", "delete", KEY, "--yes")
    result = bot("posts", "delete", KEY, "--yes")
    assert result.code == 1
    assert result.err.startswith(f"bot: {KEY} was deleted by ")
    assert sum(seen.method == "DELETE" for seen in x.requests) == 1


def test_one_that_somebody_deleted_there_is_gone_all_the_same(x: XServer):
    x.api.posts.clear()
    assert bot("posts", "delete", KEY, "--yes").code == 0
    assert shown()["reason"].startswith("deleted by ")


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (Fault(status=403, body='{"detail":"Not yours"}', on=DELETE), "HTTP 403 (Not yours)"),
        (Fault(status=404, body="", on=DELETE), "does not tell whether it still has the post"),
        (Fault(status=503, body="", on=DELETE), "does not tell whether it still has the post"),
        (Fault(ending=Ending.CLOSE, on=DELETE), "its answer did not arrive"),
    ],
    ids=["403", "404", "503", "close"],
)
def test_what_is_not_deleted_is_not_said_to_be(x: XServer, planned: Fault, said: str):
    x.plan.add(planned)
    result = bot("posts", "delete", KEY, "--yes")
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    assert "https://x.com/i/web/status/77" in result.err
    row = shown()
    assert (row["reason"], row["decisions"]) == ("", [])
    assert row["tries"][-1]["phase"] == "delete"
    assert bot("posts", "delete", KEY, "--yes").code == 0, "once more does no harm"


def test_where_the_account_cannot_be_asked_nothing_is_deleted(x: XServer):
    x.plan.add(Fault(status=503, body="", on="GET /2/users/me"))
    result = bot("posts", "delete", KEY, "--yes")
    assert (result.code, len(x.posts)) == (1, 1)
    assert result.err.startswith("bot: nothing was deleted: X did not answer")


def test_with_another_accounts_credentials_nothing_is_deleted(
    x: XServer, monkeypatch: pytest.MonkeyPatch
):
    with XServer() as other:
        for name, value in credentials(other).items():
            monkeypatch.setenv(name, value)
        result = bot("posts", "delete", KEY, "--yes")
        assert [seen.method for seen in other.requests] == ["GET"]
    assert result.code == 1
    assert "belong to x:127.0.0.1" in result.err
    assert len(x.posts) == 1


def test_without_a_terminal_it_has_to_be_said_that_it_is_meant(x: XServer):
    result = process("posts", "delete", KEY, cwd=Path.cwd())
    assert (result.code, len(x.posts)) == (1, 1)
    assert "say --yes if that is meant" in result.err


@pytest.mark.parametrize(("said", "code", "left"), [("n", 1, 1), ("y", 0, 0)])
def test_on_a_terminal_it_asks(x: XServer, said: str, code: int, left: int):
    leader, terminal = pty.openpty()
    os.write(leader, f"{said}\n".encode())
    result = process("posts", "delete", KEY, cwd=Path.cwd(), stdin=terminal)
    os.close(leader)
    os.close(terminal)
    assert (result.code, len(x.posts)) == (code, left)
    assert "Tomorow: CANDAL" in result.out
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (f"{EVENT}/day-before/x/2020-01-01", "is not in the log: only a post that was sent"),
        ("nonsense", "'nonsense' is not a post"),
    ],
)
def test_a_post_that_is_not_there_is_said_to_be(key: str, said: str):
    result = bot("posts", "delete", key, "--yes")
    assert (result.code, result.out) == (1, "")
    assert said in result.err


def test_a_post_whose_channel_is_gone_is_to_be_deleted_by_hand(folder: Path, x: XServer):
    path = folder / "schedules.yaml"
    path.write_text(path.read_text().replace("  x: {platform: x}", "  twitter: {platform: x}"))
    result = bot("posts", "delete", KEY, "--yes")
    assert result.code == 1
    assert "by hand: https://x.com/i/web/status/77" in result.err


def test_what_was_deleted_never_goes_out_again(x: XServer):
    bot("posts", "delete", KEY, "--yes")
    assert bot("posts", "retry", KEY).code == 1
    assert bot("posts", "skip", KEY).code == 1
    assert bot("posts", "resolve", KEY, "not-sent").code == 1
    assert shown()["state"] == "sent"
