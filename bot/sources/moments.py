"""Local dates and times, placed in a zone. The price of zoneinfo is that it never says no."""

import re
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed_zone
from functools import cache
from zoneinfo import available_timezones

from bot.core.model import zone
from bot.errors import nearest
from bot.sources.texts import UnreadableError, shorten
from bot.sources.words import DECEMBER

YEARS = range(1900, 2200)
"""Dates outside are slips; and zones have no rules for the ends of the calendar."""


_FEBRUARY = 2


def day(year: int, month: int, number: int) -> date:
    """A date that exists. Raises UnreadableError."""
    if year not in YEARS:
        raise UnreadableError(f"the year {year} is not between {YEARS[0]} and {YEARS[-1]}")
    try:
        return date(year, month, number)
    except ValueError:
        pass
    if not 1 <= month <= DECEMBER:
        raise UnreadableError(f"there is no month {month}")
    named = date(2000, month, 1).strftime("%B")
    raise UnreadableError(f"there is no {number} {named}{f' {year}' if month == _FEBRUARY else ''}")


def instant(where: date, clock: time, timezone: str) -> datetime:
    """A local time as an instant in UTC; of two, the first. Raises UnreadableError in a gap."""
    local = datetime.combine(where, clock, zone(timezone))
    found = local.astimezone(UTC)
    there = found.astimezone(zone(timezone))
    if there.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise UnreadableError(
            f"{clock:%H:%M} does not exist on {where} in {timezone}: "
            "the clocks are put forward then; write the time they show"
        )
    return found


_WRITTEN = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?"
    r"\s*([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def read(written: str, timezone: str) -> date:
    """A date, or an instant in UTC, from `2021-11-24` or `2021-11-24 09:30`.

    Local unless it has an offset. Raises UnreadableError.
    """
    written = written.strip()
    found = _WRITTEN.fullmatch(written)
    if not found:
        quoted = f"'{shorten(written)}' is no date; expected" if written else "expected a date,"
        raise UnreadableError(f"{quoted} 2021-11-24 or 2021-11-24 09:30")
    where = day(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return where
    try:
        clock = time(int(found[4]), int(found[5]), int(found[6] or 0))
    except ValueError:
        raise UnreadableError(f"there is no clock time {found[4]}:{found[5]}") from None
    return _at_offset(where, clock, found[7]) if found[7] else instant(where, clock, timezone)


def _at_offset(where: date, clock: time, offset: str) -> datetime:
    digits = offset.lstrip("Zz+-").replace(":", "") or "0000"
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if length >= timedelta(days=1):
        raise UnreadableError(f"there is no offset {offset}")
    sign = -1 if offset[0] == "-" else 1
    return datetime.combine(where, clock, fixed_zone(sign * length)).astimezone(UTC)


def check_zone(name: str) -> str:
    """The name of a zone that exists. Raises UnreadableError."""
    if name not in _zones():
        raise UnreadableError(
            f"there is no time zone '{name}'{nearest(name, _zones())}; one is Europe/London"
        )
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
