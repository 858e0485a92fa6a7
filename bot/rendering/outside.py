"""What of a text is a template's own, and what came from outside."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

from bot.core.linting import Fault
from bot.core.model import Event
from bot.core.neutralising import neutral
from bot.core.telling import as_told
from bot.core.truth import Day, days_named, speaks_of_days, untrue
from bot.rendering.post import Context

_NEIGHBOURS = re.compile(r"\b(?:previous|next|finale)\b")


def speaks_of_neighbours(source: str) -> bool:
    """Whether a template may speak of the events beside its own."""
    return _NEIGHBOURS.search(source) is not None


def untrue_days(
    text: str, context: Context, seen: Iterable[Event], now: datetime, *, neighbours: bool
) -> tuple[Fault, ...]:
    """What a rendered text says of days and is not so.

    `seen`: the events of its lists that the template looked at; `neighbours`: whether it may speak
    of those beside its own.
    """
    words = text.lower()
    days = [*days_named(words, context.language)]
    if not days or _are_its_own(days, context, now):  # as nearly always
        return ()
    events = [*_events(context, seen)]
    if told := _all_told(context, events):
        days = [*days_named(_own_words(words, told), context.language)]
    return tuple(untrue(days, _offsets(context, events, now, neighbours=neighbours)))


def _are_its_own(days: Iterable[Day], context: Context, now: datetime) -> bool:
    """Whether all days that are named are those of what the post is about."""
    about = context.event or context.period
    own = _away(about, now.astimezone(about.zone).date()) if about else set[int]()
    return own.issuperset([day.offset for day in days])


def _own_words(words: str, told: Iterable[str]) -> str:
    """Without what events and people told: a title that speaks of tomorrow's doctors says nothing
    about tomorrow.
    """
    for one in sorted(told, key=len, reverse=True):
        words = words.replace(one, " … ")
    return words


def _all_told(context: Context, events: Iterable[Event]) -> set[str]:
    """What the series and its events tell that names days, in lower case."""
    hashtag, language = context.series.hashtag, context.language
    told = {*_named_by(context.series.name, hashtag, language)}
    for event in events:
        told |= _told(event, hashtag, language)
    return told


@lru_cache(maxsize=4096)  # post after post is of the same few events
def _told(event: Event, hashtag: str, language: str) -> frozenset[str]:
    """What an event tells that names days, in lower case."""
    texts = (event.title, event.summary, event.location, event.kind, *event.hosts, *event.tags)
    told = frozenset().union(*(_named_by(text, hashtag, language) for text in texts))
    return told.union(*(_if_named(url, language) for url in (event.url, event.recording_url)))


@lru_cache(maxsize=4096)
def _named_by(text: str, hashtag: str, language: str) -> frozenset[str]:
    return _if_named(neutral(text, hashtag), language)


def _if_named(text: str, language: str) -> frozenset[str]:
    words = text.lower()
    return frozenset([words] if speaks_of_days(words, language) else ())


def _events(context: Context, seen: Iterable[Event]) -> Iterator[Event]:
    event = context.event
    yield from (one for one in (event, context.period, *_beside(context)) if one)
    yield from seen
    if event and context.told:
        yield as_told(event, context.told)


def _beside(context: Context) -> tuple[Event | None, ...]:
    """Events that a template may speak of besides its own."""
    return (context.previous, context.next, context.finale)


def _offsets(
    context: Context, events: Iterable[Event], now: datetime, *, neighbours: bool
) -> frozenset[int]:
    """How many days away everything is that a template may speak of, each by its own calendar."""
    found = set[int]()
    todays: dict[str, date] = {}
    for event in events:
        if not neighbours and event != context.event and event in _beside(context):
            continue
        today = todays.get(event.timezone)
        if today is None:
            today = todays[event.timezone] = now.astimezone(event.zone).date()
        found |= _away(event, today)
    return frozenset(found)


def _away(event: Event, today: date) -> set[int]:
    """How many days away it begins and ends; none as well while it goes on."""
    first, last = (event.first_day - today).days, (event.last_day - today).days
    return {first, last, 0} if first <= 0 <= last else {first, last}
