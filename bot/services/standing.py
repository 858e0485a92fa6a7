"""How a post that the log does not have stands today, and why."""

from datetime import datetime

from bot.core.approving import unapproved
from bot.core.choosing import Choice
from bot.core.consent import BY_ITSELF, WAITING, Consent
from bot.core.planning import Candidate, Key
from bot.core.rules import Schedules
from bot.core.timing import spoken_from
from bot.core.waiting import waits_for


def standing(
    candidate: Candidate,
    key: Key,
    choice: Choice | None,
    now: datetime,
    schedules: Schedules,
    *,
    is_owed: bool,
) -> tuple[str, str]:
    """The state, and the reason where it will not or did not go out, or later than due.

    `key`: with the channel's nickname. `choice`: None where its deadline has passed.
    """
    if kept := _kept(candidate, key, now):
        return kept
    if choice is not None and choice.at is None:
        return "skipped", choice.reason
    if choice is not None and choice.at is not None:
        state = "due" if choice.at <= now else "planned"
        return state, _remarks(candidate, key, choice.at, now, schedules)
    if is_owed:
        waited = candidate.consent is Consent.AWAITED
        return "dropped", unapproved(candidate) if waited else UNSENT
    return "skipped", "not owed: it fell due before the bot knew of it"


def _kept(candidate: Candidate, key: Key, now: datetime) -> tuple[str, str] | None:
    """What keeps it from going out whatever the time; None where nothing does."""
    if candidate.consent in WAITING and now < candidate.deadline:
        return "held", f"{candidate.barred}: bot posts approve {key}"
    if candidate.hold and candidate.waits and now < candidate.hold.until:
        return "waiting", waits_for(candidate.hold, candidate.record.event.zone)
    if candidate.barred and candidate.consent is not Consent.AWAITED:
        return "skipped", candidate.barred
    return None


UNSENT = "missed: the bot did not run while it could be sent"


def _remarks(
    candidate: Candidate, key: Key, at: datetime, now: datetime, schedules: Schedules
) -> str:
    """Why it goes out later than due, and whether it may still be stopped."""
    is_late = at > max(candidate.due, now)
    said = [_delay(candidate, at, schedules)] if is_late else []
    if candidate.hold and candidate.hold.is_missing:
        said.append(f"unless the {candidate.hold.wait.fact} comes first")
    if candidate.consent in BY_ITSELF:
        said.append(f"unless you stop it: bot posts hold {key}")
    return "; ".join(said)


def _delay(candidate: Candidate, at: datetime, schedules: Schedules) -> str:
    if at > candidate.release:
        return "limits: it makes room for others"
    if candidate.consent in BY_ITSELF:
        unhindered = spoken_from(candidate.due, schedules, candidate.begins)
        return "it was asked about late" if at > unhindered else "quiet hours"
    return "quiet hours"
