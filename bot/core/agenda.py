"""What is still to be said on one channel, in the order it comes up.

Candidates come in from the plan as their time draws near, and leave when they are claimed, when
the log turns out to have them, or when their deadline passes. Taking what is due costs the same
however many lie ahead; so does taking in what changed about some events.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, Protocol

from bot.core.choosing import choose
from bot.core.planning import Candidate, Key
from bot.core.rules import Limits, Schedules
from bot.core.timing import after_quiet, spoken_from

HORIZON = timedelta(hours=36)
"""How far ahead candidates compete with each other: the limits of today and of tomorrow."""

AT_ONCE = timedelta(days=1)
"""How much more is let in when something has to be: else the log is asked for each by itself."""


class Plan(Protocol):
    """All that is to be said on a channel."""

    def between(self, after: datetime | None, until: datetime) -> Iterable[Candidate]:
        """What is released after an instant, or from the first, up to another and including it."""
        ...

    def following(self, instant: datetime | None) -> datetime | None:
        """The first release after an instant, or of all; an earlier one if in doubt."""
        ...

    def about(self, uid: str) -> Iterable[Candidate]:
        """What is to be said of one event, or of the series."""
        ...


class Listed:
    """A plan that is a list, by release."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._all = candidates

    def between(self, after: datetime | None, until: datetime) -> Sequence[Candidate]:
        start = self._after(after)
        return self._all[start : bisect_right(self._all, until, lo=start, key=_release)]

    def following(self, instant: datetime | None) -> datetime | None:
        start = self._after(instant)
        return self._all[start].release if start < len(self._all) else None

    def about(self, uid: str) -> Iterable[Candidate]:
        return (one for one in self._all if one.record.event.uid == uid)

    def _after(self, instant: datetime | None) -> int:
        return 0 if instant is None else bisect_right(self._all, instant, key=_release)


class Agenda:
    """The candidates of one channel."""

    def __init__(self, channel: str, plan: Plan, schedules: Schedules) -> None:
        self.channel = channel
        self._plan = plan
        self._schedules = schedules
        self._read: datetime | None = None  # up to which release the plan came in
        self._inside: dict[Key, Candidate] = {}
        self._about = defaultdict[str, set[Key]](set)  # of those inside
        self._corrections: dict[Key, Candidate] = {}  # of those inside
        self._put_off = set[str]()  # the events of what is otherwise inside than planned
        self._by_release = _Heap(self._inside, lambda one: (one.release,))
        self._by_rank = _Heap(self._inside, lambda one: one.order)
        self._by_deadline = _Heap(self._inside, lambda one: (one.deadline,))

    @property
    def inside(self) -> Mapping[Key, Candidate]:
        """What came in and did not leave."""
        return self._inside

    def look_ahead(
        self, now: datetime, logged: Callable[[Mapping[Key, Candidate]], Iterable[Key]]
    ) -> None:
        """Let in what comes up within the horizon, but what the log turns out to have."""
        if self._read is not None and now + HORIZON <= self._read:
            return
        until = now + HORIZON + AT_ONCE
        found = self._plan.between(self._read, until)
        self._read = until
        self._let_in({one.key(self.channel): one for one in found}, logged)

    def renew(
        self,
        plan: Plan,
        uids: Collection[str],
        logged: Callable[[Mapping[Key, Candidate]], Iterable[Key]],
    ) -> None:
        """Go on with a plan that says something else of these events, of all others the same.

        But for what depends on other events, and what was put off: that is asked for again.
        """
        self._plan = plan
        if self._read is None:
            return
        uids = {*uids, *self._put_off, *self._dependent()}
        self._put_off.clear()
        near = {
            one.key(self.channel): one
            for uid in uids
            for one in plan.about(uid)
            if one.release <= self._read
        }
        for key in [key for uid in uids for key in self._about.get(uid, ())]:
            if near.get(key) == self._inside[key]:
                del near[key]
            else:
                self.remove(key)
        self._let_in(near, logged)

    def _let_in(
        self,
        near: dict[Key, Candidate],
        logged: Callable[[Mapping[Key, Candidate]], Iterable[Key]],
    ) -> None:
        for key in list(logged(near)) if near else ():
            near.pop(key, None)
        for key, candidate in near.items():
            self.add(key, candidate)

    def add(self, key: Key, candidate: Candidate) -> None:
        """Let one in; a second time for another try, with the release of that."""
        self._inside[key] = candidate
        self._about[key.event].add(key)
        if candidate.is_correction:
            self._corrections[key] = candidate
        self._by_release.push(key, candidate)
        self._by_deadline.push(key, candidate)

    def put_off(self, found: Iterable[tuple[Key, Candidate]]) -> None:
        """Let in again what was taken out, and goes out later or not at all as things stand."""
        for key, candidate in found:
            self.add(key, candidate)
            self._put_off.add(key.event)

    def _dependent(self) -> Iterable[str]:
        """The events of what depends on others: on their number, or as a text that was approved."""
        if not any(rule.counts_ahead or rule.approval for rule in self._schedules.rules):
            return ()
        inside = self._inside.items()
        return [key.event for key, one in inside if one.rule.counts_ahead or one.rule.approval]

    def near(self, until: datetime) -> list[Candidate]:
        """What may be said by then, the first to be released first."""
        inside = list(self._inside.values())  # at once: another thread may be asking
        found = (one for one in inside if one.release <= until and not one.barred)
        return sorted(found, key=_release)

    def ahead(self, until: datetime) -> list[Candidate]:
        """What may still go out before an instant, as far as is known; some may be logged."""
        found = self._plan.between(self._read, until)
        return [*self._inside.values(), *(one for one in found if one.release < until)]

    def remove(self, key: Key) -> None:
        if self._inside.pop(key, None) is not None:
            self._about[key.event].discard(key)
            if not self._about[key.event]:
                del self._about[key.event]
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
        following = self._plan.following(self._read)
        instants = [] if following is None else [following - HORIZON]
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
