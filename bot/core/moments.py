"""When an event is, worked out once for all that counts from it."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.model import Event


class Moments(NamedTuple):
    """Of an event, under the names it has them by."""

    zone: ZoneInfo
    all_day: bool
    begins_at: datetime
    over_at: datetime
    first_day: date
    last_day: date


def moments(event: Event) -> Moments:
    return Moments(
        event.zone, event.all_day, event.begins_at, event.over_at, event.first_day, event.last_day
    )


Timed = Event | Moments
"""An event, or only when it is."""
