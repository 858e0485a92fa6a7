"""Dates and times in the words of people, in the event's zone; British English unless asked."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.core.model import Event
from bot.core.tongues import English, Tongue

_ENGLISH = English()
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_MOST_HOURS = 2
_ROUNDING = timedelta(minutes=3)
"""How far from the full hour "in 1 hour" is still honest."""


def when(
    event: Event, now: datetime, tongue: Tongue = _ENGLISH, also: ZoneInfo | None = None
) -> str:
    """`Wed 9 June, 11:00–12:00 BST`; where no time is known, the days alone.

    `also`: a second zone, `… BST (06:00–07:00 EDT)`, where its clocks show another time.
    """
    if not isinstance(event.starts, datetime):
        return daterange(event, now, tongue)
    said = _timed(event, event.starts, event.zone, now, tongue)
    if also is None or event.starts.astimezone(also).utcoffset() == (
        event.starts.astimezone(event.zone).utcoffset()
    ):
        return said
    return f"{said} ({_there(event, event.starts, also, now, tongue)})"


def daterange(event: Event, now: datetime, tongue: Tongue = _ENGLISH) -> str:
    """`Wed 9 June`, `Thu 3 – Fri 4 June`, `Wed 30 June – Fri 2 July`; other years are named."""
    first, last, today = event.first_day, event.last_day, _today(event, now)
    if first == last:
        return _day(first, today, tongue)
    years = (first.year not in (last.year, today.year), last.year != today.year)
    return tongue.days(first, last, years=years)


def countdown(moment: Event | date, now: datetime, tongue: Tongue = _ENGLISH) -> str:
    """How far away it is: `in 25 minutes`, `in 1 hour`, `today`, `tomorrow`, `in 3 days`,
    `in a week`; `now` while it goes on; `earlier today`, `yesterday`, `on Wed 9 June` after it.

    Days are those of the event's zone; of a bare moment, those of its own, or of `now`.
    """
    if isinstance(moment, Event):
        if now < moment.begins_at:
            return _until(moment.starts, _today(moment, now), now, moment.zone, tongue)
        if now >= moment.over_at:
            return _since(moment, now, tongue)
        words = tongue.words
        return words.today if _is_on(moment, _today(moment, now)) else words.now
    zone = moment.tzinfo if isinstance(moment, datetime) else now.tzinfo
    return _until(moment, now.astimezone(zone).date(), now, zone, tongue)


def _is_on(event: Event, today: date) -> bool:
    return event.all_day and event.first_day == today


def _until(moment: date, today: date, now: datetime, zone: tzinfo | None, tongue: Tongue) -> str:
    day = moment
    if isinstance(moment, datetime):
        day = moment.astimezone(zone).date()
        left = moment - now
        if _MINUTE / -2 < left < (_MOST_HOURS + 1) * _HOUR and (soon := _soon(left, tongue)):
            return soon
        if left < timedelta(0) and day == today:
            return tongue.words.earlier
    return _in_days((day - today).days, tongue) or _on(day, today, tongue)


def _soon(left: timedelta, tongue: Tongue) -> str:
    hours = round(left / _HOUR)
    if 0 < hours <= _MOST_HOURS and abs(left - hours * _HOUR) <= _ROUNDING:
        return tongue.ahead(hours, "hour")
    minutes = round(left / _MINUTE)
    if left >= _HOUR:
        return ""
    return tongue.ahead(minutes, "minute") if minutes > 0 else tongue.words.now


_WEEK = 7
_FAR = 100


def _in_days(days: int, tongue: Tongue) -> str:
    words = tongue.words
    if -1 <= days <= 1:
        return (words.yesterday, words.today, words.tomorrow)[days + 1]
    if days == _WEEK:
        return tongue.ahead(1, "week")
    return tongue.ahead(days, "day") if 0 < days < _FAR else ""


def _since(event: Event, now: datetime, tongue: Tongue) -> str:
    today = _today(event, now)
    if event.multi_day:
        said = daterange(event, now, tongue)
        return tongue.words.on.format(said)
    if event.last_day == today:
        return tongue.words.earlier
    days = (event.last_day - today).days
    return _in_days(days, tongue) or _on(event.last_day, today, tongue)


def _on(day: date, today: date, tongue: Tongue) -> str:
    return tongue.words.on.format(_day(day, today, tongue))


def _timed(event: Event, begins: datetime, zone: ZoneInfo, now: datetime, tongue: Tongue) -> str:
    starts, today = begins.astimezone(zone), now.astimezone(zone).date()
    ends = event.ends.astimezone(zone) if isinstance(event.ends, datetime) else starts
    if event.multi_day:
        return _over_days(starts, ends, today, tongue)
    return f"{_day(starts, today, tongue)}, {_hours(starts, ends, tongue)}"


def _there(event: Event, begins: datetime, zone: ZoneInfo, now: datetime, tongue: Tongue) -> str:
    """The same times on the clocks of another zone; with the day where it is another."""
    starts, here = begins.astimezone(zone), begins.astimezone(event.zone)
    ends = event.ends.astimezone(zone) if isinstance(event.ends, datetime) else starts
    today = now.astimezone(zone).date()
    if event.multi_day:
        return _over_days(starts, ends, today, tongue)
    hours = _hours(starts, ends, tongue)
    return hours if starts.date() == here.date() else f"{_day(starts, today, tongue)}, {hours}"


def _hours(starts: datetime, ends: datetime, tongue: Tongue) -> str:
    if ends <= starts:
        return f"{tongue.clock(starts)} {tongue.zone(starts)}"
    if starts.utcoffset() == ends.utcoffset():
        return f"{tongue.hours(starts, ends)} {tongue.zone(ends)}"
    first = f"{tongue.clock(starts)} {tongue.zone(starts)}"
    return f"{first}–{tongue.clock(ends)} {tongue.zone(ends)}"


def _over_days(starts: datetime, ends: datetime, today: date, tongue: Tongue) -> str:
    year = starts.year not in (ends.year, today.year)
    first = "" if starts.utcoffset() == ends.utcoffset() else f" {tongue.zone(starts)}"
    return (
        f"{tongue.day(starts, year=year)}, {tongue.clock(starts)}{first}"
        f" – {_day(ends, today, tongue)}, {tongue.clock(ends)} {tongue.zone(ends)}"
    )


def _day(day: date, today: date, tongue: Tongue) -> str:
    return tongue.day(day, year=day.year != today.year)


def _today(event: Event, now: datetime) -> date:
    return now.astimezone(event.zone).date()
