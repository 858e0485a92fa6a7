"""Which event of the store an entry of a source speaks of: ids, then titles and dates."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from bot.core.model import Entry, Event, EventRecord
from bot.core.naming import same

T = TypeVar("T")


@dataclass(kw_only=True, slots=True)
class Matches:
    """Every entry and every listed event is in one of these."""

    same: list[tuple[Entry, EventRecord]] = field(default_factory=list)
    moved: list[tuple[Entry, EventRecord]] = field(default_factory=list)
    renamed: list[tuple[Entry, EventRecord]] = field(default_factory=list)
    unclear: list[tuple[list[Entry], list[EventRecord]]] = field(default_factory=list)
    new: list[Entry] = field(default_factory=list)
    gone: list[EventRecord] = field(default_factory=list)  #: listed until now, and not over


def source_id(entry: Entry) -> str:
    """The source's id of an entry; where it has none, one for what it says of title and time.

    So a source that repeats its words finds its event again, whatever a person made of it since.
    """
    fields = entry.fields
    words = f"{fields['starts'].isoformat()}|{fields.get('ends')}|{same(fields['title'])}"
    digest = hashlib.sha256(words.encode(errors="replace")).hexdigest()[:20]
    return entry.source_id or entry.uid or f"said:{digest}"


def match(
    entries: Sequence[Entry],
    records: Sequence[EventRecord],
    *,
    refs: Mapping[str, str],
    listed: frozenset[str],
    now: datetime,
) -> Matches:
    """Match what a source lists with what the store knows.

    `refs` are the source's ids as they were, `listed` the uids it listed. Events over at `now` are
    found again, but are never taken for those that moved, were renamed or are gone.
    """
    found = Matches()
    left, rest = _by_id(entries, records, refs, found)
    left, rest = _by_title_and_dates(left, rest, listed, found)
    old = [r for r in rest if r.event.uid in listed and r.event.over_at > now]
    left, old = _one_to_one(left, old, _title, _title_of, found.moved, unclear=found.unclear)
    left, old = _one_to_one(left, old, _dates, _dates_of, found.renamed)
    found.new, found.gone = left, old
    return found


def _by_id(
    entries: Sequence[Entry],
    records: Sequence[EventRecord],
    refs: Mapping[str, str],
    found: Matches,
) -> tuple[list[Entry], list[EventRecord]]:
    known = {record.event.uid: record for record in records}
    left = []
    for entry in entries:
        uid = entry.uid if entry.uid in known else refs.get(source_id(entry), "")
        record = known.pop(uid, None)
        if record:
            found.same.append((entry, record))
        else:
            left.append(entry)
    return left, list(known.values())


def _by_title_and_dates(
    entries: list[Entry], records: list[EventRecord], listed: frozenset[str], found: Matches
) -> tuple[list[Entry], list[EventRecord]]:
    """Events the source lists already come before those that others list."""
    for own in (True, False):
        here = [record for record in records if (record.event.uid in listed) is own]
        others = [record for record in records if (record.event.uid in listed) is not own]
        entries, here = _one_to_one(entries, here, _exact, _exact_of, found.same)
        entries, here = _one_to_one(
            entries, here, _title_dates, _title_dates_of, found.same, unclear=found.unclear
        )
        records = here + others
    return entries, records


def _one_to_one(
    entries: list[Entry],
    records: list[EventRecord],
    key: Callable[[Entry], Hashable],
    key_of: Callable[[EventRecord], Hashable],
    pairs: list[tuple[Entry, EventRecord]],
    *,
    unclear: list[tuple[list[Entry], list[EventRecord]]] | None = None,
) -> tuple[list[Entry], list[EventRecord]]:
    """Pair where one stands against one; what remains. Several against some may be unclear."""
    theirs = _grouped(records, key_of)
    left: list[Entry] = []
    for group_key, ours in _grouped(entries, key).items():
        others = theirs.get(group_key, [])
        if len(ours) == len(others) == 1:
            pairs.append((ours[0], others[0]))
        elif others and unclear is not None:
            unclear.append((ours, others))
        else:
            left += ours
            continue
        del theirs[group_key]
    return left, [record for group in theirs.values() for record in group]


def _grouped(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def draft(entry: Entry) -> Event:
    """The event an entry describes, as far as it does; its uid is still open."""
    return Event(uid=entry.uid, **entry.fields)


def _title(entry: Entry) -> Hashable:
    return same(entry.fields["title"])


def _title_of(record: EventRecord) -> Hashable:
    return same(record.event.title)


def _dates(entry: Entry) -> Hashable:
    return days(draft(entry))


def _dates_of(record: EventRecord) -> Hashable:
    return days(record.event)


def _title_dates(entry: Entry) -> Hashable:
    return _title(entry), _dates(entry)


def _title_dates_of(record: EventRecord) -> Hashable:
    return _title_of(record), _dates_of(record)


def _exact(entry: Entry) -> Hashable:
    event = draft(entry)
    return _title(entry), event.starts, event.ends


def _exact_of(record: EventRecord) -> Hashable:
    return _title_of(record), record.event.starts, record.event.ends


def days(event: Event) -> tuple[date, date]:
    """The dates of an event, whatever the clock says."""
    return event.first_day, event.last_day
