"""Local dates and times, placed in a zone. The price of zoneinfo is that it never says no."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import available_timezones

from bot.core.model import zone
from bot.errors import nearest
from bot.sources.texts import UnreadableError
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
