"""Notices: what the followers of a channel were told of an event, and is so no longer.

At most one notice about an event is due on a channel, the most important that a rule asks for. It
is measured by what was last *told* there, so a change that was undone in time is never spoken of,
and each telling is corrected once: the notice's reference is the row that told the old facts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from bot.core.differing import OFF, TOUCHES, differences
from bot.core.linting import says_tba
from bot.core.model import Event, EventRecord, Status
from bot.core.planning import Candidate
from bot.core.rules import Change, OnChange, Rule, Schedules
from bot.core.telling import Standing, Telling, Turn, as_told, last_told
from bot.core.timing import CLOCK_GRACE, ONE_DAY, resolve, spoken_from

AFTERWARDS = timedelta(days=14)
"""How long a notice that no date makes untrue may be told: a recording, the end of a delay."""


class Case(NamedTuple):
    """One event, as one channel has told it."""

    record: EventRecord
    tellings: Sequence[Telling] = ()
    turns: Sequence[Turn] = ()
    is_news: bool = False  #: whether it came later than the first reading of its source
    is_carried: bool = False  #: whether a post that is still to come tells its recording


class Births(NamedTuple):
    """When what a notice needs came to be. What changed before is history, not news."""

    log: datetime
    channel: datetime
    rules: Mapping[str, datetime]  #: by first name

    def of(self, rule: Rule, unseen: datetime) -> datetime:
        """When all was there; `unseen` counts for a rule that no worker has read yet."""
        return max(self.log, self.channel, self.rules.get(rule.key, unseen))


class Verdict(NamedTuple):
    """What a case asks for."""

    notice: Candidate | None = None
    waits: str = ""  #: why it cannot be told yet; it is asked again once a post of it is settled


NOTHING = Verdict()


class _Asked(NamedTuple):
    rule: Rule
    on: OnChange


def judge(case: Case, rules: Sequence[Rule], schedules: Schedules, births: Births) -> Verdict:
    """The notice that is due about an event, now or later. `rules`: those of the channel."""
    found = _judge(case, rules, schedules, births)
    if found.waits or all(one.standing is not Standing.PENDING for one in case.tellings):
        return found
    return found._replace(waits=PENDING)


DOUBT = "nobody knows whether another post has told it (bot posts resolve)"
PENDING = "it is not known yet what became of another post about it"


def _judge(case: Case, rules: Sequence[Rule], schedules: Schedules, births: Births) -> Verdict:
    record = case.record
    if record.vanished_at is not None:
        return NOTHING
    asked = {
        rule.when.change: _Asked(rule, rule.when)
        for rule in reversed(rules)
        if isinstance(rule.when, OnChange) and rule.applies_to(record.event)
    }
    last = last_told(case.tellings)
    if last is None:
        news = asked.get(Change.ADDED)
        return _added(case, news, schedules, births) if news else NOTHING
    told = as_told(record.event, last.facts)
    for change in _changes(case, told):
        if change not in asked:
            continue
        if change is Change.RECORDING and case.is_carried:
            return Verdict(waits="a post that is still to come tells it")
        notice = _notice(case, asked[change], last, schedules, births)
        return Verdict(notice, _waits(case, change, last)) if notice else NOTHING
    return NOTHING


def _changes(case: Case, told: Event) -> list[Change]:
    """What differs, the most important first; the recording before place and link."""
    event = case.record.event
    found = list(differences(event, told))
    seen = {one.facts["recording_url"] for one in case.tellings}
    if event.status is Status.CONFIRMED and event.recording_url not in {"", *seen}:
        found.append(Change.RECORDING)
    return sorted(found, key=_PRECEDENCE.index)


_PRECEDENCE = (
    Change.CANCELLED,
    Change.POSTPONED,
    Change.REINSTATED,
    Change.MOVED,
    Change.RECORDING,
    Change.CHANGED,
)


def _waits(case: Case, change: Change, last: Telling) -> str:
    """A post that was looked for in vain holds up what need not be told if it got through."""
    for one in case.tellings:
        if one.standing is Standing.DOUBTFUL and one.at >= last.at:
            told = as_told(case.record.event, one.facts)
            if change not in (*differences(case.record.event, told), Change.RECORDING):
                return DOUBT
    return ""


def _notice(
    case: Case, asked: _Asked, last: Telling, schedules: Schedules, births: Births
) -> Candidate | None:
    """None where the change came when telling it was of no use any more."""
    event, told = case.record.event, as_told(case.record.event, last.facts)
    change = asked.on.change
    stood = _stands_since(case, change, last.at)
    due = stood + asked.on.settle
    if change is Change.RECORDING:
        due = max(due, event.over_at)
        times = _Times(stood, due, due + (asked.rule.grace or AFTERWARDS))
    else:
        times = _Times(stood, due, *_until(change, event, told, due))
    if times.until <= stood:
        return None
    return _candidate(case, asked.rule, times, schedules, births)._replace(
        reference=str(last.post_id), told=last.facts, answers=last.post_id, reply_to=last.remote_id
    )


class _Times(NamedTuple):
    stood: datetime  #: since when what is to be told is so
    due: datetime
    until: datetime  #: when telling it is of no use any more
    begins: datetime | None = None  #: of a correction: the start it is about


def _until(
    change: Change, event: Event, told: Event, due: datetime
) -> tuple[datetime, datetime | None]:
    """Until when it is of use, and the start it is about.

    Where the old date was called off already nobody goes by it: only a new one counts.
    """
    if told.status in OFF:
        if event.status in OFF:
            return due + AFTERWARDS, None
        return starts_by(event), event.begins_at
    if change in (Change.MOVED, Change.CHANGED):
        return min(starts_by(event), starts_by(told)), min(event.begins_at, told.begins_at)
    return starts_by(told), told.begins_at


def starts_by(event: Event) -> datetime:
    """When it has begun for certain: without a clock time, when its first day is over."""
    if event.all_day:
        return resolve(event.first_day + ONE_DAY, time(0), event.zone)
    return event.begins_at


def _added(case: Case, asked: _Asked, schedules: Schedules, births: Births) -> Verdict:
    """News of an event that nobody was told of; not of what the first reading of a list held."""
    record = case.record
    if (
        not case.is_news
        or record.created_at < births.of(asked.rule, record.created_at)
        or record.event.status is not Status.CONFIRMED
    ):
        return NOTHING
    stood = _stands_since(case, Change.ADDED, record.created_at)
    times = _Times(stood, stood + asked.on.settle, starts_by(record.event))
    found = _candidate(case, asked.rule, times, schedules, births)
    return Verdict(found, DOUBT if case.tellings else "")


def _stands_since(case: Case, change: Change, otherwise: datetime) -> datetime:
    touching = TOUCHES[change] | {"vanished", "returned"}
    return max((one.at for one in case.turns if one.what & touching), default=otherwise)


def _candidate(
    case: Case, rule: Rule, times: _Times, schedules: Schedules, births: Births
) -> Candidate:
    late = times.stood < births.of(rule, times.due)
    grace = rule.grace or (CLOCK_GRACE if late else None)
    deadline = times.until if grace is None else min(times.until, times.due + grace)
    release = spoken_from(times.due, schedules, times.begins)
    found = Candidate(
        release=release,
        rank=rule.rank,
        record=case.record,
        rule=rule,
        reference="added",
        due=times.due,
        deadline=deadline,
        barred=_barred(case.record.event, times.due, release, deadline),
        begins=times.begins,
    )
    return found._replace(rank=rule.rank - _FIRST) if found.is_correction else found


_FIRST = 1_000_000
"""Corrections come before all else, among themselves as the file has them."""


def _barred(event: Event, due: datetime, release: datetime, deadline: datetime) -> str:
    if says_tba(event.title):
        return "its title is still to be announced"
    if deadline <= due:
        return "too late: what was told had begun before the change had stood long enough"
    if deadline <= release:
        return "quiet hours: they end after its deadline"
    return ""
