"""What people are reminded of: a post waits for a recording, and nobody has given its link yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.core.planning import Candidate
from bot.services.ground import Ground
from bot.store.alerts import AlertRecord

SUBJECT = "waiting:"
"""How the subject of a reminder begins; the uid of its event follows."""


def reminders(ground: Ground, now: datetime, known: Mapping[str, AlertRecord]) -> Mapping[str, str]:
    """By subject, one an event: what is due, from when its post falls due by itself until the
    waiting ends, and what was told already of a recording that has not come since.

    The most important post of an event speaks for the others.
    """
    timetable, due = ground.timetable, dict[str, str]()
    start, end = now - timetable.longest, now + timetable.held
    for one in _waiting(timetable.between(start, end, lambda rule: rule.wait)):
        if one.hold is not None and one.hold.since <= now < one.hold.until:
            due.setdefault(f"{SUBJECT}{one.record.event.uid}", _text(one))
    told = {
        name: one.text
        for name, one in known.items()
        if one.is_open
        and is_reminder(name)
        and _waiting(timetable.about(name.removeprefix(SUBJECT)))
    }
    return told | due


def _waiting(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Of these what waits for a fact that is not known, and would go out with it."""
    found = [
        one
        for one in candidates
        if one.hold and one.hold.is_missing and one.barred == one.hold.barred != ""
    ]
    return sorted(found, key=lambda one: one.rank)


def is_reminder(subject: str) -> bool:
    """Whether an alert of that subject is one of these."""
    return subject.startswith(SUBJECT)


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
