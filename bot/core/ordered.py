"""Many entries in order of an instant, into which few are put and from which few are taken.

They lie in one sorted list a day, so that putting one in moves the entries of its day only.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Entry(NamedTuple):
    """Something that comes up at an instant in UTC."""

    at: datetime
    place: int
    of: str


class Ordered:
    """Entries by instant, place and name."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        found = defaultdict[int, list[Entry]](list)
        for one in entries:
            found[one.at.toordinal()].append(one)
        for of_day in found.values():
            of_day.sort()
        self._by_day = dict(found)
        self._days = sorted(found)

    def put(self, entry: Entry) -> None:
        day = entry.at.toordinal()
        if day not in self._by_day:
            insort(self._days, day)
            self._by_day[day] = []
        insort(self._by_day[day], entry)

    def take(self, entry: Entry) -> None:
        """Take out one that is in it; ValueError where it is not."""
        day = entry.at.toordinal()
        of_day = self._by_day.get(day, [])
        position = bisect_left(of_day, entry)
        if position == len(of_day) or of_day[position] != entry:
            raise ValueError(entry)
        del of_day[position]
        if not of_day:
            del self._by_day[day], self._days[bisect_left(self._days, day)]

    def between(self, after: datetime | None, until: datetime) -> Iterator[Entry]:
        """Those after an instant, or from the first, up to another and including it."""
        first = 0 if after is None else bisect_left(self._days, after.toordinal())
        last = bisect_right(self._days, until.toordinal())
        for day in self._days[first:last]:
            of_day = self._by_day[day]
            start = 0 if after is None else bisect_right(of_day, after, key=_at)
            yield from of_day[start : bisect_right(of_day, until, lo=start, key=_at)]

    def after(self, instant: datetime | None) -> Entry | None:
        """The first after an instant, or of all."""
        if instant is None:
            return self._by_day[self._days[0]][0] if self._days else None
        for day in self._days[bisect_left(self._days, instant.toordinal()) :][:2]:
            of_day = self._by_day[day]
            position = bisect_right(of_day, instant, key=_at)
            if position < len(of_day):
                return of_day[position]
        return None


def _at(entry: Entry) -> datetime:
    return entry.at
