import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ConfigError, UnknownNameError
from bot.platforms import PLATFORMS, UNSEEN, Setup, publisher
from tests.support.publishers import SERIES, wall_clock

CREDENTIALS = {
    "API_KEY": "a",
    "API_SECRET": "b",
    "ACCESS_TOKEN": "c",
    "ACCESS_TOKEN_SECRET": "d",
    "API_URL": "https://api.x.com",
    "URL": "https://mastodon.example",
    "HANDLE": "midlands.bsky.social",
    "APP_PASSWORD": "e",
    "PDS": "https://bsky.social",
}


def setup(**credentials: str) -> Setup:
    return Setup(channel="nhs", series=SERIES, now=wall_clock, credentials=credentials)


def test_every_platform_of_the_table_can_be_built() -> None:
    built = {name: publisher(name, setup(**CREDENTIALS)) for name in PLATFORMS.keys() - UNSEEN}
    built["apprise"] = publisher("apprise", setup(URL="json://127.0.0.1"))
    assert {name for name, each in built.items() if not each.readable} == UNSEEN

    assert {name: each.connections for name, each in built.items()} == {
        "apprise": 4,
        "bluesky": 16,
        "local": 64,
        "mastodon": 8,
        "x": 64,
    }


def test_an_unknown_platform_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no platform 'lokal'.*did you mean 'local'"):
        publisher("lokal", setup())


@pytest.mark.parametrize(
    ("platform", "name"), [("x", "API_URL"), ("mastodon", "URL"), ("bluesky", "PDS")]
)
def test_an_address_that_would_show_the_secrets_is_refused(platform: str, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{platform.upper()}_{name}"):
        publisher(platform, setup(**(CREDENTIALS | {name: "http://example.org"})))


@pytest.mark.parametrize(
    ("platform", "name"),
    [("mastodon", "ACCESS_TOKEN"), ("bluesky", "HANDLE"), ("bluesky", "APP_PASSWORD")],
)
def test_what_is_empty_is_refused(platform: str, name: str) -> None:
    with pytest.raises(ConfigError, match="empty"):
        publisher(platform, setup(**(CREDENTIALS | {name: ""})))


def test_a_setup_does_not_show_its_credentials() -> None:
    assert "hush" not in repr(setup(API_SECRET="hush"))
    assert "hush" not in repr(replace(setup(), session="hush"))


SDKS = {
    "bot.platforms": set[str](),
    "bot.platforms.local": set[str](),
    "bot.platforms.x": {"tweepy"},
    "bot.platforms.mastodon": {"mastodon"},
    "bot.platforms.bluesky": {"atproto_client"},
}


@pytest.mark.parametrize("module", SDKS)
def test_one_platform_does_not_import_the_sdk_of_another(module: str) -> None:
    known = set.union(*SDKS.values())
    code = f"import sys, {module}; print(*sorted({known} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(ran.stdout.split()) == SDKS[module]


@pytest.mark.parametrize("sdk", ["tweepy", "mastodon", "atproto"])
def test_an_sdk_is_imported_in_one_file_alone(sdk: str) -> None:
    files = Path(sys.modules["bot"].__path__[0]).rglob("*.py")
    imports = re.compile(rf"^\s*(?:from|import) {sdk}", re.MULTILINE)
    naming = [file.stem for file in files if imports.search(file.read_text(encoding="utf-8"))]

    assert naming == [{"tweepy": "x_client", "atproto": "bluesky_client"}.get(sdk, f"{sdk}_client")]
