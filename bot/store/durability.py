"""Whether the database keeps what it said it committed."""

from sqlalchemy import text

from bot.errors import StoreError
from bot.store.session import Store


def durability(store: Store) -> str:
    """How it keeps it, in a few words. StoreError where it does not, or cannot be written."""
    with store.writing() as connection:
        if store.is_sqlite:
            mode = connection.execute(text("PRAGMA journal_mode")).scalar()
            return f"SQLite, {mode} mode"
        commit = connection.execute(text("SHOW synchronous_commit")).scalar()
        standby = connection.execute(
            text("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'async'")
        ).scalar()
    if commit == "off":
        raise StoreError(
            "synchronous_commit is off: a crash loses what was committed; set it to on"
        )
    if standby:
        return "PostgreSQL; its replication is asynchronous: a fail-over may lose the last posts"
    return f"PostgreSQL, synchronous_commit {commit}"
