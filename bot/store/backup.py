"""The whole store in one file, from whichever database it is in into whichever other.

The file is gzipped JSON lines: a line about the file, then a line a row. It holds no credentials,
nor the sessions made by them.
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, func, insert, select, text

from bot.core.telling import read_moment, written
from bot.errors import StoreError
from bot.store.schema import NEWEST
from bot.store.session import Store
from bot.store.tables import Instant, Moment, channels, metadata, posts

FORMAT = 1
_BATCH = 1000


def backup(store: Store, path: Path, progress: Callable[[int], None] = lambda _rows: None) -> int:
    """Write everything as of one moment; how many rows that were. An existing file is kept."""
    if path.exists():
        raise StoreError(f"{path} exists already: choose another name, nothing was written")
    partial = path.with_name(path.name + ".part")
    count = 0
    with store.snapshot() as connection, gzip.open(partial, "wt", encoding="utf-8") as out:
        out.write(json.dumps({"format": FORMAT, "schema": NEWEST}) + "\n")
        for table in metadata.sorted_tables:
            kept = select(*(one for one in table.c if one.info.get("leaves", True)))
            for row in connection.execution_options(yield_per=_BATCH).execute(kept):
                out.write(json.dumps([table.name, _plain(row)], ensure_ascii=False) + "\n")
                count += 1
                progress(count)
    partial.rename(path)
    return count


def restore(
    store: Store,
    path: Path,
    progress: Callable[[int], None] = lambda _rows: None,
    *,
    unseen: Collection[str] = (),
    now: datetime | None = None,
) -> int:
    """Fill an empty store from a backup; how many rows. All of it, or nothing.

    What fell due until `now` on platforms that are `unseen` may have been sent since the backup,
    and nobody can look: there the log begins now.
    """
    count = 0
    with store.rebuilding() as connection:
        if connection.execute(select(func.count()).select_from(posts)).scalar():
            raise StoreError(
                "the database holds a post log already: restore into an empty one"
                " (set DATABASE_URL to a new database, then run bot db upgrade)"
            )
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table, rows in _batches(path):
            connection.execute(insert(table), rows)
            count += len(rows)
            progress(count)
        connection.execute(channels.update().values(lease_holder=None, lease_until=None))
        if now is not None:
            of_unseen = channels.c.platform.in_(unseen)
            connection.execute(channels.update().where(of_unseen).values(bound_at=now))
        if not store.is_sqlite:
            _count_on(connection)
    return count


def _batches(path: Path) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    current: Table | None = None
    rows: list[dict[str, Any]] = []
    for name, row in _lines(path):
        table = metadata.tables[name]
        if rows and current is not None and (table is not current or len(rows) >= _BATCH):
            yield current, rows
            rows = []
        current = table
        rows.append(_typed(table, row))
    if rows and current is not None:
        yield current, rows


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as found:
            about = json.loads(next(found))
            if about != {"format": FORMAT, "schema": NEWEST}:
                raise StoreError(
                    f"{path} is a backup of another version ({about.get('schema')}):"
                    " restore it with the version that made it, then upgrade"
                )
            for line in found:
                name, row = json.loads(line)
                yield name, row
    except (OSError, EOFError, StopIteration, ValueError, AttributeError) as error:
        raise StoreError(f"{path} cannot be read as a backup: {error}") from error


def _plain(row: Any) -> dict[str, Any]:
    return {name: _written(value) for name, value in row._mapping.items()}  # noqa: SLF001


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return written(value) if isinstance(value, date) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _read(table.c[name], value) for name, value in row.items()}


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return b64decode(value)
    return read_moment(value) if isinstance(column.type, Moment) else value


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL's numbers go on behind those that were restored."""
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c["id"].type, Integer):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608 - our own names
                    f" (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
                )
            )
