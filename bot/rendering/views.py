"""What templates see of events and series: every text neutral, every address a link.

Properties are what a template may name; nothing else is reachable.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import overload
from urllib.parse import quote

from bot.core.links import links
from bot.core.linting import says_tba
from bot.core.model import Event, Series
from bot.core.neutralising import neutral
from bot.rendering.marks import Link

_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x20\x7f]+", re.IGNORECASE)


@lru_cache(maxsize=1024)
def address(url: str) -> Link:
    """A web address that X links as a whole; empty where it is none."""
    url = url.strip()
    if not _ADDRESS.fullmatch(url):
        return Link("")
    return Link(next((one for one in _written(url) if _is_whole(one)), ""))


def _written(url: str) -> Iterator[str]:
    """The address, with more and more of it encoded."""
    yield url
    encoded = quote(url, safe="/:?#=&%+,;@~!$*-_.[]")
    yield encoded + ("/" if url.count("/") == 2 and url[-1] not in "/=" else "")  # noqa: PLR2004
    encoded = quote(url, safe="/:?#=&%+,;@~$-_.")
    yield encoded
    yield _SIGNS_AT_END.sub(lambda signs: "".join(f"%{ord(one):02X}" for one in signs[0]), encoded)


_SIGNS_AT_END = re.compile(r"[^A-Za-z0-9/]+$")


def _is_whole(url: str) -> bool:
    return links(url) == ((0, len(url)),)


def _known(text: str, series: Series) -> str:
    """A field of an event, neutral; empty where it says that it is still to be announced."""
    return _announced(text, series.hashtag) if text else ""


@lru_cache(maxsize=4096)
def _announced(text: str, hashtag: str) -> str:
    said = neutral(text, hashtag)
    return "" if says_tba(said) else said


class SeriesView:
    """`series` in a template."""

    __slots__ = ("_series",)
    _called = "the series"

    def __init__(self, series: Series) -> None:
        self._series = series

    @property
    def name(self) -> str:
        return neutral(self._series.name, self._series.hashtag)

    @property
    def hashtag(self) -> str:
        return self._series.hashtag

    @property
    def url(self) -> Link:
        return address(self._series.url)

    @property
    def timezone(self) -> str:
        return self._series.timezone


class EventView:
    """`event` in a template; `url` is the series' where the event has none."""

    __slots__ = ("_event", "_series")
    _called = "an event"

    def __init__(self, event: Event, series: Series) -> None:
        self._event = event
        self._series = series

    @property
    def title(self) -> str:
        return neutral(self._event.title, self._series.hashtag)

    @property
    def summary(self) -> str:
        return _known(self._event.summary, self._series)

    @property
    def location(self) -> str:
        return _known(self._event.location, self._series)

    @property
    def kind(self) -> str:
        return _known(self._event.kind, self._series)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(filter(None, [_known(host, self._series) for host in self._event.hosts]))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(filter(None, [_known(tag, self._series) for tag in self._event.tags]))

    @property
    def url(self) -> Link:
        return address(self._event.url) or address(self._series.url)

    @property
    def recording_url(self) -> Link:
        return address(self._event.recording_url)

    @property
    def format(self) -> str:
        return str(self._event.format or "")

    @property
    def status(self) -> str:
        return str(self._event.status)

    @property
    def starts(self) -> date:
        return self._local(self._event.starts)

    @property
    def ends(self) -> date | None:
        return None if self._event.ends is None else self._local(self._event.ends)

    @property
    def first_day(self) -> date:
        return self._event.first_day

    @property
    def last_day(self) -> date:
        return self._event.last_day

    @property
    def all_day(self) -> bool:
        return self._event.all_day

    @property
    def multi_day(self) -> bool:
        return self._event.multi_day

    @property
    def timezone(self) -> str:
        return self._event.timezone

    def _local(self, moment: date) -> date:
        return moment.astimezone(self._event.zone) if isinstance(moment, datetime) else moment


class PeriodView(EventView):
    """`period` in a template: the days a digest speaks of."""

    __slots__ = ()
    _called = "the period"

    @property
    def unit(self) -> str:
        """`month` (of the calendar), `week` (from Monday), `day`; empty for any other stretch."""
        first, last = self.first_day, self.last_day
        if first == last:
            return "day"
        after = last + timedelta(days=1)
        if first.day == after.day == 1 and last.month == first.month:
            return "month"
        is_week = first.weekday() == 0 and last == first + timedelta(days=6)
        return "week" if is_week else ""


class EventViews(Sequence[EventView]):
    """`events` in a template: each is made when it is looked at; a series may have many."""

    __slots__ = ("_events", "_seen", "_series")

    def __init__(self, events: Sequence[Event], series: Series) -> None:
        self._events = events
        self._series = series
        self._seen: dict[str, Event] = {}

    @property
    def seen(self) -> tuple[Event, ...]:
        """Those a template looked at."""
        return tuple(self._seen.values())

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> EventView: ...
    @overload
    def __getitem__(self, index: slice) -> "EventViews": ...
    def __getitem__(self, index: int | slice) -> "EventView | EventViews":
        if isinstance(index, slice):
            part = EventViews(self._events[index], self._series)
            part._seen = self._seen
            return part
        event = self._events[index]
        self._seen[event.uid] = event
        return EventView(event, self._series)


def event_behind(view: object) -> Event:
    """The event a filter was given."""
    if not isinstance(view, EventView):
        raise TypeError("this filter takes an event, as in {{ event | when }}")
    return view._event  # noqa: SLF001 - templates must not reach it, filters must
