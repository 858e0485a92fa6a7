"""Whether anything was committed is seen without asking the database."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store import meta, schema
from bot.store.session import Store


@pytest.fixture
def stores(tmp_path):
    """Two on one file, as two processes have them."""
    url = f"sqlite:///{tmp_path / 'a name with spaces & signs.db'}"
    found = Store(url), Store(url)
    schema.check(found[0])
    yield found
    for one in found:
        one.close()


def bump(store):
    with store.writing() as connection:
        meta.bump(connection)


def test_a_glance_sees_what_anybody_committed(stores):
    ours, others = stores
    seen = []
    for one in (ours, others, others):
        bump(one)
        seen.append(meta.glance(ours))
    assert seen == [1, 2, 3]


def test_what_was_not_committed_is_not_seen(stores):
    ours, others = stores
    bump(others)
    with pytest.raises(ZeroDivisionError), others.writing() as connection:
        meta.bump(connection)
        raise ZeroDivisionError
    assert meta.glance(ours) == 1


def test_in_the_middle_of_a_commit_it_waits_for_nobody(stores):
    ours, others = stores
    bump(others)
    with others.writing() as connection:
        meta.bump(connection)
        assert meta.glance(ours) == 1
    assert meta.glance(ours) == 2


def test_a_glance_holds_up_nobody(stores):
    ours, others = stores
    bump(others)
    assert meta.glance(ours) == 1
    with sqlite3.connect(others.path, timeout=0) as connection:
        [(busy, *_)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert not busy


def test_where_nothing_can_be_had_without_waiting_it_is_looked_for():
    store = Store("sqlite:///:memory:")
    schema.check(store)
    bump(store)
    assert (meta.glance(store), meta.look(store)) == (None, 1)
    store.close()


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'none.db'}")
    assert meta.glance(store) is None
    assert not (tmp_path / "none.db").exists()
    store.close()


def test_what_failed_leaves_nothing_behind_for_the_next_transaction(store):
    for _ in range(2):
        with store.writing() as connection:
            meta.bump(connection)
        with pytest.raises(ZeroDivisionError), store.writing() as connection:
            meta.bump(connection)
            raise ZeroDivisionError
    with store.writing() as connection:
        assert meta.revision(connection) == 2


def test_who_writes_while_another_does_waits_for_its_end(stores):
    ours, _ = stores
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _number: bump(ours), range(40)))
    assert meta.look(ours) == 40
