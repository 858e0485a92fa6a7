"""Whether anything was committed is seen without asking the database."""

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


def test_the_version_is_another_after_a_commit_of_anybody(stores):
    ours, others = stores
    seen = [ours.version()]
    for one in (ours, others, others):
        bump(one)
        seen.append(ours.version())
    assert None not in seen
    assert len(set(seen)) == len(seen)


def test_the_version_stays_while_nothing_is_committed(stores):
    ours, others = stores
    before = ours.version()
    with pytest.raises(ZeroDivisionError), others.writing() as connection:
        meta.bump(connection)
        raise ZeroDivisionError
    with others.reading() as connection:
        meta.revision(connection)
    assert ours.version() == before


def test_in_the_middle_of_a_commit_it_waits_for_nobody(stores):
    ours, others = stores
    before = ours.version()
    with others.writing() as connection:
        meta.bump(connection)
        assert ours.version() == before
    assert ours.version() != before


def test_where_nobody_counts_there_is_no_version():
    store = Store("sqlite:///:memory:")
    assert store.version() is None
    store.close()


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'none.db'}")
    assert store.version() is None
    assert not (tmp_path / "none.db").exists()
    store.close()
