"""The environment is read once, in one place, and every mistake in it is named."""

from datetime import timedelta

import pytest

from bot.config import Environment
from bot.errors import ConfigError

X = {
    "X_API_KEY": "key",
    "X_API_SECRET": "secret",
    "X_ACCESS_TOKEN": "token",
    "X_ACCESS_TOKEN_SECRET": "token secret",
}


def test_a_channel_takes_the_secrets_of_its_platform():
    assert Environment(X).credentials("x", "x") == {
        "API_KEY": "key",
        "API_SECRET": "secret",
        "ACCESS_TOKEN": "token",
        "ACCESS_TOKEN_SECRET": "token secret",
        "API_URL": "https://api.x.com",
    }


def test_a_channel_with_secrets_of_its_own_takes_all_of_them():
    own = {name.replace("X_", "X_NHS_", 1): f"nhs {value}" for name, value in X.items()}
    found = Environment(X | own).credentials("x-nhs", "x")
    assert found["API_KEY"] == "nhs key"
    assert found["ACCESS_TOKEN_SECRET"] == "nhs token secret"


def test_a_channel_never_mixes_its_own_secrets_with_those_of_its_platform():
    with pytest.raises(ConfigError, match="X_NHS_API_SECRET, X_NHS_ACCESS_TOKEN"):
        Environment(X | {"X_NHS_API_KEY": "nhs key"}).credentials("x-nhs", "x")


def test_an_own_address_asks_for_own_secrets_so_that_none_go_to_another_host():
    with pytest.raises(ConfigError, match="X_NHS_API_KEY"):
        Environment(X | {"X_NHS_API_URL": "https://other.example"}).credentials("x-nhs", "x")


def test_what_is_missing_is_named():
    with pytest.raises(ConfigError, match=r"'x' .*: set X_API_SECRET, X_ACCESS_TOKEN in"):
        Environment(
            {
                name: value
                for name, value in X.items()
                if name in ("X_API_KEY", "X_ACCESS_TOKEN_SECRET")
            }
        ).credentials("x", "x")


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    found = Environment(X | {"X_API_KEY": "", "X_API_KEY_FILE": str(tmp_path / "key")})
    assert found.credentials("x", "x")["API_KEY"] == "from a file"


def test_a_file_that_is_not_there_is_named(tmp_path):
    missing = tmp_path / "missing"
    with pytest.raises(ConfigError, match=f"X_API_KEY_FILE names {missing}"):
        Environment({"X_API_KEY_FILE": str(missing)}).get("X_API_KEY")


def test_the_defaults_are_those_of_a_small_server():
    settings = Environment({}).settings()
    assert settings.database_url == "sqlite:///bot.db"
    assert (settings.lease, settings.try_timeout) == (timedelta(seconds=120), timedelta(seconds=45))
    assert settings.bot_resolve_after == tuple(timedelta(minutes=each) for each in (1, 5, 15))


def test_waits_may_be_fractions_of_seconds():
    settings = Environment({"BOT_RESOLVE_AFTER": "0.5 1.5"}).settings()
    assert settings.bot_resolve_after == (timedelta(seconds=0.5), timedelta(seconds=1.5))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_LEASE", "soon"),
        ("BOT_LEASE", "-1"),
        ("BOT_RESOLVE_AFTER", "a b"),
        ("BOT_LOG_FORMAT", "xml"),
        ("BOT_CONNECTIONS", "0"),
    ],
)
def test_a_value_that_is_nonsense_is_named_with_its_variable(name, value):
    with pytest.raises(ConfigError, match=name):
        Environment({name: value}).settings()


def test_a_lease_shorter_than_two_tries_is_refused():
    with pytest.raises(ConfigError, match="BOT_LEASE must be at least twice BOT_TRY_TIMEOUT"):
        Environment({"BOT_LEASE": "50"}).settings()


def test_settings_do_not_show_what_may_hold_a_password():
    settings = Environment({"DATABASE_URL": "postgresql://me:hush@db/bot"}).settings()
    assert "hush" not in repr(settings)


def test_the_file_beside_schedules_is_read_and_the_process_has_the_last_word(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("BOT_LEASE=300\nBOT_CONNECTIONS=7\n")
    monkeypatch.setenv("BOT_CONNECTIONS", "9")
    monkeypatch.delenv("BOT_LEASE", raising=False)
    settings = Environment.load(tmp_path).settings()
    assert (settings.bot_lease, settings.bot_connections) == (300, 9)
