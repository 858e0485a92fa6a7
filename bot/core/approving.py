"""Approval: which posts wait for a person's word, until when, and what that word was given on.

A word counts for what it was given on: the dates and the status of the events a post speaks of, and
its text as it reads at its own moment. So a post that goes out an hour late may say "in 1 hour"
where "in 2 hours" was approved; other words, or an event that was something else meanwhile, have to
be approved anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.consent import Consent, Restated, Word, Words
from bot.core.model import Event
from bot.core.planning import Candidate
from bot.core.rules import Rule, Schedules
from bot.core.telling import written
from bot.core.timing import spoken_from

ASKED_AHEAD = timedelta(hours=24)
"""How long before it is due a person is told of a post that does not go out without them."""

LEAD = timedelta(minutes=1)
"""How much sooner the others are asked about: telling a person takes a while."""


def ask_at(candidate: Candidate) -> datetime:
    """When a person is asked. A notice has to have stood first: it may be undone until then."""
    return candidate.due if candidate.is_notice else candidate.release - lead(candidate.rule)


def lead(rule: Rule) -> timedelta:
    """How long before its release a post of the rule is asked about."""
    ahead = rule.approval.ahead if rule.approval else None
    return ASKED_AHEAD if ahead is None else ahead + LEAD


def released(candidate: Candidate, asked: datetime, schedules: Schedules) -> datetime:
    """When it may go out by itself, if a person is asked at that instant."""
    ahead = candidate.rule.approval.ahead if candidate.rule.approval else None
    at = max(candidate.release, asked + (ahead or timedelta(0)))
    return spoken_from(at, schedules, candidate.begins)


def heeding(
    candidate: Candidate,
    words: Words,
    subject: Callable[[], str],
    otherwise: datetime | None,
    schedules: Schedules,
) -> Candidate:
    """The candidate as people's words leave it.

    `subject`: the digest of what is to be approved. `otherwise`: when an event it speaks of was
    last something else than it is.
    """
    barred = "" if candidate.waits else candidate.barred
    if barred or words.skipped:
        skipped = f"skipped by {words.skipped.who}" if words.skipped else ""
        return candidate._replace(barred=barred or skipped)
    if words.held:
        barred = f"held by {words.held.who}"
        return candidate._replace(barred=barred, consent=Consent.STOPPED)
    approval = candidate.rule.approval
    is_unknown = candidate.waits  # what it will say, too
    if is_unknown or approval is None or _counts(words.approved, subject, otherwise):
        return candidate
    if approval.ahead is None:
        return candidate._replace(barred=AWAITED, consent=Consent.AWAITED)
    if words.asked and _counts(words.asked, subject, otherwise):
        return on_silence(candidate, words.asked.at, schedules, Consent.SILENT)
    return candidate._replace(consent=Consent.UNASKED)


def on_silence(
    candidate: Candidate, asked: datetime, schedules: Schedules, consent: Consent
) -> Candidate:
    """As it goes out unless it is stopped; where the time for that is too short, not by itself."""
    at = released(candidate, asked, schedules)
    if at >= candidate.deadline:
        return candidate._replace(barred=AWAITED, consent=Consent.AWAITED)
    return candidate._replace(release=at, consent=consent)


AWAITED = "waits for approval"


def unapproved(candidate: Candidate) -> str:
    """Why it did not go out, where nobody said a word in time."""
    still = ": those who were told otherwise do not know" if candidate.is_correction else ""
    if candidate.consent is Consent.UNASKED:
        return f"{UNAPPROVED}, and nobody could be asked{still}"
    if candidate.rule.approval and candidate.rule.approval.ahead:
        return f"{UNAPPROVED}, and it was asked about too late to go out without{still}"
    return f"{UNAPPROVED}{still}"


UNAPPROVED = "nobody approved it"


def digest(text: str, candidate: Candidate) -> str:
    """What a word is bound to: SHA-256 of a text and the facts of the events it is about."""
    facts = [[event.uid, *_facts(event).values()] for event in spoken_of(candidate)]
    return hashlib.sha256(json.dumps([text, facts]).encode()).hexdigest()


def spoken_of(candidate: Candidate) -> Iterator[Event]:
    """The events a post is about."""
    for record in (candidate.record,) if candidate.events is None else candidate.events:
        yield record.event


def otherwise(
    events: Iterable[Event], restated: Mapping[str, Sequence[Restated]]
) -> datetime | None:
    """When one of these events was last made something else than it is now; None: never."""
    return max(
        (
            one.at
            for event in events
            for one in restated.get(event.uid, ())
            if not one.after.items() <= _facts(event).items()
        ),
        default=None,
    )


def _counts(word: Word | None, subject: Callable[[], str], otherwise: datetime | None) -> bool:
    if word is None or (otherwise is not None and word.at < otherwise):
        return False
    return word.digest == subject()


def _facts(event: Event) -> dict[str, str | None]:
    return {
        "starts": written(event.starts),
        "ends": written(event.ends) if event.ends else None,
        "status": event.status.value,
    }
