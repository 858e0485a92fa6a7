"""Dates and times in the words of people: British English, in the event's zone."""

from datetime import date, datetime, timedelta, tzinfo

from bot.core.model import Event

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_MOST_HOURS = 2
_ROUNDING = timedelta(minutes=3)
"""How far from the full hour "in 1 hour" is still honest."""


def when(event: Event, now: datetime) -> str:
    """`Wed 9 June, 11:00–12:00 BST`; where no time is known, the days alone."""
    if not isinstance(event.starts, datetime):
        return daterange(event, now)
    starts = event.starts.astimezone(event.zone)
    ends = event.ends.astimezone(event.zone) if isinstance(event.ends, datetime) else starts
    if event.multi_day:
        return _over_days(starts, ends, now)
    until = f"–{ends:%H:%M}" if ends > starts else ""
    if until and starts.utcoffset() != ends.utcoffset():
        until = f" {_zone(starts)}{until}"
    return f"{_day(starts, _today(event, now))}, {starts:%H:%M}{until} {_zone(ends)}"


def daterange(event: Event, now: datetime) -> str:
    """`Wed 9 June`, `Thu 3 – Fri 4 June`, `Wed 30 June – Fri 2 July`; other years are named."""
    first, last, today = event.first_day, event.last_day, _today(event, now)
    if first == last:
        return _day(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_DAYS[first.weekday()]} {first.day} – {_day(last, today)}"
    shown = "" if first.year in (last.year, today.year) else f" {first.year}"
    return f"{_plain_day(first)}{shown} – {_day(last, today)}"


def countdown(moment: Event | date, now: datetime) -> str:
    """How far away it is: `in 25 minutes`, `in 1 hour`, `today`, `tomorrow`, `in 3 days`,
    `in a week`; `now` while it goes on; `earlier today`, `yesterday`, `on Wed 9 June` after it.

    Days are those of the event's zone; of a bare moment, those of its own, or of `now`.
    """
    if isinstance(moment, Event):
        if now >= moment.over_at:
            return _since(moment, now)
        if now >= moment.begins_at:
            return "today" if _is_on(moment, _today(moment, now)) else "now"
        return _until(moment.starts, _today(moment, now), now, moment.zone)
    zone = moment.tzinfo if isinstance(moment, datetime) else now.tzinfo
    return _until(moment, now.astimezone(zone).date(), now, zone)


def _is_on(event: Event, today: date) -> bool:
    return event.all_day and event.first_day == today


def _until(moment: date, today: date, now: datetime, zone: tzinfo | None) -> str:
    day = moment
    if isinstance(moment, datetime):
        day = moment.astimezone(zone).date()
        left = moment - now
        if _MINUTE / -2 < left < (_MOST_HOURS + 1) * _HOUR and (soon := _soon(left)):
            return soon
        if left < timedelta(0) and day == today:
            return "earlier today"
    return _in_days((day - today).days) or f"on {_day(day, today)}"


def _soon(left: timedelta) -> str:
    hours = round(left / _HOUR)
    if 0 < hours <= _MOST_HOURS and abs(left - hours * _HOUR) <= _ROUNDING:
        return "in 1 hour" if hours == 1 else f"in {hours} hours"
    minutes = round(left / _MINUTE)
    if left >= _HOUR:
        return ""
    if minutes <= 0:
        return "now"
    return "in 1 minute" if minutes == 1 else f"in {minutes} minutes"


_WEEK = 7
_FAR = 100


def _in_days(days: int) -> str:
    named = {-1: "yesterday", 0: "today", 1: "tomorrow", _WEEK: "in a week"}
    if days in named:
        return named[days]
    return f"in {days} days" if 0 < days < _FAR else ""


def _since(event: Event, now: datetime) -> str:
    today = _today(event, now)
    if event.multi_day:
        return f"on {daterange(event, now)}"
    if event.last_day == today:
        return "earlier today"
    return _in_days((event.last_day - today).days) or f"on {_day(event.last_day, today)}"


def _over_days(starts: datetime, ends: datetime, now: datetime) -> str:
    today = now.astimezone(starts.tzinfo).date()
    shown = "" if starts.year in (ends.year, today.year) else f" {starts.year}"
    first = "" if starts.utcoffset() == ends.utcoffset() else f" {_zone(starts)}"
    return (
        f"{_plain_day(starts)}{shown}, {starts:%H:%M}{first}"
        f" – {_day(ends, today)}, {ends:%H:%M} {_zone(ends)}"
    )


def _day(day: date, today: date) -> str:
    return _plain_day(day) if day.year == today.year else f"{_plain_day(day)} {day.year}"


def _plain_day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _today(event: Event, now: datetime) -> date:
    return now.astimezone(event.zone).date()


def _zone(moment: datetime) -> str:
    """`BST`; where a zone has no letters of its own, `UTC+5:30`."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    hours, minutes = name[:3], name[3:]
    return f"UTC{hours[0]}{int(hours[1:])}" + (f":{minutes}" if minutes.strip("0") else "")
