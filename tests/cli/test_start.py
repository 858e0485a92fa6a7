"""A command loads what it uses and no more: people wait for it."""

import subprocess
import sys

import pytest

from bot.store import schema
from bot.store.session import Store

WORKERS = {
    "aiohttp", "alembic", "apprise", "apscheduler", "atproto_client", "babel", "icalendar",
    "mastodon", "oauthlib", "requests", "rich", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm",
    "tweepy", "typst", "uvloop", "bot.services.deliver", "bot.services.desk", "bot.worker",
}  # fmt: skip
"""What only the worker needs, or what only some commands print with."""
LIBRARIES = {"asyncio", "jinja2", "pydantic", "sqlalchemy", "yaml", "bot.core.rules"}


def loaded(folder, *arguments):
    """The modules that a command has loaded when it ends."""
    code = "import atexit, sys; atexit.register(lambda: print('', *sys.modules, sep='\\n'))"
    code += f"; sys.argv[1:] = {arguments!r}; from bot.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.splitlines())


def test_help_loads_nothing_but_the_command_line(folder):
    assert loaded(folder, "--help") & (WORKERS | LIBRARIES) == set()


@pytest.mark.parametrize("has_store", [False, True])
@pytest.mark.parametrize("command", ["plan", "check"])
def test_a_command_that_looks_loads_nothing_of_the_worker(folder, command, has_store):
    if has_store:
        schema.check(Store(f"sqlite:///{folder / 'bot.db'}"))
    assert loaded(folder, command) & WORKERS == set()
