"""Connections and transactions: how the database keeps what the promise counts on.

SQLite runs in WAL mode with synchronous=FULL, and every writing transaction is BEGIN IMMEDIATE:
it waits for the other writer at its start instead of failing at its end. A writing transaction
that returns has been committed; one that raises has changed nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from bot.errors import StoreError

__all__ = ["BUSY_SECONDS", "Connection", "Store", "file_of", "normalised"]
# Connection is handed on by this name: SQLAlchemy itself is imported nowhere above the store.

BUSY_SECONDS = 15
"""How long a writer waits for another one before it gives up."""


class Store:
    """One database; the other files of this folder are what can be asked of it."""

    def __init__(self, url: str, *, patience: float = BUSY_SECONDS, durable: bool = True) -> None:
        """`patience`: seconds to wait for another writer, or for one that stopped in mid-work.

        `durable`: False for an SQLite file that nobody keeps: nothing waits for the disk.
        """
        self.url = url
        self.engine = _engine(url, patience)
        self._glances: sqlite3.Connection | None = None
        self._writers: list[Connection] = []
        if not durable:
            event.listen(self.engine, "connect", _forget)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None for one in memory or on a server."""
        return file_of(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with _told_to_people(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Like reading(), and what others commit meanwhile is not seen however long it takes."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with (
            _told_to_people(self.engine),
            self.engine.connect().execution_options(**level) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or changes nothing."""
        with _told_to_people(self.engine), self._writer() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """One that another transaction is through with, or a new one; one that failed is given up.

        To take one out of the pool and to put it back takes longer than a transaction of SQLite.
        """
        try:
            connection = self._writers.pop()
        except IndexError:
            connection = self.engine.connect().execution_options(writes=True)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self.path is None:
            connection.close()
        else:
            self._writers.append(connection)

    def now(self) -> datetime | None:
        """What the database's clock shows; None where it is this machine's."""
        if self.is_sqlite:
            return None
        with self.reading() as connection:
            found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return found.astimezone(UTC)

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """As `writing`, and it may take as long as it takes: a restore, a new schema."""
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(text(_NO_LIMITS))
            yield connection

    def glance(self, question: str) -> Any:
        """The answer to a question for one value, where it takes microseconds and no waiting.

        None where it does not, or there is none: no writer holds up a reader of SQLite, and what
        nobody changed is still in the memory of the connection that is kept for this.
        """
        try:
            if self._glances is None:
                if self.path is None:
                    return None
                uri = f"{self.path.absolute().as_uri()}?mode=rw"
                self._glances = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=0)
            found = self._glances.execute(question).fetchall()  # all: else it stays a reader
        except sqlite3.Error:
            return None
        return found[0][0] if found else None

    def close(self) -> None:
        if self._glances is not None:
            self._glances.close()
            self._glances = None
        while self._writers:
            self._writers.pop().close()
        self.engine.dispose()


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for one in memory or on a server. Opens nothing."""
    parsed = _parsed(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (
        None,
        "",
        ":memory:",
    )
    return Path(parsed.database or "") if is_file else None


def normalised(url: str) -> str:
    """The URL as SQLAlchemy wants it: hosts still hand out `postgres://`."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _parsed(url: str) -> URL:
    try:
        return make_url(normalised(url))
    except (ArgumentError, ValueError) as error:
        raise StoreError(_NO_URL) from error


def _engine(url: str, patience: float) -> Engine:
    parsed = _parsed(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, patience)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed, patience)
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        raise StoreError(_NO_URL) from error
    raise StoreError(
        f"DATABASE_URL names {parsed.get_backend_name()}: only sqlite and postgresql are supported"
    )


def _postgresql(url: Any, patience: float) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, connect_args=_GONE)
    limit = round(patience * 1000)

    def prepare(connection: Any, _record: object) -> None:
        # A worker frozen in mid-transaction holds locks that the others would wait for in vain.
        for name in ("lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(f"SET {name} = {limit}")
        if connection.info.server_version >= _LIMITS_TRANSACTIONS:  # in mid-pipeline it is not idle
            connection.execute(f"SET transaction_timeout = {limit * 4}")
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


_LIMITS_TRANSACTIONS = 17_00_00  # the first version that does
_NO_LIMITS = (
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('lock_timeout', 'transaction_timeout')"
)

# A server that is gone without a word is given up within seconds, not after the kernel's minutes.
_GONE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def _sqlite(url: Any, patience: float) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    engine = create_engine(
        url,
        connect_args={"timeout": patience, "check_same_thread": False},
        **({"poolclass": StaticPool} if in_memory else {}),
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _forget(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


_NO_URL = (
    "DATABASE_URL is not a database URL: expected sqlite:///FILE or postgresql://USER@HOST/NAME"
)

_HINTS = (
    ("disk is full", "the disk is full: make room, nothing was lost"),
    ("readonly", "the database is read-only: give the bot's user the right to write it"),
    ("locked", "another program holds the database: find and stop it"),
    ("malformed", "the database file is damaged: set it aside, then `bot db restore`"),
    ("not a database", "the file is not an SQLite database: check DATABASE_URL"),
    ("unable to open", "the database file cannot be opened: check the folder and its permissions"),
    ("no such table", "the database has no tables yet: run `bot db upgrade`"),
    ("does not exist", "the database has no tables yet: run `bot db upgrade`"),
    ("no such column", "the database is of another version: run `bot db upgrade`"),
    ("connection", "the database server cannot be reached: it is tried again"),
)


@contextmanager
def _told_to_people(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:  # the latter where a connection is prepared
        found = error.orig if isinstance(error, DBAPIError) else None
        said = (str(found or error).strip().splitlines() or [type(error).__name__])[0]
        hint = next((hint for word, hint in _HINTS if word in said.lower()), said)
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"{where}: {hint}") from error
