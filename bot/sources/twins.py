"""One event that a source lists twice is one event."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from bot.core.model import Entry, EventFields, zone
from bot.core.naming import same


def once(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in order, those of the same title and time joined into the first of them.

    An entry without a clock time is the one of that day with it, where there is just one.
    """
    by_day: dict[tuple[str, date, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[same(entry.fields["title"]), _day(entry), entry.uid].append(entry)
    joined = [entry for group in by_day.values() for entry in _join(group)]
    return sorted(joined, key=lambda entry: entry.line)


def _join(group: list[Entry]) -> Iterable[Entry]:
    if len(group) == 1:
        return group
    found: dict[tuple[date, date | None], Entry] = {}
    for entry in group:
        key = entry.fields["starts"], entry.fields.get("ends")
        found[key] = _both(found[key], entry) if key in found else entry
    timed = [key for key in found if isinstance(key[0], datetime)]
    for key in [key for key in found if not isinstance(key[0], datetime) and key[0] == key[1]]:
        if len(timed) == 1:
            found[timed[0]] = _both(found[timed[0]], found.pop(key))
    return found.values()


def _both(one: Entry, other: Entry) -> Entry:
    """What either says, the first where both do; the line of the upper."""
    said = one.fields.keys() - one.assumed
    more = other.fields.keys() - other.assumed - said
    fields: dict[str, object] = {**other.fields, **one.fields}
    fields |= {name: value for name, value in other.fields.items() if name in more}
    return replace(
        one,
        fields=cast("EventFields", fields),
        assumed=(one.assumed | other.assumed) - said - more,
        line=min(one.line, other.line),
    )


def _day(entry: Entry) -> date:
    starts = entry.fields["starts"]
    if isinstance(starts, datetime):
        return starts.astimezone(zone(entry.fields["timezone"])).date()
    return starts
