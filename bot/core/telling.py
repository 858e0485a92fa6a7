"""What a post tells of an event, and the event as it was told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from bot.core.model import Event, Status, Told


class Standing(StrEnum):
    """Whether a post reached its followers."""

    SENT = "sent"
    PENDING = "pending"  #: it is under way, or looked for
    DOUBTFUL = "doubtful"  #: looked for in vain: perhaps it did, perhaps not


class Telling(NamedTuple):
    """One post of a channel, as far as it speaks of one event."""

    post_id: int
    remote_id: str | None
    at: datetime  #: when its text was frozen
    standing: Standing
    facts: Told


class Turn(NamedTuple):
    """One change of an event."""

    at: datetime
    what: frozenset[str]  #: the fields that changed; or "vanished", "returned"


def facts(event: Event) -> Told:
    """Everything a notice is measured by."""
    return {
        "starts": written(event.starts),
        "ends": written(event.ends) if event.ends else None,
        "status": event.status,
        "url": event.url,
        "recording_url": event.recording_url,
        "location": event.location,
    }


def as_told(event: Event, told: Told) -> Event:
    """The event as a post told it; what is not kept is as it is today."""
    return replace(
        event,
        starts=read_moment(told["starts"] or ""),
        ends=read_moment(told["ends"]) if told["ends"] else None,
        status=Status(told["status"] or ""),
        url=told["url"] or "",
        recording_url=told["recording_url"] or "",
        location=told["location"] or "",
    )


def last_told(tellings: Sequence[Telling]) -> Telling | None:
    """The newest of those that were sent, with place and link as they were last told at all.

    A post that names neither takes nothing back.
    """
    sent = sorted(
        (one for one in tellings if one.standing is Standing.SENT),
        key=lambda one: (one.at, one.post_id),
    )
    if not sent:
        return None
    named = {
        name: next((said for one in reversed(sent) if (said := one.facts[name])), "")
        for name in ("url", "location")
    }
    return sent[-1]._replace(facts={**sent[-1].facts, **named})


def written(moment: date) -> str:
    """A date as it is, a time in UTC: ISO 8601."""
    return (moment.astimezone(UTC) if isinstance(moment, datetime) else moment).isoformat()


def read_moment(value: str) -> date:
    """What `written` wrote."""
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
