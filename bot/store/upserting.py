"""INSERT … ON CONFLICT: SQLite and PostgreSQL share it, SQLAlchemy has it once for each."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert that has on_conflict_do_nothing() and on_conflict_do_update()."""
    # Of the two only the one that is spoken to: PostgreSQL's is a tenth of SQLAlchemy's start.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
