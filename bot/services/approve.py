"""What a person decides about, as it is planned: its words, and whether an approval is of use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.linking import answers
from bot.core.model import EventRecord
from bot.core.planning import Candidate, Key, candidates
from bot.core.programme import Programme
from bot.core.rules import Channel
from bot.core.waiting import waits_for
from bot.errors import BotError
from bot.services.consent import subject
from bot.services.edition import Edition
from bot.services.known import Known
from bot.services.plan import notices_ahead


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One post of the plan on one channel; with the release its rule gives it."""

    candidate: Candidate
    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """What is approved."""

    about: str  #: its digest; empty where nobody asks for an approval
    text: str  #: how it reads, if it goes out as soon as it may
    but: str = ""  #: why it does not go out all the same


def subjects(
    records: Sequence[EventRecord], edition: Edition, known: Known, now: datetime
) -> Mapping[Key, Subject]:
    """Every post a person may decide about, by key with the channel's nickname."""
    schedules = edition.schedules
    planned = [
        Subject(candidate=one, channel=channel)
        for one in candidates(records, schedules)
        for channel in schedules.channels_of(one.rule)
    ]
    planned += [
        Subject(candidate=one, channel=schedules.channels[name])
        for name, notices in notices_ahead(records, edition, known, now).items()
        for one in notices
    ]
    return {one.candidate.key(one.channel.name): one for one in planned}


def approved(
    one: Subject, records: Sequence[EventRecord], edition: Edition, now: datetime
) -> Approved:
    """What an approval now is given on. Raises BotError where it comes too late, or has no text."""
    candidate, channel = one.candidate, one.channel
    if candidate.deadline <= now:
        until = candidate.deadline.astimezone(candidate.record.event.zone)
        raise BotError(
            f"{candidate.key(channel.name)} could be sent until {until:%a %d %b %Y %H:%M %Z}:"
            " it would no longer be true"
        )
    if candidate.hold is not None and candidate.waits and now < candidate.hold.until:
        waits = waits_for(candidate.hold, candidate.record.event.zone)
        raise BotError(f"{candidate.key(channel.name)} {waits}: approve it once that is known")
    programme = Programme(records)
    at = max(candidate.release, now)
    linked = any(answers(channel, candidate.rule))
    text = edition.post(candidate, channel, at, programme, linked=linked).text
    about = subject(candidate, channel, edition, programme) if candidate.rule.approval else ""
    return Approved(about=about, text=text, but=candidate.barred)
