"""Which of the posts that may go out on one channel do, and when: limits a day, and the gap.

The most important takes its own moment; the others are placed around it, each at the first
moment that keeps the gap, the day's limit, the quiet hours and its own deadline. What finds none
is refused with the reason. So a less important post never delays a more important one, and the
same question has the same answer at any time of the day.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.planning import Candidate
from bot.core.rules import Limits, QuietHours, Schedules
from bot.core.timing import after_quiet, resolve, spoken_from


class Choice(NamedTuple):
    """When a candidate goes out, or why it does not (then `at` is None)."""

    candidate: Candidate
    at: datetime | None
    reason: str = ""


def choose(
    wishes: Iterable[Candidate], taken: Iterable[datetime], schedules: Schedules, now: datetime
) -> list[Choice]:
    """Place the wishes of one channel, the most important first.

    `taken`: when posts went out on it already (a day back is enough, and what is in flight).
    """
    day = _Day(schedules.limits, schedules.quiet_hours, schedules.series.zone)
    for instant in taken:
        day.take(instant)
    return [
        _corrected(wish, schedules, now) if wish.is_correction else day.place(wish, now)
        for wish in sorted(wishes, key=lambda wish: wish.order)
    ]


def _corrected(wish: Candidate, schedules: Schedules, now: datetime) -> Choice:
    """What puts right something that was told takes no room from others, and needs none."""
    at = spoken_from(max(wish.release, now), schedules, wish.begins)
    if wish.barred or at >= wish.deadline:
        return Choice(wish, None, wish.barred or MISSED)
    return Choice(wish, at)


MISSED = "missed: its deadline has passed"


@dataclass(slots=True)
class _Day:
    """The moments of one channel that are taken."""

    limits: Limits
    quiet: QuietHours | None
    zone: ZoneInfo
    taken: list[datetime] = field(default_factory=list)
    per_day: Counter[date] = field(default_factory=Counter)

    def take(self, instant: datetime) -> None:
        insort(self.taken, instant)
        self.per_day[self._date(instant)] += 1

    def place(self, wish: Candidate, now: datetime) -> Choice:
        at, reason = max(wish.release, now), wish.barred or MISSED
        if wish.barred:
            return Choice(wish, None, reason)
        while at < wish.deadline:
            later, why = self._pushed(at)
            if later == at:
                self.take(at)
                return Choice(wish, at)
            at, reason = later, why or reason
        return Choice(wish, None, reason)

    def _pushed(self, at: datetime) -> tuple[datetime, str]:
        """The next moment worth a look, and what stands in the way of this one."""
        limit = self.limits.per_day
        if limit is not None and self.per_day[self._date(at)] >= limit:
            tomorrow = self._date(at) + timedelta(days=1)
            return resolve(tomorrow, time(0), self.zone), f"limits: {limit} a day are taken"
        gap = self.limits.gap
        near = self.taken[bisect_right(self.taken, at - gap) : bisect_left(self.taken, at + gap)]
        if near and gap:
            minutes = gap // timedelta(minutes=1)
            return near[-1] + gap, f"limits: no room with a gap of {minutes} minutes"
        return after_quiet(at, self.quiet, self.zone), ""

    def _date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()
