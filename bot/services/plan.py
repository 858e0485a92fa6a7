"""Every post the rules ask for: when, what it says, and why it will not or did not go out."""

import heapq
from collections.abc import Sequence
from datetime import datetime

from bot.core.model import EventRecord
from bot.core.planning import Candidate, Key, Window, candidates
from bot.services.edition import Edition
from bot.services.known import Known
from bot.services.view import Line, View

__all__ = ["Line", "notices_ahead", "plan", "soonest", "unlinked_ahead"]


def plan(
    records: Sequence[EventRecord],
    edition: Edition,
    known: Known,
    now: datetime,
    window: Window | None = None,
    *,
    writes_skipped: bool = True,
) -> list[Line]:
    """The plan of all channels, by due, importance and channel.

    `writes_skipped`: whether the texts of what does not go out are asked for as well.
    """
    found = candidates(records, edition.schedules)
    view = View(edition, records, known, now, writes_skipped=writes_skipped)
    lines = [
        line
        for channel in edition.schedules.channels.values()
        for line in view.of_channel(found, channel)
    ]
    lines += view.left_over({line.key for line in lines})
    if window is not None:
        lines = [line for line in lines if window.start <= line.due < window.end]
    ranks = {rule.name: rule.rank for rule in edition.schedules.rules}
    return sorted(lines, key=lambda one: (one.due, ranks.get(one.post, -1), one.key))


def soonest(
    records: Sequence[EventRecord], edition: Edition, known: Known, now: datetime, count: int
) -> list[Line]:
    """The first posts that are still to go out, by when; or may, where they are held."""
    open_ = [
        one
        for one in candidates(records, edition.schedules)
        if one.deadline > now and not one.waits
    ]
    near = heapq.nsmallest(_NEAR, open_, key=lambda one: (one.release, *one.order))
    view = View(edition, records, known, now)
    lines = [
        line
        for channel in edition.schedules.channels.values()
        for line in view.of_channel(near, channel)
        if line.state == "held" or (line.state in ("planned", "due") and line.at is not None)
    ]
    return heapq.nsmallest(count, lines, key=lambda one: (one.when, one.key))


def notices_ahead(
    records: Sequence[EventRecord], edition: Edition, known: Known, now: datetime
) -> dict[str, list[Candidate]]:
    """The notices that changes so far ask for, by channel."""
    found, view = candidates(records, edition.schedules), View(edition, records, known, now)
    return {
        name: view.notices(found, channel).expected
        for name, channel in edition.schedules.channels.items()
    }


def unlinked_ahead(
    records: Sequence[EventRecord], edition: Edition, known: Known, now: datetime
) -> dict[str, frozenset[Key]]:
    """The posts that go without links because another is the first about its event, by channel."""
    found, view = candidates(records, edition.schedules), View(edition, records, known, now)
    without = {}
    for name, channel in edition.schedules.channels.items():
        seen = view.forecast(view.wishes(found, channel), channel)
        keys = (key for key, one in seen.choices.items() if one.at and key not in seen.linked)
        without[name] = frozenset(key._replace(channel=name) for key in keys)
    return without


_NEAR = 100
"""Candidates among which the soonest are looked for: limits and quiet hours never delay so many."""
