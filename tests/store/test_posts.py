"""The log as it is read: what is asked of some events is answered without reading the rest."""

from datetime import timedelta
from itertools import count

import pytest

from bot.core.planning import Key
from bot.store import log, posts, schema
from bot.store.claims import Claim
from bot.store.session import Store
from tests.support.builders import utc

NOW = utc("2021-06-02 08:00")
X = "x:api.x.com:1"


def key(number):
    return Key(f"talk-{number}", "week-before", X, "2021-06-09")


def filled(path, size):
    """A log of so many posts of one channel."""
    store = Store(f"sqlite:///{path}")
    schema.check(store)
    claims = [
        Claim(
            key=key(number),
            template="reminder",
            due=NOW,
            deadline=NOW + timedelta(hours=12),
            true_until=NOW + timedelta(hours=12),
            event_revision=1,
            text="Next week",
            idempotency_key=f"key-{number}",
            facts=(),
        )
        for number in range(size)
    ]
    with store.writing() as connection:
        log.claim(connection, claims, worker="a", now=NOW, until=NOW + timedelta(minutes=2))
    return store


def steps(store, ask):
    """In tens of SQLite's instructions, what a question takes."""
    taken = count()
    with store.writing() as connection:
        ask(connection)  # what is put together once, is
        driver = connection.connection.dbapi_connection
        driver.set_progress_handler(lambda: next(taken) < 0, 10)
        found = ask(connection)
        driver.set_progress_handler(None, 10)
    assert len(found) == 2
    return next(taken)


@pytest.mark.parametrize(
    "ask",
    [
        lambda connection: posts.of_events(connection, X, ["talk-1", "talk-2"]),
        lambda connection: posts.of_keys(connection, [key(1), key(2)]),
    ],
    ids=["of events", "of keys"],
)
def test_what_is_asked_of_some_events_takes_as_long_in_a_long_log_as_in_a_short_one(tmp_path, ask):
    few, many = filled(tmp_path / "few.db", 20), filled(tmp_path / "many.db", 2000)
    assert steps(many, ask) <= 2 * steps(few, ask)
    few.close()
    many.close()
