"""The store remembers when the recording of an event came."""

from datetime import timedelta

import pytest

from bot.core.model import Entry, EventFields, Reading
from bot.core.syncing import compare, merged
from bot.services import sync
from bot.store import events, meta
from bot.store.events import Author
from tests.support.builders import event, utc

NOW = utc("2021-06-10 12:00")
DAY = timedelta(days=1)


@pytest.fixture
def known(store):
    """An event without its recording; sets the link as of some days later, gives when it came."""
    with store.writing() as connection:
        author = Author(who="test", at=NOW, revision=meta.bump(connection))
        events.add(connection, event(uid="talk"), author)

    def give(url, days):
        with store.writing() as connection:
            author = Author(who="ann", at=NOW + days * DAY, revision=meta.bump(connection))
            events.change(connection, "talk", {"recording_url": url}, author)
            return events.get(connection, "talk").recorded_at

    return give


def test_it_came_when_the_first_link_did_until_it_is_taken_back(known):
    assert known("https://example.org/a", 1) == NOW + DAY
    assert known("https://example.org/b", 2) == NOW + DAY
    assert known("", 3) is None
    assert known("https://example.org/c", 4) == NOW + 4 * DAY


def test_when_what_came_with_the_event_came_is_not_known(store):
    fields = EventFields(
        title="Talk", starts=event().starts, timezone="UTC", recording_url="https://example.org/a"
    )
    with store.writing() as connection:
        sync.apply(
            connection,
            Reading(entries=[Entry(line=1, fields=fields)]),
            "list",
            NOW,
            absence_means=True,
        )
        [one] = events.load(connection)
    assert one.recorded_at is None


def test_the_next_sync_is_foreseen_with_the_moment_it_will_write(store):
    bare = EventFields(title="Talk", starts=event().starts, timezone="UTC")
    linked = EventFields(**bare, recording_url="https://example.org/a")
    later = NOW + DAY
    with store.writing() as connection:
        for fields, at in ((bare, NOW), (linked, later)):
            reading = Reading(entries=[Entry(line=1, fields=fields)])
            before = events.load(connection)
            refs = events.refs(connection, "list")
            result = compare(before, reading, source="list", refs=refs, now=at, absence_means=True)
            foreseen = [one.recorded_at for one in merged(before, result, at)]
            sync.apply(connection, reading, "list", at, absence_means=True)
            assert [one.recorded_at for one in events.load(connection)] == foreseen
    assert foreseen == [later]
