from pathlib import Path

import pytest

from tests.support.cli import bot
from tests.support.worker import credentials
from tests.support.x_faults import Fault
from tests.support.x_server import XServer


@pytest.fixture(autouse=True)
def _a_disk_that_stays(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOT_ALLOW_EPHEMERAL", "1")


def test_with_everything_in_place_all_is_well(monkeypatch: pytest.MonkeyPatch):
    with XServer() as x:
        for name, value in credentials(x).items():
            monkeypatch.setenv(name, value)
        result = bot("doctor")
        assert x.posts == []
    assert (result.code, result.err) == (0, "")
    assert all(line.startswith("ok    ") for line in result.out.splitlines())
    assert "ok    channel 'x': posts as midlands_1 on 127.0.0.1" in result.out
    assert "ok    channel 'x': its secrets may post" in result.out
    assert "ok    channel 'x': its secrets do not expire" in result.out
    assert "ok    channel 'x': the clock of this machine agrees with X's" in result.out
    assert "ok    database: SQLite, wal mode, schema " in result.out


def test_missing_credentials_are_named_and_the_rest_still_asked():
    result = bot("doctor")
    assert result.code == 1
    [failed] = [line for line in result.out.splitlines() if line.startswith("FAIL")]
    assert failed == (
        "FAIL  channel 'x': channel 'x' has no complete credentials: set X_API_KEY, X_API_SECRET,"
        " X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET in the environment or in .env;"
        " docs/accounts.md tells how to get them (x)"
    )


def test_wrong_credentials_are_said_to_be(monkeypatch: pytest.MonkeyPatch):
    with XServer() as x:
        for name, value in (credentials(x) | {"X_API_SECRET": "not-this"}).items():
            monkeypatch.setenv(name, value)
        result = bot("doctor")
    assert result.code == 1
    assert "FAIL  channel 'x': X did not answer the question: HTTP 401" in result.out
    assert "HTTP 401 (Unauthorized); docs/accounts.md tells how to get them (x)" in result.out
    assert "not-this" not in result.out


def test_secrets_that_may_only_read_are_told_from_those_that_may_post(
    monkeypatch: pytest.MonkeyPatch,
):
    with XServer() as x:
        x.api.access_level = "read"
        for name, value in credentials(x).items():
            monkeypatch.setenv(name, value)
        result = bot("doctor")
        assert len(x.requests) == 1, "each costs money"
    assert result.code == 1
    [failed] = [line for line in result.out.splitlines() if line.startswith("FAIL")]
    assert failed.startswith("FAIL  channel 'x': its secrets may only read: set the app's")


def test_a_hint_is_no_failure(monkeypatch: pytest.MonkeyPatch):
    with XServer() as x:
        body = '{"data":{"id":"1","username":"midlands","protected":true}}'
        x.plan.add(Fault(status=200, body=body, on="GET /2/users/me"))
        for name, value in credentials(x).items():
            monkeypatch.setenv(name, value)
        result = bot("doctor")
    assert result.code == 0
    assert "hint  channel 'x': its posts are protected" in result.out


def test_a_broken_schedule_does_not_keep_it_from_asking(folder: Path):
    (folder / "schedules.yaml").write_text("posts: [")
    result = bot("doctor")
    assert result.code == 1
    assert "FAIL  schedules.yaml and templates: schedules.yaml:" in result.out
    assert "ok    time zones: tzdata" in result.out


def test_a_disk_that_forgets_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOT_ALLOW_EPHEMERAL", "")
    monkeypatch.setenv("DYNO", "web.1")
    assert "FAIL  disk: the post log" in bot("doctor").out
