"""The events of a series in their order: which one of how many, what came before, what is next."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Event, EventRecord
from bot.core.planning import silence


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands among those that take place."""

    number: int  #: from 1; 0 for one that does not take place
    total: int
    previous: Event | None
    next: Event | None


class Programme:
    """The events that take place, by start."""

    def __init__(self, records: Iterable[EventRecord]) -> None:
        spoken_of = (record.event for record in records if not silence(record))
        self._events = sorted(spoken_of, key=lambda event: (event.begins_at, event.uid))
        self._positions = {event.uid: number for number, event in enumerate(self._events)}

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def finale(self) -> Event | None:
        """The last of them."""
        return self._events[-1] if self._events else None

    def event(self, uid: str) -> Event:
        return self._events[self._positions[uid]]

    def after(self, instant: datetime) -> Event | None:
        """The first that begins at or after an instant."""
        position = bisect_left(self._events, instant, key=lambda event: event.begins_at)
        return self._events[position] if position < len(self._events) else None

    def place(self, uid: str) -> Place:
        position, total = self._positions.get(uid), len(self._events)
        if position is None:
            return Place(0, total, None, None)
        return Place(
            position + 1,
            total,
            self._events[position - 1] if position else None,
            self._events[position + 1] if position + 1 < total else None,
        )
