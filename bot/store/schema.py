"""Bringing a database to the schema of this version of the program."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.session import Store

NEWEST = "0003"
"""The revision this version of the program works with: the last file of migrations/versions."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_465_737  # any number: one upgrade at a time on a PostgreSQL server


def upgrade(store: Store) -> bool:
    """Apply what is missing, in one transaction; whether there was anything to do."""
    # Alembic is half of a command's start-up time, and needed once in a database's life.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with store.rebuilding() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _current(connection) == NEWEST:
            return False
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return True


def check(store: Store) -> None:
    """Refuse a database of another version; an empty one is brought up to date at once."""
    with store.reading() as connection:
        current = _current(connection)
        is_empty = current is None and not inspect(connection).has_table("posts")
    if is_empty:
        upgrade(store)
    elif current is None or current > NEWEST:
        raise StoreError(
            "the database was made by a newer version of the bot or by another program:"
            " install that version, or point DATABASE_URL elsewhere"
        )
    elif current != NEWEST:
        raise StoreError("the database is of an older version: run `bot db upgrade`")


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
