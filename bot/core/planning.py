"""What is due when, and why not: a pure function of the events and the rules.

Nothing is queued: an edit to an event or a rule is in force as soon as this is asked again.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from bot.core import timing, waiting
from bot.core.consent import Consent
from bot.core.digests import Issue, Season, issues
from bot.core.linting import says_tba
from bot.core.model import EventRecord, Status, Told
from bot.core.moments import moments
from bot.core.rules import CORRECTIONS, Exact, OnChange, OnClock, Rule, Schedules
from bot.core.waiting import Held, Hold


class Key(NamedTuple):
    """What makes a post one post, for ever. Never contains "/" but in the uid."""

    event: str
    rule: str
    channel: str
    reference: str

    def __str__(self) -> str:
        return "/".join(self)

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read `event/rule/channel/reference`; ValueError for anything else."""
        parts = text.rsplit("/", 3)
        if len(parts) != 4 or not all(parts):  # noqa: PLR2004 - the four fields
            raise ValueError(text)
        return cls(*parts)


class Candidate(NamedTuple):
    """One rule speaking of one event, on whichever channels the rule names.

    It may go out in [release, deadline) unless it is barred.
    """

    release: datetime  #: due, or the end of the quiet hours it falls into
    rank: int
    record: EventRecord
    rule: Rule
    reference: str
    due: datetime
    deadline: datetime
    barred: str  #: why it will never go out; empty where it may
    told: Told | None = None  #: of a notice: what was last told of the event
    answers: int | None = None  #: of a notice: the row of the post that told it
    reply_to: str | None = None  #: of a notice: the remote id of that post
    begins: datetime | None = None  #: of a correction: within a day of it no hour is quiet
    events: tuple[EventRecord, ...] | None = None  #: of a digest: what it speaks of
    consent: Consent = Consent.FREE  #: barred by that, where it waits for a person
    hold: Hold | None = None  #: of what waits for a fact, or speaks without it

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The most important first; the same wherever and whenever it is asked."""
        return (self.rank, self.due, self.record.event.uid)

    @property
    def about(self) -> str:
        """What it speaks of, as people are told: an event's uid, or a digest's period."""
        return self.record.event.uid if self.events is None else self.reference

    @property
    def waits(self) -> bool:
        """Whether it is a fact alone that keeps it from going out: one that is not known, or was
        not in time.
        """
        return self.hold is not None and self.barred == self.hold.barred != ""

    @property
    def since(self) -> datetime:
        """The first instant at which it could have gone out, had all been known that it tells."""
        waited = self.hold is not None and not self.hold.wait.inverted
        return self.hold.since if self.hold is not None and waited else self.due

    def twin(self, channel: str) -> Key | None:
        """The post that keeps this one from going out, if it went out before."""
        rule = waiting.twin(self.rule)
        return None if rule is None else self.key(channel)._replace(rule=rule)

    @property
    def is_notice(self) -> bool:
        return isinstance(self.rule.when, OnChange)

    @property
    def is_correction(self) -> bool:
        """Whether it puts right what was told: limits and gap are not for it."""
        when = self.rule.when
        return isinstance(when, OnChange) and when.change in CORRECTIONS

    @property
    def may_go(self) -> bool:
        """Whether nothing but its time keeps it from going out."""
        return not self.barred and self.consent is not Consent.UNASKED

    def key(self, channel: str) -> Key:
        return Key(self.record.event.uid, self.rule.key, channel, self.reference)


class Window(NamedTuple):
    """From an instant to just before another."""

    start: datetime
    end: datetime


def candidates(
    records: Iterable[EventRecord], schedules: Schedules, window: Window | None = None
) -> list[Candidate]:
    """Every post the rules ask for whose due instant is in the window, by due and importance."""
    known = list(records)
    season = Season(record for record in known if not silence(record))
    counting = {rule.key for rule in schedules.rules if rule.counts_ahead}
    with _no_garbage():
        asked = chain(_of_series(season, schedules), *(of_event(one, schedules) for one in known))
        found = [
            enough_ahead(one, season) if one.rule.key in counting else one
            for one in asked
            if window is None or window.start <= one.due < window.end
        ]
        found.sort(key=lambda one: (one.due, one.rank, one.record.event.uid))
    return found


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Of what a plan is made of nothing is thrown away, and to look for it takes a third more."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def of_event(
    record: EventRecord, schedules: Schedules, rules: Sequence[Rule] | None = None
) -> Iterator[Candidate]:
    """What the rules, or some of them, say of one event, however many others are ahead."""
    silenced, when = silence(record), moments(record.event)
    quiet, home = schedules.quiet_hours, schedules.series.zone
    for rule in schedules.rules if rules is None else rules:
        if not rule.applies_to(record.event) or (slot := timing.slot(rule, when)) is None:
            continue
        if rule.wait is not None:
            if (held := waiting.held(rule, rule.wait, slot, record)) is not None:
                yield _holding(held, rule, record, silenced, schedules)
            continue
        reference, due, deadline = slot
        release = timing.after_quiet(due, quiet, home)
        barred = silenced or _never(due, deadline, release)
        yield Candidate(release, rule.rank, record, rule, reference, due, deadline, barred)


def _holding(
    held: Held, rule: Rule, record: EventRecord, silenced: str, schedules: Schedules
) -> Candidate:
    """What waits for a fact, or speaks without it."""
    (reference, due, deadline), hold = held
    release = timing.after_quiet(due, schedules.quiet_hours, schedules.series.zone)
    barred = silenced or hold.barred or _never(due, deadline, release)
    return Candidate(release, rule.rank, record, rule, reference, due, deadline, barred, hold=hold)


def _of_series(season: Season, schedules: Schedules) -> Iterator[Candidate]:
    for rule in schedules.rules:
        yield from (of_issue(rule, one) for one in issues(rule, season, schedules))


def of_issue(rule: Rule, issue: Issue) -> Candidate:
    """A digest's appearance as a candidate."""
    return Candidate(
        issue.release,
        rule.rank,
        issue.record,
        rule,
        issue.reference,
        issue.due,
        issue.deadline,
        _never(issue.due, issue.deadline, issue.release),
        events=issue.events,
    )


def enough_ahead(candidate: Candidate, season: Season) -> Candidate:
    """The candidate, barred where too few or too many events are ahead for its rule."""
    if candidate.barred or not candidate.rule.counts_ahead:
        return candidate
    only, but = candidate.rule.only, candidate.rule.excluding
    ahead = season.ahead(candidate.due) if candidate.events is None else len(candidate.events)
    said = f"{AHEAD} {_COUNTED.get(ahead, f'{ahead} events are ahead')}"
    if only and only.upcoming and ahead < only.upcoming:
        asked = f", and {only.upcoming} are asked for" if only.upcoming > 1 else ""
        return candidate._replace(barred=said + asked)
    if but and but.upcoming and ahead >= but.upcoming:
        of_others = candidate.events is None and candidate.record.event not in but
        return candidate if of_others else candidate._replace(barred=said)
    return candidate


AHEAD = "upcoming:"
"""How the reason begins where a rule waits for more events, or for fewer."""


_COUNTED = {0: "no event is ahead", 1: "1 event is ahead"}


def silence(record: EventRecord) -> str:
    """Why nothing is said of the event; empty where it may be spoken of."""
    if record.event.status is not Status.CONFIRMED:
        return f"the event is {record.event.status}"
    if record.vanished_at is not None:
        return "the event is no longer in its source"
    if says_tba(record.event.title):
        return "its title is still to be announced"
    return ""


def _never(due: datetime, deadline: datetime, release: datetime) -> str:
    if deadline <= due:
        return "too late: it would fall due when it is no longer true"
    if deadline <= release:
        return "quiet hours: they end after its deadline"
    return ""


def unseen(candidate: Candidate) -> Candidate:
    """One that is not owed, where nobody can look whether a lost log had sent it: it stays out."""
    why = "not owed: it fell due before the log began, and nobody can look whether it was sent"
    return candidate._replace(barred=candidate.barred or why)


def owed(candidate: Candidate, *births: datetime) -> bool:
    """Whether missing it is a loss: it fell due after all it needs had come to be.

    `births`: when the log, the rule and the channel came to be.
    """
    record = candidate.record
    return candidate.due >= max(record.created_at, record.dated_at, *births)


def timely(candidate: Candidate, *births: datetime) -> Candidate:
    """One that waited, with as long to go out as if it had not, where missing it is no loss.

    What was known long before the log, the rule or the channel came to be is history.
    """
    hold = candidate.hold
    if hold is None or hold.is_missing or owed(candidate, *births):
        return candidate
    assert isinstance(candidate.rule.when, Exact | OnClock)
    deadline = candidate.due + timing.grace(candidate.rule, candidate.rule.when)
    return candidate._replace(deadline=min(candidate.deadline, deadline))


class Said(NamedTuple):
    """What tells a post from another where a rule was renamed without `was:`."""

    event: str
    template: str
    due: datetime


def said(candidate: Candidate) -> Said:
    """As a row of a rule that is gone from the file would have said it."""
    return Said(candidate.record.event.uid, candidate.rule.template, candidate.due)


def not_applicable(
    records: Sequence[EventRecord], schedules: Schedules
) -> Iterator[tuple[Rule, EventRecord]]:
    """The pairs where an exact rule meets an event without a clock time."""
    for record in records:
        for rule in schedules.rules:
            if (
                isinstance(rule.when, Exact)
                and rule.applies_to(record.event)
                and timing.slot(rule, record.event) is None
            ):
                yield rule, record
