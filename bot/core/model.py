"""Events, in the words of iCalendar and schema.org/Event."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypedDict
from zoneinfo import ZoneInfo

ASSUMED_LENGTH = timedelta(hours=1)
"""How long a timed event without an end is taken to last."""


class Format(StrEnum):
    """Where people meet (schema.org eventAttendanceMode)."""

    VIRTUAL = "virtual"
    IN_PERSON = "in-person"
    HYBRID = "hybrid"


class Status(StrEnum):
    """Whether it takes place (iCalendar STATUS, schema.org eventStatus)."""

    CONFIRMED = "confirmed"  #: it takes place
    TENTATIVE = "tentative"  #: not certain yet: no reminders
    POSTPONED = "postponed"  #: takes place, but not then: no reminders
    CANCELLED = "cancelled"  #: does not take place


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; ZoneInfoNotFoundError for others."""
    return ZoneInfo(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event of a series.

    `starts` and `ends` are both dates (an all-day event, or one whose time is not known; `ends`
    is its last day) or both aware datetimes (a timed event; `ends` may be None: not known).
    Texts are as the source gave them: they are neutralised where they are rendered.
    """

    uid: str
    title: str
    starts: date  # or datetime, which is a date
    ends: date | None = None
    timezone: str
    kind: str = "event"
    format: Format | None = None
    location: str = ""
    url: str = ""
    recording_url: str = ""
    summary: str = ""
    hosts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""
    status: Status = Status.CONFIRMED

    def __post_init__(self) -> None:
        _check_span(self.starts, self.ends)
        if self.ends is None and not isinstance(self.starts, datetime):
            object.__setattr__(self, "ends", self.starts)

    @property
    def all_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.timezone)

    @property
    def first_day(self) -> date:
        """The local date on which it starts."""
        if isinstance(self.starts, datetime):
            return self.starts.astimezone(self.zone).date()
        return self.starts

    @property
    def last_day(self) -> date:
        """The local date on which it ends; 00:00 still belongs to the day before."""
        if not isinstance(self.starts, datetime):
            return self.ends or self.starts
        if not isinstance(self.ends, datetime):
            return self.first_day
        end = self.ends.astimezone(self.zone)
        at_midnight = end.time() == time(0) and self.ends > self.starts
        return end.date() - timedelta(days=1) if at_midnight else end.date()

    @property
    def multi_day(self) -> bool:
        return self.last_day > self.first_day

    @property
    def begins_at(self) -> datetime:
        """The instant it starts, in UTC: local midnight of the first day where no time is known."""
        return _instant(self.starts, self.zone)

    @property
    def over_at(self) -> datetime:
        """The instant it is over, in UTC: for an all-day event the end of its last day."""
        if isinstance(self.ends, datetime):
            return self.ends.astimezone(UTC)
        if isinstance(self.starts, datetime):
            return self.starts.astimezone(UTC) + ASSUMED_LENGTH
        return _instant(self.last_day + timedelta(days=1), self.zone)


def _check_span(starts: date, ends: date | None) -> None:
    for moment in (starts, ends):
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError("a time without its zone")
    if ends is None:
        return
    if isinstance(starts, datetime) != isinstance(ends, datetime):
        raise ValueError("a date and a time cannot be mixed in starts and ends")
    if ends < starts:
        raise ValueError("it ends before it starts")


def _instant(moment: date, where: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return midnight(moment, where)
    return moment.astimezone(UTC)


@lru_cache(maxsize=4096)
def midnight(day: date, where: ZoneInfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime.combine(day, time(0), where).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRecord:
    """An event as the store knows it."""

    event: Event
    revision: int  #: the store revision of its last change
    created_at: datetime  #: when it first came to be known
    dated_at: datetime  #: when its current date came to be known
    vanished_at: datetime | None = None  #: when its last source stopped listing it
    recorded_at: datetime | None = (
        None  #: when its recording came; None: with the event, or not yet
    )
    sources: tuple[str, ...] = ()
    by_hand: frozenset[str] = frozenset()  #: fields a person set: a sync leaves them


def recorded_at(event: Event, before: EventRecord, now: datetime) -> datetime | None:
    """When the recording of an event came that is so from now on; `before`: the event until now.

    A link that is put right came when the first did; one that a list had with the event from the
    start may have been known for long (None).
    """
    if not event.recording_url:
        return None
    return before.recorded_at if before.event.recording_url else now


class EventFields(TypedDict, total=False):
    """What a source or a person said of an event; what is not said is not here."""

    title: str
    starts: date
    ends: date | None
    timezone: str
    kind: str
    format: Format | None
    location: str
    url: str
    recording_url: str
    summary: str
    hosts: tuple[str, ...]
    tags: tuple[str, ...]
    image: str
    status: Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event as one source gives it: always with title, starts and timezone."""

    line: int  #: where it stands in the source, 1-based
    fields: EventFields
    source_id: str = ""  #: the source's own id for it, where it has one
    uid: str = ""  #: where the source fixes it
    assumed: frozenset[str] = frozenset()  #: fields from the source's defaults, not its words


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A line that looks like an event and could not be read."""

    line: int
    text: str  #: the line, shortened for a message
    reason: str  #: a sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one source holds."""

    entries: Sequence[Entry] = field(default_factory=tuple)
    refusals: Sequence[Refusal] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True, slots=True)
class Colours:
    """What a card is drawn in, each as #rrggbb."""

    background: str
    text: str
    accent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture that goes with a post."""

    data: bytes = field(repr=False)
    media_type: str
    width: int  #: pixels
    height: int
    alt: str

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """The series all events belong to."""

    name: str
    hashtag: str  #: with its "#"
    timezone: str
    url: str = ""
    language: str = "en-GB"  #: BCP 47: how dates are said, and what posts are labelled as
    colours: Colours | None = None  #: of the cards
    logo: str = ""  #: of the cards: a file below the folder of schedules.yaml

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.timezone)


Told = Mapping[str, str | None]
"""The facts a post told about an event: starts, ends, status, url, recording_url, location."""
