"""One file holds it all, and goes from any database into any other."""

import gzip
from dataclasses import replace

import pytest

from bot.core.states import Cause, State
from bot.errors import StoreError
from bot.store import backup, channels, events, images, log, meta, posts, schema
from bot.store.claims import Settlement
from bot.store.events import Author
from bot.store.session import Store
from tests.store.test_log import LEASE, NOW, X, claim_of, claimed, settle
from tests.support.builders import event, utc
from tests.support.databases import fresh_database
from tests.support.publishers import PICTURE


def filled(store):
    with store.writing() as connection:
        author = Author(who="ana", at=NOW, revision=meta.bump(connection))
        events.add(connection, event("2021-06-09 11:00", uid="talk", hosts=("Ana",)), author)
        events.add(connection, event("2021-06-03", "2021-06-04", uid="days"), author)
        meta.born(connection, NOW)
        channels.bind(
            connection,
            nickname="x",
            account=X,
            platform="x",
            host="api.x.com",
            account_id="1",
            handle="midlands",
            now=NOW,
        )
        channels.take_lease(connection, X, "a", NOW, NOW + LEASE)
    [held] = claimed(store, replace(claim_of(), image=PICTURE))
    settle(store, held, Cause.SETTLED, remote_id="99")


def everything(store):
    with store.reading() as connection:
        log_ = posts.all_posts(connection)
        return (
            events.load(connection),
            log_,
            [posts.tries_of(connection, row.id) for row in log_],
            [posts.told_facts(connection, row.id) for row in log_],
            images.load(connection, PICTURE.digest, PICTURE.alt),
            meta.born(connection, utc("2030-01-01 00:00")),
            [events.history(connection, uid) for uid in ("talk", "days")],
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres_server"))
    opened = Store(url)
    schema.check(opened)
    yield opened
    opened.close()


def test_what_is_restored_is_what_was_backed_up_whatever_the_databases(store, other, tmp_path):
    filled(store)
    rows = backup.backup(store, tmp_path / "b.jsonl.gz")
    assert backup.restore(other, tmp_path / "b.jsonl.gz") == rows
    assert everything(other) == everything(store)


def test_a_restored_log_claims_nothing_it_has_and_goes_on_counting(store, other, tmp_path):
    filled(store)
    backup.backup(store, tmp_path / "b.jsonl.gz")
    backup.restore(other, tmp_path / "b.jsonl.gz")
    assert claimed(other, claim_of()) == []
    [held] = claimed(other, claim_of("new"))
    with other.writing() as connection:
        one = Settlement(
            post_id=held.post_id,
            tries=1,
            cause=Cause.SETTLED,
            phase="post",
            outcome="sent",
            ended=NOW,
            remote_id="100",
        )
        log.settle(connection, [one])
        assert channels.load(connection)[0].lease_holder is None
    with other.reading() as connection:
        assert [row.state for row in posts.all_posts(connection)] == [State.SENT] * 2


def test_a_store_with_a_log_is_not_restored_over(store, tmp_path):
    filled(store)
    backup.backup(store, tmp_path / "b.jsonl.gz")
    with pytest.raises(StoreError, match="holds a post log already"):
        backup.restore(store, tmp_path / "b.jsonl.gz")


def test_an_existing_file_is_not_written_over(store, tmp_path):
    (tmp_path / "b").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        backup.backup(store, tmp_path / "b")
    assert (tmp_path / "b").read_text() == "precious"


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", gzip.compress(b"[]\n"), gzip.compress(b"{}\n")],
    ids=["empty", "nonsense", "a list", "nothing said"],
)
def test_what_is_no_backup_is_refused_and_changes_nothing(store, tmp_path, data):
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(StoreError):
        backup.restore(store, tmp_path / "b")


def test_a_backup_that_was_cut_off_restores_nothing(store, other, tmp_path):
    filled(store)
    backup.backup(store, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="cannot be read as a backup"):
        backup.restore(other, tmp_path / "b")
    with other.reading() as connection:
        assert events.load(connection) == []


def test_where_nobody_can_see_what_was_sent_the_log_begins_with_the_restore(store, other, tmp_path):
    filled(store)
    backup.backup(store, tmp_path / "b.gz")
    restored_at = utc("2021-07-01 00:00")
    backup.restore(other, tmp_path / "b.gz", unseen={"x"}, now=restored_at)
    with other.reading() as connection:
        [channel] = channels.load(connection)
    assert channel.bound_at == restored_at


def test_no_session_leaves_with_a_backup(store, other, tmp_path):
    filled(store)
    with store.writing() as connection:
        assert channels.keep_session(connection, "x", "x", "a-sealed-session")
    backup.backup(store, tmp_path / "b.gz")
    assert b"a-sealed-session" not in gzip.decompress((tmp_path / "b.gz").read_bytes())
    backup.restore(other, tmp_path / "b.gz")
    with other.reading() as connection:
        assert channels.session(connection, "x", "x") == ""
