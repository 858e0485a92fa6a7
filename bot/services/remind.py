"""What people are reminded of: a post waits for a recording, and nobody has given its link yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.planning import Candidate
from bot.services.ground import Ground
from bot.store.alerts import AlertRecord

SUBJECT = "waiting:"
"""How the subject of a reminder begins; the uid of its event follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminders:
    """One an event, from when its post falls due by itself until the waiting ends."""

    due: Mapping[str, str] = field(default_factory=dict)  #: subject to text
    missing: frozenset[str] = frozenset()  #: subjects of all events whose recording is not known

    def standing(self, known: Mapping[str, AlertRecord]) -> dict[str, str]:
        """Those that are due, and those told already of a recording that has not come since."""
        told = {name: one.text for name, one in known.items() if one.is_open}
        return {**{name: told[name] for name in self.missing & told.keys()}, **self.due}


def reminders(ground: Ground, now: datetime) -> Reminders:
    """By what the plan waits for. The most important post of an event speaks for the others."""
    due: dict[str, str] = {}
    for one in ground.waiting:
        subject = _subject(one)
        if one.hold is not None and one.hold.since <= now < one.hold.until:
            due.setdefault(subject, _text(one))
    return Reminders(due=due, missing=frozenset(map(_subject, ground.waiting)))


def is_reminder(subject: str) -> bool:
    """Whether an alert of that subject is one of these."""
    return subject.startswith(SUBJECT)


def _subject(candidate: Candidate) -> str:
    return f"{SUBJECT}{candidate.record.event.uid}"


def _text(candidate: Candidate) -> str:
    event, hold = candidate.record.event, candidate.hold
    assert hold is not None
    fact, until = hold.wait.fact, hold.until.astimezone(event.zone)
    then = f"'{hold.wait.otherwise}'" if hold.wait.otherwise else "nothing"
    return (
        f"{event.uid} has no {fact} yet: '{candidate.rule.name}' of '{event.title}' waits for it"
        f" until {until:%a %-d %B %H:%M %Z}; then {then} goes out. Give its link: bot events edit"
        f" {event.uid} --recording URL"
    )
