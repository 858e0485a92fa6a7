import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigError, UnknownNameError
from bot.platforms import PLATFORMS, Setup, publisher
from tests.support.publishers import SERIES, wall_clock

CREDENTIALS = {
    "API_KEY": "a",
    "API_SECRET": "b",
    "ACCESS_TOKEN": "c",
    "ACCESS_TOKEN_SECRET": "d",
    "API_URL": "https://api.x.com",
}


def setup(**credentials: str) -> Setup:
    return Setup(channel="nhs", series=SERIES, now=wall_clock, credentials=credentials)


def test_every_platform_of_the_table_can_be_built() -> None:
    built = {name: publisher(name, setup(**CREDENTIALS)) for name in PLATFORMS}

    assert {name: each.connections for name, each in built.items()} == {"local": 64, "x": 64}


def test_an_unknown_platform_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no platform 'lokal'.*did you mean 'local'"):
        publisher("lokal", setup())


def test_an_address_that_would_show_the_secrets_is_refused() -> None:
    with pytest.raises(ConfigError, match="X_API_URL"):
        publisher("x", setup(**(CREDENTIALS | {"API_URL": "http://api.x.com"})))


def test_a_setup_does_not_show_its_credentials() -> None:
    assert "hush" not in repr(setup(API_SECRET="hush"))


@pytest.mark.parametrize("module", ["bot.platforms", "bot.platforms.local"])
def test_one_platform_does_not_import_the_sdk_of_another(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'tweepy', 'aiohttp'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


def test_tweepy_is_imported_in_one_file_alone() -> None:
    files = Path(sys.modules["bot"].__path__[0]).rglob("*.py")
    naming = [file.name for file in files if "tweepy." in file.read_text(encoding="utf-8")]

    assert naming == ["x.py"]
