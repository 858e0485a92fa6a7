"""Who has the word on a field of an event: a person, then one source of several.

Of several sources the first by name has the word on what both say; the others fill in what it
leaves open, a clock time too, and may cancel or postpone. A source's defaults never speak against
another source. Otherwise two sources that differ would change an event back and forth for ever.
"""

from typing import Any

from bot.core.model import Entry, Event, EventRecord, Status

DATES = frozenset({"starts", "ends", "timezone"})
"""Fields that make sense together only: a person who sets one of them has the word on all."""

_OPEN: tuple[object, ...] = ("", (), None, "event", Status.CONFIRMED)
"""Values that say nothing."""


def leads(record: EventRecord, source: str) -> bool:
    """Whether this source has the word on what several say."""
    return not record.sources or min(record.sources) == source


def allowed(entry: Entry, record: EventRecord, source: str) -> dict[str, Any]:
    """What an entry says of an event and may change."""
    ours = record.by_hand | (DATES if DATES & record.by_hand else frozenset())
    said = {name: value for name, value in entry.fields.items() if name not in ours}
    if set(record.sources) <= {source}:
        return said
    first = leads(record, source)
    if said.keys() >= DATES and not _may_date(entry, record.event, first=first):
        said = {name: value for name, value in said.items() if name not in DATES}
    return {
        name: value
        for name, value in said.items()
        if name in DATES
        or getattr(record.event, name) in _OPEN
        or (first and name not in entry.assumed and value not in _OPEN)
    }


def _may_date(entry: Entry, event: Event, *, first: bool) -> bool:
    """A clock time completes a date whoever says it, and a date alone never takes it away."""
    said = Event(uid=event.uid, **entry.fields)
    if (said.first_day, said.last_day) != (event.first_day, event.last_day):
        return first
    return event.all_day if said.all_day is not event.all_day else first
