"""Brings sources of events into the store: on start, when a file changes, and every so often."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from bot import sources
from bot.clock import Clock
from bot.core import syncing
from bot.core.model import Event, EventFields, EventRecord, Reading
from bot.core.rules import Schedules, Source
from bot.core.syncing import Kind, Sync
from bot.errors import BotError, StoreError
from bot.services.fetch import fetch, is_url
from bot.store import events, meta
from bot.store.events import Author
from bot.store.session import Connection, Store

logger = logging.getLogger(__name__)

_CHANGES = {Kind.CHANGED, Kind.MOVED, Kind.RENAMED, Kind.RETURNED}


@dataclass(kw_only=True)
class Syncing:
    """The sources of one schedules.yaml, and when each was last looked at."""

    store: Store
    clock: Clock
    folder: Path
    troubles: dict[str, str] = field(default_factory=dict)  #: by source, what a person should know
    _looked: dict[str, datetime] = field(default_factory=dict)
    _stamps: dict[str, tuple[int, int]] = field(default_factory=dict)

    def look(self, schedules: Schedules) -> None:
        """Sync what is due, one source after the other."""
        for source in self.due(schedules):
            self.take(source, self.fetched(source, schedules))

    def due(self, schedules: Schedules) -> list[Source]:
        """The sources to look at now; they count as looked at."""
        known = {_subject(source) for source in schedules.sources}
        self.troubles = {name: said for name, said in self.troubles.items() if name in known}
        found = [source for source in schedules.sources if self._is_due(source)]
        for source in found:
            self._looked[source.name] = self.clock.now()
            if not is_url(source.location):
                self._stamps[source.name] = self._stamp(source)
        return found

    def fetched(self, source: Source, schedules: Schedules) -> Reading | BotError:
        """What a source lists, or why it cannot be read. May take long; touches no store."""
        try:
            return read(source, self.folder, schedules.series.timezone)
        except BotError as error:
            return error

    def take(self, source: Source, reading: Reading | BotError) -> None:
        """Write what a source lists into the store; one that could not be read changes nothing."""
        if isinstance(reading, BotError):
            self._trouble(source, f"Source {source.location} is as it was before: {reading}")
            return
        try:
            with self.store.writing() as connection:
                now = self.clock.now()
                result = apply(connection, reading, source.name, now, absence_means=True)
        except StoreError:
            self._looked.pop(source.name, None)  # it was not taken: it is due again
            raise
        self._note(source, result)

    def _is_due(self, source: Source) -> bool:
        last = self._looked.get(source.name)
        if last is None:
            return True
        if source.every is not None and self.clock.now() >= last + source.every:
            return True
        return not is_url(source.location) and self._stamps.get(source.name) != self._stamp(source)

    def _stamp(self, source: Source) -> tuple[int, int]:
        try:
            found = (self.folder / source.location).stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def _note(self, source: Source, result: Sync) -> None:
        unread = result.of(Kind.REFUSED, Kind.AMBIGUOUS)
        if unread:
            lines = (f"{source.location}:{one.line}: {one.message}" for one in unread)
            self._trouble(source, "Lines of a source were not taken over:\n" + "\n".join(lines))
        else:
            self.troubles.pop(_subject(source), None)
        for change in result.changes:
            if change.kind not in (Kind.UNCHANGED, Kind.UNLISTED, Kind.REFUSED, Kind.AMBIGUOUS):
                logger.info(
                    "%s %s: %s", change.kind, change.uid, change.title, extra={"action": "sync"}
                )

    def _trouble(self, source: Source, said: str) -> None:
        if self.troubles.get(_subject(source)) != said:
            logger.warning("%s", said, extra={"action": "source_trouble"})
        self.troubles[_subject(source)] = said


def read(source: Source, folder: Path, timezone: str, instead: Path | None = None) -> Reading:
    """What a source lists now, or would if that file stood there `instead`.

    Raises SourceError and MistakesError.
    """
    return sources.read(
        source.kind,
        fetch(source.location, folder) if instead is None else fetch(instead.name, instead.parent),
        name=source.location,
        timezone=timezone,
        year=source.year,
        defaults=source.defaults,
    )


def unread(schedules: Schedules, folder: Path) -> list[str]:
    """What of the file sources cannot be read: `file:line: why`, or why a whole file cannot."""
    found: list[str] = []
    for source in schedules.sources:
        if is_url(source.location):
            continue
        try:
            reading = read(source, folder, schedules.series.timezone)
        except BotError as error:
            said = str(error)
            found.append(said if source.location in said else f"{source.location}: {said}")
        else:
            found += (f"{source.location}:{one.line}: {one.reason}" for one in reading.refusals)
    return found


def merged(
    records: Sequence[EventRecord],
    schedules: Schedules,
    folder: Path,
    now: datetime,
    refs: Mapping[str, Mapping[str, str]] | None = None,
) -> list[EventRecord]:
    """The events as the next sync of the file sources would leave them; nothing is written.

    `refs`: what each source calls its events in the store, by the source's name. A source that
    cannot be read leaves its events as they are; see unread().
    """
    return merged_with_refs(records, schedules, folder, now, refs or {})[0]


Refs = Mapping[str, Mapping[str, str]]


def merged_with_refs(
    records: Sequence[EventRecord],
    schedules: Schedules,
    folder: Path,
    now: datetime,
    refs: Refs,
    *,
    instead: Mapping[str, Path] = MappingProxyType({}),
) -> tuple[list[EventRecord], Refs]:
    """The same, and what each source calls its events then; `instead`: other files, by location.

    Raises SourceError and MistakesError of a file that stands in for another.
    """
    found, after = list(records), dict(refs)
    for source in schedules.sources:
        if is_url(source.location):
            continue
        other = instead.get(source.location)
        try:
            reading = read(source, folder, schedules.series.timezone, other)
        except BotError:
            if other is not None:
                raise
            continue
        result = syncing.compare(
            found,
            reading,
            source=source.name,
            refs=refs.get(source.name, {}),
            now=now,
            absence_means=True,
        )
        found, after[source.name] = syncing.merged(found, result, now), dict(result.refs)
    return found, after


def apply(
    connection: Connection, reading: Reading, source: str, now: datetime, *, absence_means: bool
) -> Sync:
    """Compare with the store and write what changed, as one revision."""
    meta.hold(connection)  # two workers may read the same source at once
    meta.note_reading(connection, source, now)  # what it lists from now on is news
    result = syncing.compare(
        events.load(connection),
        reading,
        source=source,
        refs=events.refs(connection, source),
        now=now,
        absence_means=absence_means,
    )
    writes = [one for one in result.changes if one.kind in _CHANGES | {Kind.ADDED, Kind.VANISHED}]
    if writes:
        author = Author(who=source, at=now, revision=meta.bump(connection))
        for one in writes:
            _write(connection, one, author)
    if dict(result.refs) != events.refs(connection, source):
        events.set_refs(connection, source, result.refs)
    return result


def _write(connection: Connection, one: syncing.Change, author: Author) -> None:
    if one.kind is Kind.ADDED:
        events.add(connection, Event(uid=one.uid, **one.after), author)
    elif one.kind is Kind.VANISHED:
        events.mark_vanished(connection, one.uid, author, vanished=True)
    else:
        if one.kind is Kind.RETURNED:
            events.mark_vanished(connection, one.uid, author, vanished=False)
        events.change(connection, one.uid, EventFields(**one.after), author, one.kind)


def _subject(source: Source) -> str:
    return f"source:{source.name}"
