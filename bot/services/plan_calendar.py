"""The plan as a calendar (RFC 5545) that any calendar program can take in."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from bot.core.model import Series
from bot.services.plan import Line

_STATUS = {"sent": "CONFIRMED", "skipped": "CANCELLED", "dropped": "CANCELLED"}
_LENGTH = timedelta(minutes=5)
_SEASON = timedelta(days=366)


def calendar(lines: Sequence[Line], series: Series, now: datetime) -> str:
    """One entry a post, at its time in the event's zone; its UID is that of the post's key."""
    found = Calendar()
    found.add("prodid", "-//announcement-bot//plan//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"{series.name}: posts")
    found.add("x-wr-timezone", series.timezone)
    for line in lines:
        found.add_component(_entry(line, now))
    if lines:
        days = [line.when.date() for line in lines]
        found.add_missing_timezones(min(days) - _SEASON, max(days) + _SEASON)
    return str(found.to_ical(), "utf-8")


def _entry(line: Line, now: datetime) -> Entry:
    at = line.when
    event = line.record.event if line.record else None
    entry = Entry()
    entry.add("uid", f"{hashlib.sha256(str(line.key).encode()).hexdigest()[:32]}@announcement-bot")
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", at)
    entry.add("dtend", at + _LENGTH)
    entry.add(
        "summary", f"{line.post} on {line.channel}: {event.title if event else line.key.event}"
    )
    why = f"{line.state}: {line.reason}" if line.reason else line.state
    said = (line.text, f"({line.remark})" if line.text and line.remark else "", why)
    entry.add("description", "\n\n".join(part for part in said if part))
    entry.add("status", _STATUS.get(line.state, "TENTATIVE"))
    entry.add("transp", "TRANSPARENT")
    if event and event.url.startswith(("https://", "http://")):
        entry.add("url", event.url)
    return entry
