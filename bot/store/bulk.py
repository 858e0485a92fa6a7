"""Statements of every round: for many rows, or asked again and again.

SQLAlchemy compiles a statement once for a dialect, and says how each value is written; what it
does beyond that for each row, or to know a statement again, costs more than the database does.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

_Write = Callable[[Any], Any]


class _Prepared(NamedTuple):
    sql: str
    columns: Sequence[tuple[str, _Write | None]]
    fixed: Mapping[str, Any]  #: what the statement itself says
    positional: bool

    def written(self, row: Mapping[str, Any]) -> Any:
        """The parameters of a row, as the driver takes them."""
        given = {**self.fixed, **row} if self.fixed else row
        values = [
            given[name] if write is None else write(given[name]) for name, write in self.columns
        ]
        if self.positional:
            return tuple(values)
        return dict(zip((name for name, _ in self.columns), values, strict=True))


class Bulk:
    """A statement to be run for many rows, each a mapping by the names of its parameters."""

    def __init__(self, statement: Callable[[Connection], Any], *columns: str) -> None:
        """`columns`: of an insert, those that the rows give."""
        self._statement = statement
        self._columns = columns
        self._prepared: dict[str, _Prepared] = {}

    def run(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for every row, in their order. Raises what SQLAlchemy raises."""
        prepared = self._prepared_for(connection)
        written = [prepared.written(row) for row in rows]
        if not written:
            return
        if driver := driver_of(connection):
            with _told_as_ever(prepared.sql):
                driver.executemany(prepared.sql, written)
        else:
            connection.exec_driver_sql(prepared.sql, written)

    def asked(self, connection: Connection, **given: Any) -> Sequence[Sequence[Any]]:
        """The rows of a question, as the driver has them: for text and numbers only."""
        prepared = self._prepared_for(connection)
        written = prepared.written(given)
        if driver := driver_of(connection):
            with _told_as_ever(prepared.sql):
                return driver.execute(prepared.sql, written).fetchall()
        return connection.exec_driver_sql(prepared.sql, written).all()

    def _prepared_for(self, connection: Connection) -> _Prepared:
        name = connection.dialect.name
        if name not in self._prepared:
            self._prepared[name] = self._prepare(connection)
        return self._prepared[name]

    def _prepare(self, connection: Connection) -> _Prepared:
        dialect = connection.dialect
        compiled = self._statement(connection).compile(
            dialect=dialect, column_keys=list(self._columns) or None
        )
        writes = compiled._bind_processors  # noqa: SLF001 - what SQLAlchemy itself goes by
        names = compiled.positiontup if dialect.positional else list(compiled.params)
        return _Prepared(
            sql=str(compiled),
            columns=[(name, writes.get(name)) for name in names],
            fixed={
                name: value
                for name, value in compiled.params.items()
                if not compiled.binds[name].required
            },
            positional=dialect.positional,
        )


def driver_of(connection: Connection) -> sqlite3.Connection | None:
    """SQLite itself, where a transaction is under way: a question costs a sixth of what it costs
    through SQLAlchemy. None for other databases, whose way there is longer than SQLAlchemy's.
    """
    if connection.dialect.name != "sqlite" or not connection.in_transaction():
        return None
    found = connection.connection.dbapi_connection
    return found if isinstance(found, sqlite3.Connection) else None


@contextmanager
def _told_as_ever(sql: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise IntegrityError(sql, None, error) from error
