"""One statement for many rows, without SQLAlchemy's work for each of them.

SQLAlchemy compiles the statement once for a dialect, and says how each value is written; what it
does beyond that for each row costs more than the database does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

_Write = Callable[[Any], Any]


class _Prepared(NamedTuple):
    sql: str
    columns: Sequence[tuple[str, _Write | None]]
    fixed: Mapping[str, Any]  #: what the statement itself says
    positional: bool


class Bulk:
    """A statement to be run for many rows, each a mapping by the names of its parameters."""

    def __init__(self, statement: Callable[[Connection], Any], *columns: str) -> None:
        """`columns`: of an insert, those that the rows give."""
        self._statement = statement
        self._columns = columns
        self._prepared: dict[str, _Prepared] = {}

    def run(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for every row, in their order. Raises what SQLAlchemy raises."""
        name = connection.dialect.name
        if name not in self._prepared:
            self._prepared[name] = self._prepare(connection)
        sql, columns, fixed, positional = self._prepared[name]
        written = [
            [row[name] if write is None else write(row[name]) for name, write in columns]
            for row in ([{**fixed, **row} for row in rows] if fixed else rows)
        ]
        if not written:
            return
        if positional:
            connection.exec_driver_sql(sql, [tuple(one) for one in written])
        else:
            names = [name for name, _ in columns]
            connection.exec_driver_sql(sql, [dict(zip(names, one, strict=True)) for one in written])

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
