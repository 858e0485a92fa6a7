"""When a rule falls due for an event, and until when it may still be said.

Local clock times are resolved as PEP 495 has it with fold=0: a time that does not exist moves
forward by the gap, and of two equal ones the first is meant.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.moments import Timed
from bot.core.rules import (
    Anchor,
    Exact,
    OnClock,
    QuietHours,
    Rule,
    Schedules,
    When,
)

CLOCK_GRACE = timedelta(hours=12)
SHORTEST_GRACE = timedelta(minutes=10)
LONGEST_EXACT_GRACE = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


class Slot(NamedTuple):
    """When one rule speaks of one event. Instants are in UTC; it may go out in [due, deadline)."""

    reference: str  #: the value the rule counts from, part of the post's key
    due: datetime
    deadline: datetime


def resolve(day: date, at: time, where: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of a zone show `at` on `day`."""
    return datetime.combine(day, at, where).astimezone(UTC)


def slot(rule: Rule, event: Timed) -> Slot | None:
    """When the rule falls due for the event; None where it does not apply to such an event.

    A deadline at or before the due instant means that it can never go out.
    """
    when = rule.when
    if isinstance(when, OnClock):
        reference, due = _on_clock(when, event, rule.days)
    elif isinstance(when, Exact) and not event.all_day:
        reference, due = _exact(when, event, rule.days)
    else:
        return None
    deadline, cap = due + grace(rule, when), _untrue_from(when, event)
    return Slot(reference, due, deadline if cap is None or deadline < cap else cap)


def instant(when: When, event: Timed, days: frozenset[int]) -> datetime:
    """When it is, for an event; exact times count from midnight where it has no clock time."""
    return (
        _on_clock(when, event, days) if isinstance(when, OnClock) else _exact(when, event, days)
    )[1]


def grace(rule: Rule, when: When) -> timedelta:
    """How late a post of the rule may go out."""
    return rule.grace if rule.grace is not None else default_grace(when)


def default_grace(when: When) -> timedelta:
    """How late a post may go out where the rule does not say."""
    if isinstance(when, OnClock):
        return CLOCK_GRACE
    return min(max(abs(when.offset) / 2, SHORTEST_GRACE), LONGEST_EXACT_GRACE)


def _on_clock(when: OnClock, event: Timed, days: frozenset[int]) -> tuple[str, datetime]:
    day = event.first_day if when.anchor is Anchor.START else event.last_day
    due_day = allowed(day + timedelta(days=when.days), days)
    return day.isoformat(), resolve(due_day, when.at, event.zone)


def _exact(when: Exact, event: Timed, days: frozenset[int]) -> tuple[str, datetime]:
    instant = event.begins_at if when.anchor is Anchor.START else event.over_at
    due = instant + when.offset
    if len(days) < 7:  # noqa: PLR2004 - the days of a week
        local = due.astimezone(event.zone)
        day = allowed(local.date(), days)
        if day != local.date():
            due = resolve(day, local.time(), event.zone)
    return instant.isoformat(), due


def allowed(day: date, days: frozenset[int]) -> date:
    """The day, or the next one of these weekdays; Monday is 0."""
    while day.weekday() not in days:
        day += ONE_DAY
    return day


def _untrue_from(when: When, event: Timed) -> datetime | None:
    """The instant from which the post would say something untrue; None where it never does."""
    anchor = event.begins_at if when.anchor is Anchor.START else event.over_at
    if isinstance(when, Exact):
        if when.offset < timedelta(0):
            return anchor
        return event.over_at if when.offset == timedelta(0) else None
    if when.days < 0:
        return anchor
    if when.days > 0:
        return None
    if when.anchor is Anchor.START and not event.all_day:
        return anchor
    day = event.first_day if when.anchor is Anchor.START else event.last_day
    return resolve(day + ONE_DAY, time(0), event.zone)


def after_quiet(instant: datetime, quiet: QuietHours | None, where: ZoneInfo) -> datetime:
    """The first instant from this one on that is not in the quiet hours."""
    if quiet is None:
        return instant
    local = instant.astimezone(where)
    clock = local.time()
    if quiet.start < quiet.end:
        is_quiet, wakes = quiet.start <= clock < quiet.end, local.date()
    else:
        is_quiet = clock >= quiet.start or clock < quiet.end
        wakes = local.date() + ONE_DAY if clock >= quiet.start else local.date()
    return max(instant, resolve(wakes, quiet.end, where)) if is_quiet else instant


def spoken_from(instant: datetime, schedules: Schedules, begins: datetime | None) -> datetime:
    """The first instant from this one on at which something may be said.

    `begins`: the start that a correction is about; within a day of it no hour is quiet.
    """
    if begins is not None and begins - instant <= ONE_DAY:
        return instant
    return after_quiet(instant, schedules.quiet_hours, schedules.series.zone)
