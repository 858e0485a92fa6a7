"""Fixtures that more than one folder of tests needs."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.session import Store
from tests.support.databases import fresh_database, postgres
from tests.support.pds import Pds, running_pds
from tests.support.snac import Snac, running_snac


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server for this test process."""
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind the bot runs on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    return fresh_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def empty_store(database_url: str) -> Iterator[Store]:
    """A store without a schema, on each kind of database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with the newest schema, on each kind of database."""
    opened = Store(database_url)
    schema.check(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pds_server() -> Iterator[Pds]:
    """A real Bluesky server for this test process."""
    with running_pds() as pds:
        yield pds


@pytest.fixture(scope="session")
def snac_server() -> Iterator[Snac]:
    """A real server with Mastodon's API for this test process."""
    with running_snac() as snac:
        yield snac


_numbers = count(1)


@pytest.fixture
def pds(pds_server: Pds) -> Pds:
    """A new account on the Bluesky server."""
    return pds_server.another(f"account{next(_numbers)}")


@pytest.fixture
def snac(snac_server: Snac) -> Snac:
    """A new account on the server with Mastodon's API."""
    return snac_server.another(f"account{next(_numbers)}")
