"""Reads every post before anybody else does: each template × event × channel, at the moments it
can be sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from bot.core.cards import Card
from bot.core.examples import examples
from bot.core.linting import says_tba
from bot.core.model import Event, EventRecord, Format
from bot.core.planning import Candidate, candidates, not_applicable
from bot.core.programme import Programme
from bot.core.rules import Channel
from bot.errors import CardError, TemplateError
from bot.services.edition import Edition
from bot.services.sync import unread

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something about the files a person should know."""

    is_error: bool
    where: str
    what: str


def check(
    records: Sequence[EventRecord],
    edition: Edition,
    folder: Path,
    now: datetime,
    *,
    passed: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Finding]:
    """Everything found, errors first; without events a sample event stands in.

    `folder`: that of schedules.yaml, where file sources are; `passed` is told how many of the cards
    are drawn.
    """
    events = records or [_sample(edition, now)]
    programme = Programme(events)
    found = {
        *(Finding(True, "", said) for said in unread(edition.schedules, folder)),  # noqa: FBT003
        *_unreadable(events, edition, programme),
        *_undrawn(events, edition, passed),
        *_never_sent(events, edition),
        *_without_clock_time(events, edition),
    }
    return sorted(found, key=lambda one: (not one.is_error, one.where, one.what))


def _sayable(
    records: Sequence[EventRecord], edition: Edition
) -> Iterator[tuple[Candidate, Channel]]:
    """Everything that may be said, notices of changes that might come included."""
    rules = edition.schedules.rules
    found = chain(
        candidates(records, edition.schedules),
        (one for record in records for rule in rules for one in examples(record, rule)),
    )
    for candidate in found:
        title = candidate.record.event.title
        if candidate.barred.startswith(("the event is", "its title")) or says_tba(title):
            continue
        for channel in edition.schedules.channels_of(candidate.rule):
            yield candidate, channel


def _unreadable(
    records: Sequence[EventRecord], edition: Edition, programme: Programme
) -> Iterator[Finding]:
    for candidate, channel in _sayable(records, edition):
        for at in _moments(candidate):
            yield from _read(candidate, channel, edition, programme, at)


def _moments(candidate: Candidate) -> set[datetime]:
    """When it would be sent, and how late it may be: what is true at both is true between,
    but for the days that pass.
    """
    last = max(candidate.deadline - _MOMENT, candidate.release)
    midnight = candidate.release + timedelta(days=1)
    return {candidate.release, last, min(midnight, last)}


def _read(
    candidate: Candidate, channel: Channel, edition: Edition, programme: Programme, at: datetime
) -> Iterator[Finding]:
    where = (
        f"{candidate.rule.name} of {candidate.record.event.uid} on {channel.name}"
        f" (template {candidate.rule.template})"
    )
    try:
        post = edition.post(candidate, channel, at, programme)
        picture = edition.card(candidate, channel, at)
    except TemplateError as error:
        yield Finding(True, where, str(error))  # noqa: FBT003
        return
    for fault in edition.faults(post, channel, picture):
        yield Finding(True, where, fault)  # noqa: FBT003


def _undrawn(
    records: Sequence[EventRecord], edition: Edition, passed: Callable[[int, int], None]
) -> Iterator[Finding]:
    """Every card of every event is drawn once, as it would be when its post is due."""
    wanted = dict[Card, Candidate]()
    for candidate, channel in _sayable(records, edition) if edition.draws else ():
        card = edition.card(candidate, channel, candidate.release)
        if card is not None:
            wanted.setdefault(card, candidate)
    for done, (card, candidate) in enumerate(wanted.items(), 1):
        where = f"card of {candidate.record.event.uid} ({candidate.rule.name})"
        try:
            edition.cards.draw(card)
        except CardError as error:
            yield Finding(True, where, str(error))  # noqa: FBT003
        passed(done, len(wanted))


def _never_sent(records: Sequence[EventRecord], edition: Edition) -> Iterator[Finding]:
    for candidate in candidates(records, edition.schedules):
        if candidate.barred:
            where = f"{candidate.rule.name} of {candidate.record.event.uid}"
            yield Finding(False, where, f"will not go out: {candidate.barred}")  # noqa: FBT003


def _without_clock_time(records: Sequence[EventRecord], edition: Edition) -> Iterator[Finding]:
    untimed: dict[str, list[str]] = defaultdict(list)
    for rule, record in not_applicable(records, edition.schedules):
        untimed[rule.name].append(record.event.uid)
    for name, uids in untimed.items():
        shown = ", ".join(uids[:3]) + (f" and {len(uids) - 3} more" if len(uids) > 3 else "")  # noqa: PLR2004
        what = f"does not apply to events without a clock time: {shown}"
        yield Finding(False, name, what)  # noqa: FBT003


def _sample(edition: Edition, now: datetime) -> EventRecord:
    series = edition.schedules.series
    starts = (now + timedelta(days=30)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    event = Event(
        uid="sample",
        title="A sample event with a title of ordinary length",
        starts=starts,
        ends=starts + timedelta(hours=1),
        timezone=series.timezone,
        format=Format.VIRTUAL,
        url=series.url,
    )
    return EventRecord(event=event, revision=0, created_at=now, dated_at=now)
