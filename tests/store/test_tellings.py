"""What was told of which event, on both databases, without a look at the rest of the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.planning import Key
from bot.core.states import Cause
from bot.core.telling import Standing, facts
from bot.store import events, log, meta, posts, tellings
from bot.store.claims import Claim, Settlement
from bot.store.events import Author
from tests.support.builders import event, utc

NOW = utc("2021-06-02 08:00")
LEASE = timedelta(minutes=2)
X, MASTODON = "x:api.x.com:1", "mastodon:example.social:2"


def claimed(store, *uids, channel=X, reference="2021-06-09", name="talk"):
    one = Claim(
        key=Key(name, "week-before", channel, reference),
        template="reminder",
        due=NOW,
        deadline=NOW + timedelta(hours=12),
        true_until=NOW + timedelta(hours=12),
        event_revision=1,
        text="Next week",
        idempotency_key="key",
        facts=tuple((uid, facts(event("2021-06-09", uid=uid))) for uid in uids),
    )
    with store.writing() as connection:
        [held] = log.claim(connection, [one], worker="a", now=NOW, until=NOW + LEASE)
    return held


def settled(store, held, cause, **fields):
    with store.writing() as connection:
        one = Settlement(
            post_id=held.post_id, tries=1, cause=cause, phase="post", outcome="o", ended=NOW
        )
        log.settle(connection, [replace(one, **fields)])


def found(store, uid, *, channel=X, looks=3):
    with store.reading() as connection:
        return tellings.of_events(connection, channel, [uid], looks=looks).get(uid, [])


def test_a_digest_has_told_of_each_event_it_speaks_of(store):
    held = claimed(store, "a", "b", name="series")
    settled(store, held, Cause.SETTLED, remote_id="77")
    for uid in ("a", "b"):
        [telling] = found(store, uid)
        assert (telling.post_id, telling.remote_id) == (held.post_id, "77")
        assert (telling.standing, telling.at) == (Standing.SENT, NOW)
        assert telling.facts == facts(event("2021-06-09", uid=uid))
    assert found(store, "c") == []


def test_each_channel_has_told_its_own(store):
    settled(store, claimed(store, "a"), Cause.SETTLED, remote_id="1")
    assert found(store, "a", channel=MASTODON) == []


@pytest.mark.parametrize(
    ("cause", "standing"),
    [(None, Standing.PENDING), (Cause.UNCLEAR, Standing.PENDING), (Cause.REFUSED, None)],
)
def test_what_may_have_been_told_is_pending_and_what_was_refused_was_not(store, cause, standing):
    held = claimed(store, "a")
    if cause is not None:
        settled(store, held, cause)
    assert [one.standing for one in found(store, "a")] == ([standing] if standing else [])


def test_what_was_looked_for_in_vain_is_doubtful(store):
    held = claimed(store, "a")
    settled(store, held, Cause.UNCLEAR)
    look = Settlement(
        post_id=held.post_id, tries=1, cause=Cause.UNCLEAR, phase="lookup", outcome="absent",
        ended=NOW,
    )  # fmt: skip
    with store.writing() as connection:
        log.looked(connection, look, counts=True)
    assert [one.standing for one in found(store, "a", looks=2)] == [Standing.PENDING]
    assert [one.standing for one in found(store, "a", looks=1)] == [Standing.DOUBTFUL]
    settled(store, held, Cause.UNCLEAR, needs_person=True)


@pytest.mark.parametrize(("reference", "ids"), [("2021-06-09", []), ("17", [None])])
def test_what_was_taken_down_tells_nothing_but_that_a_notice_put_it_right(store, reference, ids):
    held = claimed(store, "a", reference=reference)
    settled(store, held, Cause.SETTLED, remote_id="1")
    with store.writing() as connection:
        gone = Settlement(
            post_id=held.post_id, tries=1, cause=Cause.SETTLED, phase="post", outcome="deleted",
            ended=NOW, remote_id="1", reason="deleted by ana",
        )  # fmt: skip
        log.taken_down(connection, gone, gone=True)
    assert [one.remote_id for one in found(store, "a")] == ids


def test_changes_are_told_with_their_fields_and_who_added_an_event(store):
    later = NOW + timedelta(hours=1)
    with store.writing() as connection:
        author = Author(who="listing:a.txt", at=NOW, revision=meta.bump(connection))
        events.add(connection, event("2021-06-09", uid="a"), author)
        events.add(connection, event("2021-06-09", uid="b"), author)
        person = Author(who="ana", at=later, revision=meta.bump(connection))
        events.change(connection, "a", {"location": "Room 7"}, person)
        events.mark_vanished(connection, "a", person, vanished=True)
    with store.reading() as connection:
        assert tellings.changed(connection) == {"a": later}
        turns = tellings.turns(connection, ["a", "b"])
        assert [(one.at, sorted(one.what)) for one in turns["a"]] == [
            (later, ["changed", "location"]),
            (later, ["vanished"]),
        ]
        assert "b" not in turns
        assert tellings.authors(connection, ["a"]) == {"a": "listing:a.txt"}


def test_a_source_is_read_for_the_first_time_once(store):
    name = "listing:" + "a/" * 200
    for hours in (0, 1):
        with store.writing() as connection:
            meta.note_reading(connection, name, NOW + timedelta(hours=hours))
    with store.reading() as connection:
        assert meta.first_readings(connection, [name, "yaml:b"]) == {name: NOW}


def test_corrections_are_left_out_of_what_the_limits_count(store):
    claimed(store, "a")
    with store.reading() as connection:
        assert posts.taken(connection, X, NOW - LEASE) == [NOW]
        assert posts.taken(connection, X, NOW - LEASE, but=["week-before"]) == []
