"""Posts about the series by the calendar: when each falls due, and which events it speaks of."""

import calendar
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count, takewhile
from typing import NamedTuple

from bot.core.model import Event, EventRecord, Series
from bot.core.rules import Every, Period, Rule, Schedules, Span
from bot.core.shifting import exchange
from bot.core.timing import CLOCK_GRACE, after_quiet, allowed, resolve

SERIES = "series"
"""What a post about the series has for the uid of its event."""

ONE_DAY = timedelta(days=1)


class Issue(NamedTuple):
    """One appearance of a digest."""

    reference: str  #: the name of its period: `2021-06`, `2021-W23`, `2021-06-09`
    record: EventRecord  #: the series, on the days it speaks of
    events: tuple[EventRecord, ...]
    release: datetime
    due: datetime
    deadline: datetime


class Season:
    """The events of a series that take place, ready to be asked for some days of it."""

    def __init__(self, records: Iterable[EventRecord]) -> None:
        self._records = {record.event.uid: record for record in records}
        self._order = sorted(_by_day(record) for record in self._records.values())
        self._begins = sorted(record.event.begins_at for record in self._records.values())

    def put(self, record: EventRecord) -> None:
        """Let it in as it is now, instead of as it was."""
        before = self._records.get(record.event.uid)
        self._records[record.event.uid] = record
        if before is None:
            insort(self._order, _by_day(record))
            insort(self._begins, record.event.begins_at)
        else:
            exchange(self._order, _by_day(before), _by_day(record))
            exchange(self._begins, before.event.begins_at, record.event.begins_at)

    def take(self, record: EventRecord) -> None:
        """Take out one that is in it."""
        del self._records[record.event.uid]
        del self._order[bisect_left(self._order, _by_day(record))]
        del self._begins[bisect_left(self._begins, record.event.begins_at)]

    @property
    def days(self) -> tuple[date, date] | None:
        """The days on which the first and the last event begin."""
        return (self._order[0][0], self._order[-1][0]) if self._order else None

    def between(self, first: date, after: date) -> list[EventRecord]:
        """The events that begin on these days, but not on `after`, by start."""
        start, end = bisect_left(self._order, (first,)), bisect_left(self._order, (after,))
        return [self._records[uid] for *_, uid in sorted(self._order[start:end], key=_by_start)]

    def ahead(self, instant: datetime) -> int:
        """How many events begin at or after an instant."""
        return len(self._begins) - bisect_left(self._begins, instant)


def issues(rule: Rule, season: Season, schedules: Schedules) -> Iterator[Issue]:
    """Every appearance of a digest that may have something to say, from the first event's to the
    last's.
    """
    if isinstance(every := rule.when, Every):
        for day in nominal_days(rule, every, season):
            yield issue(rule, every, day, season, schedules)


def nominal_days(rule: Rule, every: Every, season: Season) -> Iterator[date]:
    """The days it falls on, before `days:` moves them."""
    if season.days is None:
        return
    span = span_of(rule, every)
    first, last = season.days
    for day in occurrences(every, back(first, span)):
        if day > last:
            return
        if ahead(day, span) > first:
            yield day


def days_about(rule: Rule, every: Every, day: date) -> Iterator[date]:
    """The days it falls on that a change of an event on some day may be of consequence to."""
    earliest = back(day, span_of(rule, every)) - LONGEST_MOVE
    return takewhile(lambda one: one <= day, occurrences(every, earliest))


def span_of(rule: Rule, every: Every) -> Span:
    """The time it speaks of, from its day."""
    return rule.covers or Span(count=1, period=every.period)


LONGEST_MOVE = timedelta(days=6)
"""How far `days:` moves a post at most."""


def occurrences(every: Every, start: date) -> Iterator[date]:
    """The days it falls on, from the period that has `start` in it, without end."""
    if every.period is Period.DAY:
        yield from (start + timedelta(days=number) for number in count())
    elif every.period is Period.WEEK:
        monday = start - timedelta(days=start.weekday())
        yield from (monday + timedelta(days=(every.weekday or 0) + 7 * n) for n in count())
    else:
        for month in count(start.year * 12 + start.month - 1):
            yield _in_month(every, month // 12, month % 12 + 1)


def _in_month(every: Every, year: int, month: int) -> date:
    weekday, length = calendar.monthrange(year, month)
    if every.nth is None or every.weekday is None:
        return date(year, month, min(every.day or 1, length))
    earliest = 1 + (every.weekday - weekday) % 7
    if every.nth > 0:
        return date(year, month, earliest + 7 * (every.nth - 1))
    return date(year, month, earliest + 7 * ((length - earliest) // 7))


def ahead(day: date, span: Span) -> date:
    """The day after a span that begins on `day`; a month later is the same day of the month, or
    its last.
    """
    if span.period is Period.MONTH:
        return _months(day, span.count)
    return day + timedelta(days=span.count * (7 if span.period is Period.WEEK else 1))


def back(day: date, span: Span) -> date:
    """A day from which on every span that reaches `day` begins."""
    return day - timedelta(days=span.count * _LONGEST[span.period])


_LONGEST = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}


def _months(day: date, number: int) -> date:
    month = day.year * 12 + day.month - 1 + number
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def named(period: Period, day: date) -> str:
    """The period a day is in: `2021-06`, `2021-W23`, `2021-06-09`."""
    if period is Period.MONTH:
        return f"{day:%Y-%m}"
    return f"{day:%G-W%V}" if period is Period.WEEK else day.isoformat()


def issue(rule: Rule, every: Every, nominal: date, season: Season, schedules: Schedules) -> Issue:
    """Its appearance on one of its days."""
    series = schedules.series
    day = allowed(nominal, rule.days)
    after = ahead(day, span_of(rule, every))
    due = resolve(day, every.at, series.zone)
    around = season.between(day, after)
    listed = tuple(one for one in around if rule.applies_to(one.event) and still(one.event) > due)
    deadline = min(
        due + (CLOCK_GRACE if rule.grace is None else rule.grace),
        resolve(after, time(0), series.zone),
        max((still(one.event) for one in listed), default=datetime.max.replace(tzinfo=due.tzinfo)),
    )
    return Issue(
        named(every.period, nominal),
        _record(series, day, after - ONE_DAY, listed),
        listed,
        after_quiet(due, schedules.quiet_hours, series.zone),
        due,
        deadline,
    )


def still(event: Event) -> datetime:
    """Until when an event may be announced: its start; where no time is known, the end of it."""
    return event.over_at if event.all_day else event.begins_at


def _record(series: Series, first: date, last: date, listed: Sequence[EventRecord]) -> EventRecord:
    """The series on some days, known since the first event of them was."""
    event = Event(
        uid=SERIES,
        title=series.name,
        starts=first,
        ends=last,
        timezone=series.timezone,
        url=series.url,
    )
    return EventRecord(
        event=event,
        revision=max((one.revision for one in listed), default=0),
        created_at=min((one.created_at for one in listed), default=_ALWAYS),
        dated_at=min((max(one.created_at, one.dated_at) for one in listed), default=_ALWAYS),
    )


_ALWAYS = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _by_day(record: EventRecord) -> tuple[date, datetime, str]:
    event = record.event
    return event.first_day, event.begins_at, event.uid


def _by_start(order: tuple[date, datetime, str]) -> tuple[datetime, str]:
    return order[1:]
