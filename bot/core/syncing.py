"""What a source's reading changes in the events the store knows. Pure: nothing is written here.

An event that is over is never moved, renamed or made to vanish; what a person set stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from bot.core import matching, naming, precedence
from bot.core.model import Entry, Event, EventFields, EventRecord, Reading, recorded_at


class Kind(StrEnum):
    """What happened to an event, or to a line."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  #: its dates or times are others
    RENAMED = "renamed"  #: its title is another
    RETURNED = "returned"  #: it had vanished; fields may have changed as well
    UNCHANGED = "unchanged"
    VANISHED = "vanished"  #: its last source does not list it any more
    UNLISTED = "unlisted"  #: this source does not list it any more, another one does
    AMBIGUOUS = "ambiguous"  #: a person has to say; nothing changes
    REFUSED = "refused"  #: a line that could not be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One event or line, and what the sync makes of it. `before` and `after` hold what differs."""

    kind: Kind
    line: int | None = None  #: None: it does not stand in the source any more
    uid: str = ""  #: empty: a line that belongs to no event (ambiguous, refused)
    title: str = ""  #: for people; a refused line's text
    before: EventFields = field(default_factory=EventFields)
    after: EventFields = field(default_factory=EventFields)
    message: str = ""  #: the question of an ambiguous one, the reason of a refused one


@dataclass(frozen=True, kw_only=True, slots=True)
class Sync:
    """The result: changes by line, those without one last; and what the source lists now."""

    source: str
    changes: Sequence[Change]
    refs: Mapping[str, str]  #: all the source's ids to uids, replacing those before

    def of(self, *kinds: Kind) -> list[Change]:
        """The changes of some kinds."""
        return [change for change in self.changes if change.kind in kinds]


def compare(
    records: Sequence[EventRecord],
    reading: Reading,
    *,
    source: str,
    refs: Mapping[str, str],
    now: datetime,
    absence_means: bool,
) -> Sync:
    """Compare all events of the store with what a source lists.

    `refs` are the source's ids as the store has them. `absence_means` is true for a sync; for an
    import what is not in the file stays. Either way what the same source listed before may have
    moved or been renamed.
    """
    listed = frozenset(refs.values())
    found = matching.match(reading.entries, records, refs=refs, listed=listed, now=now)
    result = _Result(source, refs, {record.event.uid for record in records}, now)
    for entry, record in found.same + found.moved + found.renamed:
        result.known(entry, record)
    for entries, candidates in found.unclear:
        result.unclear(entries, candidates)
    for entry in sorted(found.new, key=_by_date):
        result.add(entry)
    for record in found.gone if absence_means else ():
        result.gone(record)
    for refusal in reading.refusals:
        result.changes.append(
            Change(kind=Kind.REFUSED, line=refusal.line, title=refusal.text, message=refusal.reason)
        )
    return result.sync()


def merged(records: Sequence[EventRecord], sync: Sync, now: datetime) -> list[EventRecord]:
    """The records as the store will hold them once the sync is written."""
    revision = max((record.revision for record in records), default=0) + 1
    changes = {change.uid: change for change in sync.changes if change.uid}
    listed = set(sync.refs.values())
    known = [
        _after(_relisted(record, sync.source, listed), changes.get(record.event.uid), now, revision)
        for record in records
    ]
    return known + [
        EventRecord(
            event=Event(uid=change.uid, **change.after),
            revision=revision,
            created_at=now,
            dated_at=now,
            sources=(sync.source,),
        )
        for change in sync.of(Kind.ADDED)
    ]


def _relisted(record: EventRecord, source: str, listed: set[str]) -> EventRecord:
    others = set(record.sources) - {source}
    own = {source} if record.event.uid in listed else set[str]()
    return replace(record, sources=tuple(sorted(others | own)))


def _after(record: EventRecord, change: Change | None, now: datetime, revision: int) -> EventRecord:
    if change is None or change.kind in _NOTHING:
        return record
    event = replace(record.event, **change.after)
    return replace(
        record,
        event=event,
        revision=revision,
        dated_at=now if change.after.keys() & {"starts", "ends"} else record.dated_at,
        vanished_at=now if change.kind is Kind.VANISHED else None,
        recorded_at=recorded_at(event, record, now),
    )


_NOTHING = {Kind.UNCHANGED, Kind.UNLISTED, Kind.AMBIGUOUS, Kind.REFUSED}


class _Result:
    """Collects the changes."""

    def __init__(
        self, source: str, refs: Mapping[str, str], taken: set[str], now: datetime
    ) -> None:
        self._source = source
        self._old = refs
        self._taken = taken
        self._now = now
        self._refs: dict[str, str] = {}
        self._dropped: set[str] = set()
        self.changes: list[Change] = []

    def known(self, entry: Entry, record: EventRecord) -> None:
        self._refs[matching.source_id(entry)] = record.event.uid
        if question := self._objection(entry, record):
            self._note(Kind.AMBIGUOUS, entry, record, message=question)
            return
        before, after = _difference(record.event, precedence.allowed(entry, record, self._source))
        self._note(_kind(record, after), entry, record, before=before, after=after)

    def add(self, entry: Entry) -> None:
        event = matching.draft(entry)
        uid = entry.uid
        if not uid or uid in self._taken:
            uid = naming.mint(event.first_day, event.title, self._taken)
        self._taken.add(uid)
        self._refs[matching.source_id(entry)] = uid
        self.changes.append(
            Change(kind=Kind.ADDED, line=entry.line, uid=uid, title=event.title, after=entry.fields)
        )

    def gone(self, record: EventRecord) -> None:
        self._dropped.add(record.event.uid)
        kind = Kind.UNLISTED if set(record.sources) - {self._source} else Kind.VANISHED
        self.changes.append(Change(kind=kind, uid=record.event.uid, title=record.event.title))

    def unclear(self, entries: list[Entry], candidates: list[EventRecord]) -> None:
        stood = ", ".join(sorted(_dated(record.event) for record in candidates))
        stands = ", ".join(sorted(_dated(matching.draft(entry)) for entry in entries))
        uids = ", ".join(sorted(record.event.uid for record in candidates))
        for entry in entries:
            title = entry.fields["title"]
            message = (
                f"'{title}' was known for {stood} and is listed for {stands}: which is which? "
                f"Nothing was changed; edit or cancel {uids} by hand, or give it the new date"
            )
            self.changes.append(
                Change(kind=Kind.AMBIGUOUS, line=entry.line, title=title, message=message)
            )

    def sync(self) -> Sync:
        said = set(self._refs.values())
        kept = {
            id_: uid
            for id_, uid in self._old.items()
            if uid not in said and uid not in self._dropped and uid in self._taken
        }
        return Sync(
            source=self._source,
            changes=sorted(self.changes, key=lambda each: (each.line is None, each.line, each.uid)),
            refs={**kept, **self._refs},
        )

    def _objection(self, entry: Entry, record: EventRecord) -> str:
        """Why the title or dates of an entry are not simply taken over."""
        event, said = record.event, matching.draft(entry)
        if precedence.DATES & record.by_hand or matching.days(event) == matching.days(said):
            return ""
        if event.over_at <= self._now:
            return (
                f"'{event.title}' of {_dated(event)} is over, and is listed for {_dated(said)} "
                "now: is it another event? Then give it a uid or a title of its own"
            )
        if not precedence.leads(record, self._source):
            return (
                f"'{event.title}' is on {_dated(event)} says {min(record.sources)}, and on "
                f"{_dated(said)} says {self._source}: correct one, or edit the event by hand"
            )
        return ""

    def _note(
        self,
        kind: Kind,
        entry: Entry,
        record: EventRecord,
        *,
        before: EventFields | None = None,
        after: EventFields | None = None,
        message: str = "",
    ) -> None:
        event = record.event
        self.changes.append(
            Change(
                kind=kind,
                line=entry.line,
                uid=event.uid,
                title=event.title,
                before=before or EventFields(),
                after=after or EventFields(),
                message=message,
            )
        )


def _difference(event: Event, said: Mapping[str, Any]) -> tuple[EventFields, EventFields]:
    changed = replace(event, **said)
    names = [name for name in said if getattr(event, name) != getattr(changed, name)]
    before, after = ({name: getattr(each, name) for name in names} for each in (event, changed))
    return cast("EventFields", before), cast("EventFields", after)


def _kind(record: EventRecord, after: EventFields) -> Kind:
    old, new = record.event, replace(record.event, **after)
    if record.vanished_at is not None:
        return Kind.RETURNED
    if not after:
        return Kind.UNCHANGED
    timed = not old.all_day and not new.all_day
    if matching.days(old) != matching.days(new) or (timed and old.starts != new.starts):
        return Kind.MOVED
    if naming.same(old.title) != naming.same(new.title):
        return Kind.RENAMED
    return Kind.CHANGED


def _dated(event: Event) -> str:
    first, last = matching.days(event)
    return f"{first}" if first == last else f"{first} to {last}"


def _by_date(entry: Entry) -> tuple[Any, ...]:
    return matching.draft(entry).begins_at, naming.same(entry.fields["title"]), entry.line
