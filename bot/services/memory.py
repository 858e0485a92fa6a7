"""What notices go by: what was told of events, and how they came to be what they are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

from bot.core.model import Event, EventRecord
from bot.core.rules import Change, OnChange, Schedules
from bot.core.telling import Telling, Turn
from bot.store import meta, tellings
from bot.store.session import Connection
from bot.store.tellings import LOOKS

_RECENT = timedelta(days=30)
"""How long a change of an event that is over is looked at; one of a coming event always is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What was told of events, and how they came to be what they are."""

    tellings: Mapping[str, Mapping[str, Sequence[Telling]]] = field(default_factory=dict)
    """By account and event."""
    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)  #: by event
    news: frozenset[str] = frozenset()  #: events that the first reading of their list had not
    uids: frozenset[str] = frozenset()  #: the events that were looked at


NOTHING_TOLD = Memory()


def remember(
    connection: Connection,
    records: Sequence[EventRecord],
    schedules: Schedules,
    accounts: Collection[str],
    now: datetime | None = None,
    *,
    looks: int = LOOKS,
    also: Collection[str] = (),
    some: Collection[str] | None = None,
) -> Memory:
    """What notices go by; nothing is read where the file has none.

    `now`: events that are over and were left alone for long are not looked at. `looks`: how many
    make a whole series. `also`: other events to look at. `some`: the uids of the records, where
    they are not all.
    """
    if not any(isinstance(rule.when, OnChange) for rule in schedules.rules):
        return Memory()
    changed = tellings.changed(connection, some)
    uids = frozenset([*_worth_a_look(connection, records, schedules, changed, now), *also])
    return Memory(
        tellings={
            account: tellings.of_events(connection, account, uids, looks=looks)
            for account in accounts
        },
        turns=tellings.turns(connection, uids),
        news=frozenset(_news(connection, [one for one in records if one.event.uid in uids])),
        uids=uids,
    )


def changes(
    stored: Mapping[str, Event], records: Iterable[EventRecord], now: datetime
) -> Mapping[str, Turn]:
    """The change of each event that is not as it is stored, if it is made now."""
    found: dict[str, Turn] = {}
    names = [one.name for one in fields(Event)]
    for record in records:
        before, after = stored.get(record.event.uid), record.event
        if before is not None and before != after:
            what = {name for name in names if getattr(before, name) != getattr(after, name)}
            found[after.uid] = Turn(now, frozenset(what))
    return found


def _worth_a_look(
    connection: Connection,
    records: Iterable[EventRecord],
    schedules: Schedules,
    changed: Mapping[str, datetime],
    now: datetime | None,
) -> Iterator[str]:
    """Events of which something may be otherwise than it was told, or not told at all."""
    asked = {rule.when.change for rule in schedules.rules if isinstance(rule.when, OnChange)}
    born = meta.known_birth(connection)
    since = datetime.min.replace(tzinfo=UTC) if now is None else now - _RECENT
    for record in records:
        uid, event = record.event.uid, record.event
        if max(event.over_at, changed.get(uid, event.over_at)) <= since:
            continue
        is_recorded = event.recording_url and Change.RECORDING in asked
        is_news = Change.ADDED in asked and born is not None and record.created_at >= born
        if uid in changed or is_recorded or is_news:
            yield uid


def _news(connection: Connection, records: Sequence[EventRecord]) -> Iterator[str]:
    authors = tellings.authors(connection, [one.event.uid for one in records])
    first = meta.first_readings(connection, set(authors.values()))
    for record in records:
        who = authors.get(record.event.uid)
        if who is not None and (who not in first or first[who] < record.created_at):
            yield record.event.uid
