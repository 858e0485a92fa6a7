"""What is still to be said on one channel, in the order it comes up.

Candidates come in from the plan as their time draws near, and leave when they are claimed, when
the log turns out to have them, or when their deadline passes. Taking what is due costs the same
however many lie ahead.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from bot.core.choosing import choose
from bot.core.planning import Candidate, Key
from bot.core.rules import Limits, Schedules
from bot.core.timing import after_quiet, spoken_from

HORIZON = timedelta(hours=36)
"""How far ahead candidates compete with each other: the limits of today and of tomorrow."""


class Agenda:
    """The candidates of one channel; `plan` is sorted by release."""

    def __init__(self, channel: str, plan: Sequence[Candidate], schedules: Schedules) -> None:
        self.channel = channel
        self._plan = plan
        self._schedules = schedules
        self._read = 0  # how much of the plan came in
        self._inside: dict[Key, Candidate] = {}
        self._corrections: dict[Key, Candidate] = {}  # of those inside
        self._by_release = _Heap(self._inside, lambda one: (one.release,))
        self._by_rank = _Heap(self._inside, lambda one: one.order)
        self._by_deadline = _Heap(self._inside, lambda one: (one.deadline,))

    def look_ahead(
        self, now: datetime, logged: Callable[[Mapping[Key, Candidate]], Iterable[Key]]
    ) -> None:
        """Let in what comes up within the horizon, but what the log turns out to have."""
        end = bisect_right(self._plan, now + HORIZON, lo=self._read, key=_release)
        near = {one.key(self.channel): one for one in self._plan[self._read : end]}
        self._read = end
        for key in list(logged(near)) if near else ():
            near.pop(key, None)
        for key, candidate in near.items():
            self.add(key, candidate)

    def add(self, key: Key, candidate: Candidate) -> None:
        """Let one in; a second time for another try, with the release of that."""
        self._inside[key] = candidate
        if candidate.is_correction:
            self._corrections[key] = candidate
        self._by_release.push(key, candidate)
        self._by_deadline.push(key, candidate)

    def near(self, until: datetime) -> list[Candidate]:
        """What may be said by then, the first to be released first."""
        inside = list(self._inside.values())  # at once: another thread may be asking
        found = (one for one in inside if one.release <= until and not one.barred)
        return sorted(found, key=_release)

    def ahead(self, until: datetime) -> list[Candidate]:
        """What may still go out before an instant, as far as is known; some may be logged."""
        end = bisect_left(self._plan, until, lo=self._read, key=_release)
        return [*self._inside.values(), *self._plan[self._read : end]]

    def remove(self, key: Key) -> None:
        self._inside.pop(key, None)
        self._corrections.pop(key, None)

    def take(
        self, most: int, now: datetime, taken: Callable[[], Iterable[datetime]]
    ) -> list[tuple[Key, Candidate]]:
        """Take out what is to be sent now, the most important first, at most so many.

        `taken` tells when posts went out on the channel; it is asked only where limits count.
        """
        if self._schedules.limits != Limits():
            return self._take_chosen(most, now, taken)
        if not self.is_audible(now):
            return self._take_urgent(most, now)
        while (soonest := self._by_release.first()) and soonest[1].release <= now:
            self._by_rank.push(*self._by_release.pop())
        due: list[tuple[Key, Candidate]] = []
        while len(due) < most and self._by_rank.first():
            key, candidate = self._by_rank.pop()
            if candidate.may_go and candidate.deadline > now:
                self.remove(key)
                due.append((key, candidate))
        return due

    def _take_chosen(
        self, most: int, now: datetime, taken: Callable[[], Iterable[datetime]]
    ) -> list[tuple[Key, Candidate]]:
        soonest = self._by_release.first()
        if most < 1 or soonest is None or soonest[1].release > now:
            return []
        choices = choose(self._inside.values(), taken(), self._schedules, now)
        placed = (one.candidate for one in choices if one.at is not None and one.at <= now)
        due = [candidate for candidate in placed if candidate.may_go][:most]
        keys = [candidate.key(self.channel) for candidate in due]
        for key in keys:
            self.remove(key)
        return list(zip(keys, due, strict=True))

    def _take_urgent(self, most: int, now: datetime) -> list[tuple[Key, Candidate]]:
        """In quiet hours: what puts right a date that is near."""
        due = [
            (key, one)
            for key, one in self._corrections.items()
            if one.may_go and one.deadline > now and self._spoken(one, now) <= now
        ]
        due = sorted(due, key=lambda found: found[1].order)[:most]
        for key, _ in due:
            self.remove(key)
        return due

    def lapsed(self, now: datetime) -> list[tuple[Key, Candidate]]:
        """Take out what can no longer be sent."""
        gone: list[tuple[Key, Candidate]] = []
        while (oldest := self._by_deadline.first()) and oldest[1].deadline <= now:
            gone.append(self._by_deadline.pop())
            self.remove(gone[-1][0])
        return gone

    def wakes(self, now: datetime, taken: Callable[[], Iterable[datetime]]) -> datetime | None:
        """The next instant at which there may be something to do."""
        instants = [one.release - HORIZON for one in self._plan[self._read : self._read + 1]]
        if oldest := self._by_deadline.first():
            instants.append(oldest[1].deadline)
        if self._schedules.limits != Limits():
            choices = choose(self._inside.values(), taken(), self._schedules, now)
            instants += [one.at for one in choices if one.at is not None and one.candidate.may_go]
        else:
            waiting = (self._by_release.first(), self._by_rank.first())  # by rank: due already
            releases = [one[1].release for one in waiting if one is not None]
            instants += [max(release, self._audible(now)) for release in releases]
            instants += [self._spoken(one, now) for one in self._corrections.values() if one.may_go]
        return min(instants, default=None)

    def is_audible(self, now: datetime) -> bool:
        """Whether anything may be said now; what is late is not said in quiet hours either."""
        return self._audible(now) <= now

    def _spoken(self, correction: Candidate, now: datetime) -> datetime:
        return spoken_from(max(correction.release, now), self._schedules, correction.begins)

    def _audible(self, now: datetime) -> datetime:
        """Now, or the end of the quiet hours it is in."""
        schedules = self._schedules
        return after_quiet(now, schedules.quiet_hours, schedules.series.zone)


class _Heap:
    """Keys in some order; those that left or came in again otherwise are passed over."""

    def __init__(
        self, inside: dict[Key, Candidate], order: Callable[[Candidate], tuple[Any, ...]]
    ) -> None:
        self._inside = inside
        self._order = order
        self._heap: list[tuple[Any, ...]] = []
        self._count = count()

    def push(self, key: Key, candidate: Candidate) -> None:
        heappush(self._heap, (*self._order(candidate), next(self._count), key, candidate))

    def first(self) -> tuple[Key, Candidate] | None:
        while self._heap:
            entry: tuple[Key, Candidate] = self._heap[0][-2:]
            if self._inside.get(entry[0]) is entry[1]:
                return entry
            heappop(self._heap)
        return None

    def pop(self) -> tuple[Key, Candidate]:
        *_, key, candidate = heappop(self._heap)
        return key, candidate


def _release(candidate: Candidate) -> datetime:
    return candidate.release
