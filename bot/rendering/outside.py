"""What of a text is a template's own, and what came from outside."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.core.model import Event
from bot.core.neutralising import neutral
from bot.core.telling import as_told
from bot.core.truth import speaks_of_days
from bot.rendering.post import Context


def own_words(text: str, context: Context) -> str:
    """A rendered text in lower case, without what events and people told: a title that speaks of
    tomorrow's doctors says nothing about tomorrow.
    """
    words = text.lower()
    told = {one.lower() for one in _told(context) if speaks_of_days(one.lower(), context.language)}
    for one in sorted(told, key=len, reverse=True):
        words = words.replace(one, " … ")
    return words


def _told(context: Context) -> Iterator[str]:
    hashtag = context.series.hashtag
    yield neutral(context.series.name, hashtag)
    for event in _events(context):
        texts = (event.title, event.summary, event.location, event.kind, *event.hosts, *event.tags)
        yield from (neutral(text, hashtag) for text in texts if text)
        yield from (event.url, event.recording_url)


def _events(context: Context) -> Iterator[Event]:
    event = context.event
    yield from (one for one in (event, context.period, *_beside(context)) if one)
    yield from context.events
    if event and context.told:
        yield as_told(event, context.told)


def _beside(context: Context) -> tuple[Event | None, ...]:
    """Events that a template may speak of besides its own."""
    return (context.previous, context.next, context.finale)


_NEIGHBOURS = re.compile(r"\b(?:previous|next|finale)\b")


def offsets(context: Context, now: datetime, source: str) -> frozenset[int]:
    """How many days away everything is that a template with this source may speak of, each by its
    own calendar.
    """
    found = set[int]()
    neighbours = _NEIGHBOURS.search(source) is not None
    for event in _events(context):
        if event != context.event and event in _beside(context) and not neighbours:
            continue
        today = now.astimezone(event.zone).date()
        first, last = (event.first_day - today).days, (event.last_day - today).days
        found |= {first, last, 0} if first <= 0 <= last else {first, last}
    return frozenset(found)
