"""Questions of every turn, whose answers are rows by name, as SQLAlchemy gives them.

They go to SQLite itself. To know a question again, and to make ready for every kind of answer,
takes SQLAlchemy several times as long as SQLite needs to answer it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select, bindparam

from bot.store.bulk import Bulk, driver_of

CHUNK = 400
"""Names or keys a statement: SQLite's variables are limited."""

_Read = Callable[[Any], Any]


class Question:
    """A question that is put together once."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._bulk = Bulk(lambda _connection: statement)
        named: Callable[..., Any] = namedtuple  # noqa: PYI024 - its names are those of the columns
        self._row = named("Row", statement.selected_columns.keys())
        self._reads: list[tuple[int, _Read]] | None = None

    def asked(self, connection: Connection, **given: Any) -> Sequence[Any]:
        """Its rows; `given`: its parameters. Raises what SQLAlchemy raises."""
        if driver_of(connection) is None:
            return connection.execute(self._statement, given).all()
        if self._reads is None:
            self._reads = self._reading(connection.dialect)
        return [self._read(row, self._reads) for row in self._bulk.asked(connection, **given)]

    def _read(self, row: Sequence[Any], reads: Sequence[tuple[int, _Read]]) -> Any:
        values = list(row)
        for place, read in reads:
            values[place] = read(values[place])
        return self._row(*values)

    def _reading(self, dialect: Dialect) -> list[tuple[int, _Read]]:
        """How the columns are read that are not taken as they are."""
        reads = (
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in self._statement.selected_columns
        )
        return [(place, read) for place, read in enumerate(reads) if read is not None]


class QuestionOfMany:
    """A question about some names, of which there may be any number."""

    def __init__(self, statement: Callable[[Any], Select[Any]]) -> None:
        """`statement`: makes it from what a column is to be `in_`."""
        self._statement = statement
        self._whole = statement(bindparam("names", expanding=True))
        self._of: dict[int, Question] = {}  # by how many, a power of two: ten of them at most

    def asked(self, connection: Connection, names: Iterable[str], **given: Any) -> Iterator[Any]:
        """Its rows, in the order of the statement for every few hundred names."""
        wanted = sorted(set(names))
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            if driver_of(connection) is None:
                yield from connection.execute(self._whole, given | {"names": some})
            else:
                padded = some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
                numbered = {f"name_{number}": name for number, name in enumerate(padded)}
                yield from self._question(len(padded)).asked(connection, **given, **numbered)

    def _question(self, size: int) -> Question:
        if size not in self._of:
            of: list[Any] = [bindparam(f"name_{number}") for number in range(size)]
            self._of[size] = Question(self._statement(of))
        return self._of[size]
