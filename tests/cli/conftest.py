"""A folder with the sample files, which the command line works in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time

import bot.services.export
import bot.worker  # noqa: F401 - loaded before time stands still: libraries note what a date is
from bot.config import ACCOUNTS, Settings
from tests.support.cli import copy_sample


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for platform, account in ACCOUNTS.items():
        for name in (*account.required, *account.options):
            monkeypatch.delenv(f"{platform.upper()}_{name}", raising=False)
    copy_sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def late_may() -> Iterator[None]:
    """It is Tuesday 25 May 2021, 10:00 in London: some of the season is over."""
    with freeze_time("2021-05-25 09:00"):
        yield
