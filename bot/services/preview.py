"""What an event's posts say, whether or not they are due or ever will be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.core.cards import card
from bot.core.examples import EXAMPLE, examples
from bot.core.model import EventRecord, Image
from bot.core.planning import Candidate, candidates
from bot.core.pricing import cost
from bot.core.programme import Programme
from bot.core.rules import Channel
from bot.errors import TemplateError, UnknownNameError, nearest
from bot.services.edition import Edition


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One text, or why there is none."""

    rule: str
    channel: str
    at: datetime  #: in the event's zone
    text: str
    problem: str
    length: int
    limit: int | None
    cost_usd: Decimal
    is_example: bool = False  #: a notice of a change there was not


def preview(
    records: Sequence[EventRecord],
    edition: Edition,
    uid: str,
    *,
    rule: str | None = None,
    channel: str | None = None,
    at: datetime | None = None,
    notices: Mapping[str, Sequence[Candidate]] = MappingProxyType({}),
) -> Iterator[Preview]:
    """Every post of the event; UnknownNameError for an event, rule or channel there is not.

    `notices`: those that are due, by channel. Of one that is not but is asked for, an example.
    """
    schedules = edition.schedules
    record = {one.event.uid: one for one in records}.get(uid)
    if record is None:
        raise _unknown("event", uid, [one.event.uid for one in records])
    names = [one.name for one in schedules.rules]
    if rule is not None and rule not in names:
        raise _unknown("post", rule, names)
    if channel is not None and channel not in schedules.channels:
        raise _unknown("channel", channel, list(schedules.channels))
    programme = Programme(records)
    found = [
        *((candidate, None) for candidate in candidates([record], schedules)),
        *((notice, name) for name, due in notices.items() for notice in due),
    ]
    mine = [
        (candidate, name)
        for candidate, name in found
        if candidate.record.event.uid == uid and rule in (None, candidate.rule.name)
    ]
    if not mine and rule is not None:
        asked = schedules.rules[names.index(rule)]
        mine = [(candidate, None) for candidate in examples(record, asked)]
    for candidate, name in mine:
        for one in schedules.channels_of(candidate.rule):
            if channel in (None, one.name) and name in (None, one.name):
                yield _preview(edition, candidate, one, programme, at or candidate.release)


def card_of(
    records: Sequence[EventRecord],
    edition: Edition,
    uid: str,
    *,
    rule: str | None = None,
    at: datetime,
) -> Image:
    """The event's card, whether or not a rule asks for it. UnknownNameError, CardError."""
    schedules = edition.schedules
    record = {one.event.uid: one for one in records}.get(uid)
    if record is None:
        raise _unknown("event", uid, [one.event.uid for one in records])
    named = {one.name: one for one in schedules.rules}
    if rule is not None and rule not in named:
        raise _unknown("post", rule, list(named))
    shown = card(record.event, schedules.series, at, rule=named.get(rule or ""))
    return edition.cards.draw(shown)


def _preview(
    edition: Edition, candidate: Candidate, channel: Channel, programme: Programme, at: datetime
) -> Preview:
    text, length, problem = "", 0, ""
    try:
        post = edition.post(candidate, channel, at, programme)
        text, length = post.text, post.length
        faults = edition.faults(post, channel, edition.card(candidate, channel, at))
        problem = "; ".join(faults)
    except TemplateError as error:
        problem = str(error)
    return Preview(
        rule=candidate.rule.name,
        channel=channel.name,
        at=at.astimezone(candidate.record.event.zone),
        text=text,
        problem=problem,
        length=length,
        limit=edition.measure(channel).limit,
        cost_usd=cost(channel.platform, text) if text else Decimal(0),
        is_example=candidate.reference == EXAMPLE,
    )


def _unknown(what: str, name: str, known: Sequence[str]) -> UnknownNameError:
    return UnknownNameError(f"there is no {what} '{name}'{nearest(name, known)}")
