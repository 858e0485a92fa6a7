"""The events of a series in their order: which one of how many, what came before, what is next."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.core.model import Event, EventRecord
from bot.core.planning import silence
from bot.core.shifting import shift


class Place(NamedTuple):
    """Where an event stands among those that take place."""

    number: int  #: from 1; 0 for one that does not take place
    total: int
    previous: Event | None
    next: Event | None


class Programme:
    """The events that take place, by start."""

    def __init__(self, records: Iterable[EventRecord]) -> None:
        self._events = sorted((one.event for one in records if not silence(one)), key=_order)
        self._order = [_order(event) for event in self._events]
        self._orders = {one[1]: one for one in self._order}

    def put(self, record: EventRecord) -> None:
        """Let it be known as it is now, instead of as it was."""
        event, before = record.event, self._orders.pop(record.event.uid, None)
        out = None if before is None else bisect_left(self._order, before)
        if silence(record):
            if out is not None:
                del self._order[out], self._events[out]
            return
        order = self._orders[event.uid] = _order(event)
        into = bisect_left(self._order, order)
        if out is None:
            self._order.insert(into, order)
            self._events.insert(into, event)
        else:
            shift(self._order, out, into, order)
            shift(self._events, out, into, event)

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def finale(self) -> Event | None:
        """The last of them."""
        return self._events[-1] if self._events else None

    def event(self, uid: str) -> Event:
        return self._events[bisect_left(self._order, self._orders[uid])]

    def after(self, instant: datetime) -> Event | None:
        """The first that begins at or after an instant."""
        position = bisect_left(self._order, (instant, ""))
        return self._events[position] if position < len(self._events) else None

    def place(self, uid: str) -> Place:
        order, total = self._orders.get(uid), len(self._events)
        if order is None:
            return Place(0, total, None, None)
        position = bisect_left(self._order, order)
        return Place(
            position + 1,
            total,
            self._events[position - 1] if position else None,
            self._events[position + 1] if position + 1 < total else None,
        )


def _order(event: Event) -> tuple[datetime, str]:
    return event.begins_at, event.uid
