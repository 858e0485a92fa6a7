"""Changes events by hand: what a person sets, a later sync leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from bot.clock import Clock
from bot.core import naming, precedence
from bot.core.model import Event, EventFields, EventRecord, Status, zone
from bot.core.rules import Schedules
from bot.errors import BotError
from bot.services.fetch import is_url
from bot.services.sync import Syncing
from bot.store import events, meta
from bot.store.events import Author
from bot.store.session import Connection, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """An event after a change by hand; `before` and `after` hold what differs."""

    event: Event
    before: EventFields
    after: EventFields


@dataclass(frozen=True, kw_only=True, slots=True)
class Editing:
    """One person at the events of a store."""

    store: Store
    clock: Clock
    folder: Path  #: of schedules.yaml
    schedules: Schedules
    who: str

    def edit(self, uid: str, said: EventFields) -> Edited:
        """Set fields of an event. Raises UnknownNameError; BotError where they cannot be so."""
        self._bring_in(uid)
        with self.store.writing() as connection:
            record = events.get(connection, uid)
            whole = _with_dates(record.event, said)
            event = _valid(record.event, whole)
            if event != record.event or not whole.keys() <= record.by_hand:
                author = self._author(connection)
                what = _what(record.event, event)
                events.change(connection, uid, whole, author, what)
                if _returns(record, said):
                    events.mark_vanished(connection, uid, author, vanished=False)
        names = [name for name in whole if getattr(event, name) != getattr(record.event, name)]
        before, after = (
            cast("EventFields", {name: getattr(each, name) for name in names})
            for each in (record.event, event)
        )
        return Edited(event=event, before=before, after=after)

    def add(self, said: EventFields, known: Sequence[EventRecord]) -> Event:
        """Add an event with a new uid. `known`: those there are, the sources' included."""
        draft = _valid(None, {"timezone": self.schedules.series.timezone, **said})
        for record in known:
            if _alike(record.event, draft):
                raise BotError(
                    f"there is already an event '{draft.title}' that starts then:"
                    f" bot events edit {record.event.uid}"
                )
        with self.store.writing() as connection:
            taken = {record.event.uid for record in [*known, *events.load(connection)]}
            event = replace(draft, uid=naming.mint(draft.first_day, draft.title, taken))
            events.add(connection, event, self._author(connection), by_hand=said.keys())
        return event

    def _author(self, connection: Connection) -> Author:
        return Author(
            who=self.who, at=self.clock.now(), revision=meta.bump(connection), by_hand=True
        )

    def _bring_in(self, uid: str) -> None:
        """Sync the file sources where the store does not know the event yet."""
        with self.store.reading() as connection:
            if events.load(connection, [uid]):
                return
        files = [one for one in self.schedules.sources if not is_url(one.location)]
        syncing = Syncing(store=self.store, clock=self.clock, folder=self.folder)
        syncing.look(replace(self.schedules, sources=files))


def _valid(event: Event | None, said: EventFields) -> Event:
    """The event with what was said, or a new one. Raises BotError."""
    try:
        return replace(event, **said) if event else Event(uid="", **said)
    except ValueError as error:
        raise BotError(f"an event cannot be so: {error}") from None


def _with_dates(event: Event, said: EventFields) -> EventFields:
    """What was said, and what follows: the length is kept, and so is the time on the clock."""
    found = dict(cast("dict[str, Any]", said))
    if "timezone" in found and "starts" not in found and isinstance(event.starts, datetime):
        there = zone(found["timezone"])
        found["starts"] = _there(event.starts, event, there)
        if event.ends is not None:
            found.setdefault("ends", _there(event.ends, event, there))
    if "starts" in found and "ends" not in found:
        found["ends"] = _end(event, found["starts"])
    return cast("EventFields", found)


def _there(moment: date, event: Event, there: Any) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(event.zone).replace(tzinfo=there).astimezone(UTC)


def _end(event: Event, starts: date) -> date | None:
    """When it ends that starts then now; None where its length is not known."""
    timed = isinstance(starts, datetime)
    if event.ends is None or timed is not isinstance(event.starts, datetime):
        return None
    return starts + (event.ends - event.starts)


def _what(before: Event, after: Event) -> str:
    if after.status is Status.CANCELLED and before.status is not Status.CANCELLED:
        return "cancelled"
    if any(getattr(before, name) != getattr(after, name) for name in precedence.DATES):
        return "moved"
    return "changed" if naming.same(before.title) == naming.same(after.title) else "renamed"


def _returns(record: EventRecord, said: EventFields) -> bool:
    """Whether a person says that an event takes place which its source no longer lists."""
    return record.vanished_at is not None and said.get("status") is Status.CONFIRMED


def _alike(one: Event, other: Event) -> bool:
    return one.starts == other.starts and naming.same(one.title) == naming.same(other.title)
