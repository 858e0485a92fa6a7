"""What goes out next: what the worker says when it starts, and in its weekly word."""

from datetime import datetime, timedelta

from bot.core.digests import SERIES
from bot.services.edition import Edition
from bot.services.known import read_known
from bot.services.plan import Line, soonest
from bot.store import channels, events
from bot.store.session import Store

RECENT = timedelta(days=366)
"""Events that are over for longer have no post still to come that is worth foretelling."""


def foretell(
    store: Store, edition: Edition, now: datetime, count: int, *, local: bool
) -> list[Line]:
    """The next posts, the soonest first; `local`: of the channels that post to this machine."""
    with store.reading() as connection:
        records = events.load(connection)
        uids = {one.event.uid for one in records if one.event.over_at > now - RECENT}
        edition = edition.within(channels.limits(connection))
        known = read_known(connection, edition.schedules, local=local, uids=uids | {SERIES})
    return soonest(records, edition, known, now, count)


def said(lines: list[Line]) -> list[str]:
    """As the worker says them: a line each, or that there are none."""
    if not lines:
        return ["Nothing is planned: no rule of schedules.yaml has a post still to come."]
    return [
        f"Next: {line.when:%a %d %b %Y %H:%M %Z}  {line.post} on {line.channel}"
        f"{', once it is approved' if line.state == 'held' else ''}:"
        f" {line.text.partition(chr(10))[0]}"
        for line in lines
    ]
