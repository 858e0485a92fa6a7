from pathlib import Path

import pytest

from tests.support.cli import bot
from tests.support.worker import credentials
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
    assert "ok    database: SQLite, wal mode, schema " in result.out


def test_missing_credentials_are_named_and_the_rest_still_asked():
    result = bot("doctor")
    assert result.code == 1
    [failed] = [line for line in result.out.splitlines() if line.startswith("FAIL")]
    assert failed == (
        "FAIL  channel 'x': channel 'x' has no complete credentials: set X_API_KEY, X_API_SECRET,"
        " X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET in the environment or in .env"
    )


def test_wrong_credentials_are_said_to_be(monkeypatch: pytest.MonkeyPatch):
    with XServer() as x:
        for name, value in (credentials(x) | {"X_API_SECRET": "not-this"}).items():
            monkeypatch.setenv(name, value)
        result = bot("doctor")
    assert result.code == 1
    assert "FAIL  channel 'x': X did not answer the question: HTTP 401" in result.out
    assert "not-this" not in result.out


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
