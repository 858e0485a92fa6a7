"""INSERT … ON CONFLICT: SQLite and PostgreSQL share it, SQLAlchemy has it once for each."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that has on_conflict_do_nothing() and on_conflict_do_update()."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
