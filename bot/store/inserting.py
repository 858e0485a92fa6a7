"""The inserts that are made for many rows, or again and again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.core.planning import Key
from bot.store.bulk import Bulk
from bot.store.tables import attempts, event_changes, events, posts, told
from bot.store.upserting import insert

ATTEMPTS = Bulk(
    lambda _connection: attempts.insert().inline(),
    *(column.name for column in attempts.columns if column.name != "id"),
)
TOLD = Bulk(lambda _connection: told.insert().inline(), *(column.name for column in told.columns))
EVENTS = Bulk(lambda _connection: events.insert().inline(), *(one.name for one in events.columns))
CHANGES = Bulk(
    lambda _connection: event_changes.insert().inline(),
    *(column.name for column in event_changes.columns if column.name != "id"),
)
_CLAIMS = Bulk(
    lambda connection: insert(connection, posts).on_conflict_do_nothing().inline(),
    *("event", "rule", "channel", "reference", "state", "template", "due", "deadline"),
    *("event_revision", "tries", "worker", "lease_until", "text", "payload", "idempotency_key"),
    *("created_at", "claimed_at"),
)
_KEY = (posts.c.id, posts.c.event, posts.c.rule, posts.c.channel, posts.c.reference)
_LAST = Bulk(lambda _connection: select(func.max(posts.c.id)))
_AFTER = Bulk(lambda _connection: select(*_KEY).where(posts.c.id > bindparam("last")))


def inserted(connection: Connection, rows: list[dict[str, Any]]) -> Iterator[tuple[int, Key]]:
    """Insert the claims that are not there yet; id and key of each that was not."""
    if connection.dialect.name == "sqlite":
        # There is one writer at a time: every row with a new id is of this statement.
        [(last,)] = _LAST.asked(connection)
        _CLAIMS.run(connection, rows)
        found = _AFTER.asked(connection, last=last or 0)
    else:
        statement = insert(connection, posts).on_conflict_do_nothing().returning(*_KEY)
        found = connection.execute(statement, rows).all()
    for post_id, *key in found:
        yield post_id, Key(*key)
