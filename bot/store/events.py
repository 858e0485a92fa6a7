"""The events and every change to them. Each change belongs to one revision of the store."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.core.model import Event, EventFields, EventRecord, Format, Status, recorded_at
from bot.core.telling import read_moment, written
from bot.errors import UnknownNameError, nearest
from bot.store.asking import Question
from bot.store.inserting import CHANGES, EVENTS
from bot.store.tables import event_changes, event_refs, events
from bot.store.upserting import insert

_EVENT_FIELDS = tuple(field.name for field in fields(Event))
_values = attrgetter(*_EVENT_FIELDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who changes events, when, and in which revision of the store."""

    who: str  #: a source's name, or a person's
    at: datetime
    revision: int
    by_hand: bool = False  #: a person: what they set, a sync leaves


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRecord:
    """One change that was made to an event."""

    uid: str
    at: datetime
    who: str
    what: str
    before: Mapping[str, Any]  #: the fields that changed; all of them where it was added
    after: Mapping[str, Any]


def load(connection: Connection, uids: Iterable[str] | None = None) -> list[EventRecord]:
    """All events, or some, by start and uid."""
    statement = select(events)
    if uids is not None:
        statement = statement.where(events.c.uid.in_(list(uids)))
    sources = defaultdict(list)
    for ref in connection.execute(select(event_refs.c.uid, event_refs.c.source)):
        sources[ref.uid].append(ref.source)
    found = [_record(row, sources[row.uid]) for row in connection.execute(statement)]
    return sorted(found, key=lambda record: (record.event.begins_at, record.event.uid))


def changed_since(connection: Connection, revision: int) -> list[EventRecord]:
    """The events that were added or changed after a revision of the store, in no order."""
    found, sources = {}, defaultdict[str, list[str]](list)
    for row in _CHANGED.asked(connection, since=revision):
        found[row.uid] = row
        sources[row.uid] += [row.source] if row.source is not None else []
    return [_record(row, sources[uid]) for uid, row in found.items()]


_CHANGED = Question(
    select(events, event_refs.c.source)
    .outerjoin(event_refs, events.c.uid == event_refs.c.uid)
    .where(events.c.revision > bindparam("since"))
)


def get(connection: Connection, uid: str) -> EventRecord:
    """One event; UnknownNameError offers the nearest uid."""
    found = load(connection, [uid])
    if not found:
        known = connection.execute(select(events.c.uid)).scalars().all()
        raise UnknownNameError(f"there is no event '{uid}'{nearest(uid, known)}")
    return found[0]


def add(
    connection: Connection, event: Event, author: Author, *, by_hand: Iterable[str] = ()
) -> None:
    """Insert an event that is new; `by_hand` are the fields a sync is to leave."""
    row = _row(event)
    known = {
        "revision": author.revision,
        "created_at": author.at,
        "dated_at": author.at,
        "vanished_at": None,
        "recorded_at": None,
        "by_hand": sorted(by_hand),
    }
    EVENTS.run(connection, [row | known])
    _write_change(connection, event.uid, author, what="added", before={}, after=_json(row))


def change(
    connection: Connection, uid: str, said: EventFields, author: Author, what: str = "changed"
) -> bool:
    """Set the fields of an event; whether that changed anything."""
    record = get(connection, uid)
    event = replace(record.event, **said)
    old, new = _row(record.event), _row(event)
    changed = [name for name in _EVENT_FIELDS if old[name] != new[name]]
    by_hand = record.by_hand | set(said) if author.by_hand else record.by_hand
    if not changed and by_hand == record.by_hand:
        return False
    dated_at = author.at if {"starts", "ends"} & set(changed) else record.dated_at
    connection.execute(
        update(events)
        .where(events.c.uid == uid)
        .values(
            **new,
            revision=author.revision,
            dated_at=dated_at,
            recorded_at=recorded_at(event, record, author.at),
            by_hand=sorted(by_hand),
        )
    )
    before, after = ({name: row[name] for name in changed} for row in (old, new))
    _write_change(connection, uid, author, what=what, before=_json(before), after=_json(after))
    return True


def mark_vanished(connection: Connection, uid: str, author: Author, *, vanished: bool) -> None:
    """Note that the last source stopped listing an event, or lists it again."""
    at = author.at if vanished else None
    connection.execute(
        update(events).where(events.c.uid == uid).values(vanished_at=at, revision=author.revision)
    )
    what = "vanished" if vanished else "returned"
    _write_change(connection, uid, author, what=what, before={}, after={})


def refs(connection: Connection, source: str) -> dict[str, str]:
    """What a source calls its events: source id to uid."""
    statement = select(event_refs.c.source_id, event_refs.c.uid)
    rows = connection.execute(statement.where(event_refs.c.source == source))
    return {row.source_id: row.uid for row in rows}


def all_refs(connection: Connection) -> dict[str, dict[str, str]]:
    """What every source calls its events, by the source's name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(event_refs)):
        found[row.source][row.source_id] = row.uid
    return found


def set_refs(connection: Connection, source: str, found: Mapping[str, str]) -> None:
    """Replace what a source calls its events."""
    connection.execute(event_refs.delete().where(event_refs.c.source == source))
    rows = [{"source": source, "source_id": id_, "uid": uid} for id_, uid in found.items()]
    if rows:
        connection.execute(insert(connection, event_refs), rows)


def history(connection: Connection, uid: str) -> list[ChangeRecord]:
    """Every change to an event, the oldest first."""
    statement = select(event_changes).where(event_changes.c.uid == uid)
    return [
        ChangeRecord(
            uid=row.uid,
            at=row.at,
            who=row.who,
            what=row.what,
            before=_from_json(row.before),
            after=_from_json(row.after),
        )
        for row in connection.execute(statement.order_by(event_changes.c.id))
    ]


def _write_change(
    connection: Connection,
    uid: str,
    author: Author,
    *,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    one = {"uid": uid, "at": author.at, "who": author.who, "what": what}
    one |= {"before": before, "after": after, "revision": author.revision}
    CHANGES.run(connection, [one])


def _row(event: Event) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in _EVENT_FIELDS}
    return row | {"hosts": list(event.hosts), "tags": list(event.tags)}


def _json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: written(value) if isinstance(value, date) else value for name, value in row.items()
    }


def _from_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: read_moment(value) if name in ("starts", "ends") and value else value
        for name, value in fields.items()
    }


def _record(row: Row[Any], sources: list[str]) -> EventRecord:
    event = dict(zip(_EVENT_FIELDS, _values(row), strict=True))
    event |= {
        "hosts": tuple(row.hosts),
        "tags": tuple(row.tags),
        "status": Status(row.status),
        "format": Format(row.format) if row.format else None,
    }
    return EventRecord(
        event=Event(**event),
        revision=row.revision,
        created_at=row.created_at,
        dated_at=row.dated_at,
        vanished_at=row.vanished_at,
        recorded_at=row.recorded_at,
        sources=tuple(sorted(sources)),
        by_hand=frozenset(row.by_hand),
    )
