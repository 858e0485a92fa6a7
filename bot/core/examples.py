"""What would be said, were events otherwise: to be read before they ever are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.core import timing, waiting
from bot.core.model import Event, EventRecord, Status
from bot.core.notices import AFTERWARDS, starts_by
from bot.core.planning import Candidate
from bot.core.rules import Change, OnChange, Rule, Wait
from bot.core.telling import facts

EXAMPLE = "example"
"""The reference of what is not so."""

_WATCH = "https://example.org/recording"
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def examples(record: EventRecord, rule: Rule) -> Iterator[Candidate]:
    """What a rule for notices would say of an event, had it changed; and one for the end of a
    waiting, had it been in vain. Nothing for other rules.
    """
    if not rule.applies_to(record.event):
        return
    if rule.wait is not None and rule.wait.inverted:
        yield from _in_vain(record, rule, rule.wait)
    if not isinstance(rule.when, OnChange):
        return
    for now, told in _pairs(rule.when.change, replace(record.event, status=Status.CONFIRMED)):
        is_past = rule.when.change is Change.RECORDING
        due = now.over_at + _HOUR if is_past else now.begins_at - 3 * _DAY
        yield Candidate(
            release=due,
            rank=rule.rank,
            record=replace(record, event=now),
            rule=rule,
            reference=EXAMPLE,
            due=due,
            deadline=due + AFTERWARDS if is_past else starts_by(now),
            barred="",
            told=None if told is None else facts(told),
        )


def _in_vain(record: EventRecord, rule: Rule, wait: Wait) -> Iterator[Candidate]:
    unknown = replace(record, event=replace(record.event, recording_url=""))
    own = timing.slot(rule, record.event)
    found = waiting.held(rule, wait, own, unknown) if own is not None else None
    if found is not None and record.event.recording_url:
        due, deadline = found.slot.due, found.slot.deadline
        yield Candidate(due, rule.rank, unknown, rule, EXAMPLE, due, deadline, "")


def as_if_known(candidate: Candidate) -> Candidate:
    """One that waits for a fact, as it would be if that were known; others as they are."""
    hold, event = candidate.hold, candidate.record.event
    if hold is None or hold.wait.inverted or not hold.is_missing:
        return candidate
    known = replace(event, recording_url=_WATCH)
    return candidate._replace(record=replace(candidate.record, event=known))


def remark(candidate: Candidate) -> str:
    """What a reader of its text has to be told; nothing where all of it is so."""
    return "the link is an example" if as_if_known(candidate) is not candidate else ""


def _pairs(change: Change, event: Event) -> Iterator[tuple[Event, Event | None]]:
    """The event after a change, and as it was told before."""
    match change:
        case Change.ADDED:
            yield event, None
        case Change.MOVED:
            yield event, _earlier(event, _DAY)
            if not event.all_day:
                yield event, _earlier(event, _HOUR)
        case Change.CANCELLED | Change.POSTPONED:
            yield replace(event, status=Status(change)), event
        case Change.REINSTATED:
            yield event, replace(event, status=Status.CANCELLED)
            yield event, replace(_earlier(event, 7 * _DAY), status=Status.POSTPONED)
        case Change.RECORDING:
            url = event.recording_url or _WATCH
            yield replace(event, recording_url=url), replace(event, recording_url="")
        case Change.CHANGED:
            if event.location:
                yield event, replace(event, location="Another place, of the same sort")
            yield event, replace(event, url="https://example.org/another")


def _earlier(event: Event, span: timedelta) -> Event:
    ends = event.ends - span if event.ends is not None else None
    return replace(event, starts=event.starts - span, ends=ends)
