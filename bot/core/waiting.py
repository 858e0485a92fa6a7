"""Posts that wait for a fact: when they fall due, and what goes out if it does not come.

A rule that waits and the one that speaks `otherwise` count from the same value, and at no state of
the events may both go out: the one only with the fact, the other only without it. What has gone
out before keeps the other from it, see twin().
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core import timing
from bot.core.model import EventRecord
from bot.core.rules import Every, OnChange, OnClock, Rule, Wait
from bot.core.timing import Slot, allowed

OTHERWISE = ":otherwise"
"""What the key of such a rule has after that of the rule that waits; no name has a colon."""

IN_ITS_STEAD = "it is out already, as '{}'"

NEVER_CAME = "its {} was not there in time"


class Hold(NamedTuple):
    """How a post waits."""

    wait: Wait
    since: datetime  #: its rule's own due
    until: datetime  #: when the waiting ends
    is_missing: bool  #: whether the fact is not known
    barred: str = ""  #: why it will not go out, as things stand


class Held(NamedTuple):
    """When a post that waits falls due, or would if the fact were known now, and how it waits."""

    slot: Slot
    hold: Hold


def held(rule: Rule, wait: Wait, own: Slot, record: EventRecord) -> Held | None:
    """A slot of a rule that waits; None for what is said otherwise, once the fact is known.

    `own`: when the rule falls due by itself. What is said otherwise gives way even after the end
    of the waiting, if it has not gone out by then: it would no longer be true.
    """
    when = rule.when
    assert not isinstance(when, Every | OnChange)
    until = max(own.due, timing.instant(wait.until, record.event, rule.days))
    deadline = until + timing.grace(rule, when)
    known = _known(record, own.due)
    hold = Hold(wait, own.due, until, known is None)
    if wait.inverted:
        return None if known else Held(Slot(own.reference, until, deadline), hold)
    if known is None:
        slot = Slot(own.reference, own.due, deadline)
        return Held(slot, hold._replace(barred=NEVER_CAME.format(wait.fact)))
    moved = _moved_on(known, rule, record)
    due = max(own.due, min(moved, until) if known <= until else moved)
    if known > until and (not wait.otherwise or due >= deadline):
        hold = hold._replace(barred=NEVER_CAME.format(wait.fact))
    return Held(Slot(own.reference, due, deadline), hold)


def twin(rule: Rule) -> str | None:
    """The key of the rule that speaks instead of this one; None where there is none."""
    if rule.wait is None:
        return None
    return rule.key.removesuffix(OTHERWISE) if rule.wait.inverted else rule.key + OTHERWISE


def waits_for(hold: Hold, where: ZoneInfo) -> str:
    """What a post that waits is told to wait for, and what comes if it waits in vain."""
    until = f"{hold.until.astimezone(where):%-d %B %H:%M}"
    otherwise = f"'{hold.wait.otherwise}' goes out" if hold.wait.otherwise else "nothing goes out"
    return f"waits for the {hold.wait.fact} until {until}; then {otherwise}"


def _known(record: EventRecord, always: datetime) -> datetime | None:
    """Since when the fact is known; `always` where it came with the event itself.

    It may have been known for long then, and told as well, before the log began.
    """
    if not record.event.recording_url:
        return None
    return record.recorded_at or always


def _moved_on(known: datetime, rule: Rule, record: EventRecord) -> datetime:
    """The instant, or the next of the rule's weekdays, at its clock time if it has one."""
    local = known.astimezone(record.event.zone)
    day = allowed(local.date(), rule.days)
    if day == local.date():
        return known
    at = rule.when.at if isinstance(rule.when, OnClock) else local.time()
    return timing.resolve(day, at, record.event.zone)
