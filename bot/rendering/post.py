"""What goes into a template, and what comes out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

from bot.core.linting import Fault
from bot.core.model import Event, Series, Told
from bot.core.record import record


@record
class Context:
    """What a post speaks of."""

    series: Series
    rule: str  #: the name of the rule that asks for it
    event: Event | None = None
    told: Told | None = None  #: what was last told of the event
    previous: Event | None = None
    next: Event | None = None
    number: int | None = None  #: the event's place in the series, from 1
    total: int | None = None
    events: Sequence[Event] = ()  #: of a digest: those it lists; else all that take place
    finale: Event | None = None  #: the last event of the series
    period: Event | None = None  #: of a digest: the days it speaks of
    language: str = "en-GB"  #: BCP 47: how dates are said
    also_zone: str | None = None  #: a second time zone that times are said in

    def without_links(self) -> "Context":
        """The same, with no address in it: what a template says of one stays empty."""
        return replace(
            self,
            series=replace(self.series, url=""),
            event=self.event and _unlinked(self.event),
            told=self.told and {**self.told, "url": "", "recording_url": ""},
            previous=self.previous and _unlinked(self.previous),
            next=self.next and _unlinked(self.next),
            finale=self.finale and _unlinked(self.finale),
            period=self.period and _unlinked(self.period),
            events=_Unlinked(self.events),
        )


def _unlinked(event: Event) -> Event:
    return replace(event, url="", recording_url="")


class _Unlinked(Sequence[Event]):
    """Events without their addresses, each made when it is looked at: a series may have many."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> "_Unlinked": ...
    def __getitem__(self, index: int | slice) -> "Event | _Unlinked":
        if isinstance(index, slice):
            return _Unlinked(self._events[index])
        return _unlinked(self._events[index])


@record
class Post:
    """A text that fits its platform."""

    text: str
    length: int  #: as the platform counts it
    limit: int | None
    links: tuple[str, ...] = ()  #: those the template means to make, as far as they are in it
    mentions: tuple[str, ...] = ()  #: those the template itself makes
    left_out: tuple[int, ...] = ()  #: numbers of the optional parts there was no room for
    shortened: tuple[str, ...] = ()  #: texts there was not enough room for, as they were
    kept: tuple[str, ...] = ()  #: what is left of each
    untrue: tuple[Fault, ...] = ()  #: what it says of days and is not so
    listed: tuple[str, ...] | None = None  #: uids of the events its lists show; None: it has none

    @classmethod
    def empty(cls, limit: int | None = None) -> "Post":
        """What there is where a post cannot be written."""
        return cls(text="", length=0, limit=limit)
