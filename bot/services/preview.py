"""What an event's posts say, whether or not they are due or ever will be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.core.cards import card
from bot.core.digests import SERIES
from bot.core.examples import EXAMPLE, as_if_known, examples, remark
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
    remark: str = ""  #: what of it is only an example


def preview(
    records: Sequence[EventRecord],
    edition: Edition,
    uid: str,
    *,
    rule: str | None = None,
    channel: str | None = None,
    at: datetime | None = None,
    notices: Mapping[str, Sequence[Candidate]] = MappingProxyType({}),
    unlinked: Callable[[Candidate, Channel], bool] = lambda _candidate, _channel: False,
) -> Iterator[Preview]:
    """Every post of the event; UnknownNameError for an event, rule or channel there is not.

    `notices`: those that are due, by channel. Of one that is not but is asked for, an example.
    `unlinked`: whether one goes without links.
    """
    schedules = edition.schedules
    record = {one.event.uid: one for one in records}.get(uid)
    if record is None and uid != SERIES:
        raise _unknown("event", uid, [one.event.uid for one in records])
    names = [one.name for one in schedules.rules]
    _check_name("post", rule, names)
    _check_name("channel", channel, list(schedules.channels))
    found = [
        *((candidate, None) for candidate in candidates(records, schedules)),
        *((notice, name) for name, due in notices.items() for notice in due),
    ]
    mine = [
        (candidate, name)
        for candidate, name in found
        if candidate.record.event.uid == uid and rule in (None, candidate.rule.name)
    ]
    if record and rule and not mine:
        mine = [(one, None) for one in examples(record, schedules.rules[names.index(rule)])]
    programme = Programme(records)
    for candidate, name in mine:
        for one in schedules.channels_of(candidate.rule):
            if channel in (None, one.name) and name in (None, one.name):
                when, linked = at or candidate.release, not unlinked(candidate, one)
                yield _preview(edition, candidate, one, programme, when, linked=linked)


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
    edition: Edition,
    candidate: Candidate,
    channel: Channel,
    programme: Programme,
    at: datetime,
    *,
    linked: bool,
) -> Preview:
    text, length, problem, costs = "", 0, "", Decimal(0)
    try:
        post = edition.post(as_if_known(candidate), channel, at, programme, linked=linked)
        text, length = post.text, post.length
        costs = cost(channel, linked=bool(post.links), pictured=candidate.rule.card)
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
        cost_usd=costs,
        remark=_remark(candidate),
    )


def _remark(candidate: Candidate) -> str:
    if candidate.waits and (example := remark(candidate)):
        return f"it waits for the recording: {example}"
    if candidate.reference != EXAMPLE:
        return ""
    return NO_CHANGE if candidate.is_notice else "an example: the recording is known"


NO_CHANGE = "an example: there is no such change to tell"


def _check_name(what: str, name: str | None, known: Sequence[str]) -> None:
    if name not in (None, *known):
        raise _unknown(what, str(name), known)


def _unknown(what: str, name: str, known: Sequence[str]) -> UnknownNameError:
    return UnknownNameError(f"there is no {what} '{name}'{nearest(name, known)}")
