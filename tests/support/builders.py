"""Events, rules and schedules with everything a test does not care about filled in."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.core.model import Event, EventRecord, Series, zone
from bot.core.rules import (
    Anchor,
    Channel,
    Exact,
    Limits,
    OnClock,
    QuietHours,
    Rule,
    Schedules,
    Trigger,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LONDON = "Europe/London"


def utc(text: str) -> datetime:
    """An instant written `2021-06-09 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(starts: str = "2021-06-09", ends: str | None = None, **fields: Any) -> Event:
    """An event; `starts` and `ends` are local, a date or `2021-06-09 11:00`."""
    timezone = fields.setdefault("timezone", LONDON)
    fields.setdefault("uid", f"{starts[:10]}-event")
    fields.setdefault("title", "CANDAL seminar series 2021")
    return Event(
        starts=_local(starts, timezone), ends=_local(ends, timezone) if ends else None, **fields
    )


def _local(text: str, timezone: str) -> date:
    if ":" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=zone(timezone)).astimezone(UTC)


def record(
    event_: Event,
    *,
    created_at: datetime = LONG_AGO,
    dated_at: datetime | None = None,
    **fields: Any,
) -> EventRecord:
    fields.setdefault("revision", 1)
    return EventRecord(
        event=event_, created_at=created_at, dated_at=dated_at or created_at, **fields
    )


def on_clock(days: int, at: str, anchor: Anchor = Anchor.START) -> OnClock:
    return OnClock(anchor=anchor, days=days, at=time.fromisoformat(at))


def exact(minutes: float, anchor: Anchor = Anchor.START) -> Exact:
    return Exact(anchor=anchor, offset=timedelta(minutes=minutes))


def rule(when: Trigger, name: str = "reminder", **fields: Any) -> Rule:
    fields.setdefault("key", name)
    fields.setdefault("rank", 0)
    fields.setdefault("template", "reminder")
    return Rule(name=name, when=when, **fields)


def schedules(
    *rules: Rule,
    quiet_hours: QuietHours | None = None,
    limits: Limits | None = None,
    channels: Sequence[str] = ("x",),
    timezone: str = LONDON,
) -> Schedules:
    return Schedules(
        series=Series(
            name="Midlands Health & Life Science Symposium",
            hashtag="#MidlandsHealth",
            timezone=timezone,
            url="https://example.org/series",
        ),
        sources=(),
        channels={name: Channel(name=name, platform="x") for name in channels},
        rules=rules,
        quiet_hours=quiet_hours,
        limits=limits or Limits(),
        digest="test",
    )


def quiet(start: str, end: str) -> QuietHours:
    return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
