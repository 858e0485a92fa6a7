"""What schedules.yaml says, as values: the language itself is read in bot.schedules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.core.model import Event, Format, Series


class Anchor(StrEnum):
    """The end of an event that a rule counts from."""

    START = "start"
    END = "end"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exact:
    """`1 hour before start`: an exact duration from an instant."""

    anchor: Anchor
    offset: timedelta  #: negative is before; zero is "at start"


@dataclass(frozen=True, kw_only=True, slots=True)
class OnClock:
    """`7 days before start at 09:00`: calendar days in the event's zone, and a clock time."""

    anchor: Anchor
    days: int  #: negative is before; zero is "on the day"
    at: time


When = Exact | OnClock


class Period(StrEnum):
    """A stretch of the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True, slots=True)
class Every:
    """`month on the first Monday at 09:00`: by the calendar, in the zone of the series."""

    period: Period
    at: time
    weekday: int | None = None  #: Monday is 0; of a week, or of a month with `nth`
    nth: int | None = None  #: 1 to 4, or -1 for the last, of the month's weekdays
    day: int | None = None  #: of a month; beyond its end, its last


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """`1 month`: the time a digest speaks of, from its date."""

    count: int
    period: Period


class Change(StrEnum):
    """What a notice tells."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    REINSTATED = "reinstated"
    RECORDING = "recording"
    CHANGED = "changed"  #: its place or its link


CORRECTIONS = frozenset(Change) - {Change.ADDED, Change.RECORDING}
"""Changes by which something that was told is no longer true; the others are only news."""

SETTLE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnChange:
    """`moved`: when what is known differs from what was told."""

    change: Change
    settle: timedelta = SETTLE  #: how long the change must have stood


Trigger = When | Every | OnChange


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """`wait_for: recording`: a post is held until a fact is there."""

    fact: str  #: what it waits for, in a word
    until: When  #: when the waiting ends
    otherwise: str = ""  #: the template for then; empty: nothing is said
    inverted: bool = False  #: the post for the end of the waiting: only without the fact


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """Whether a person has a say before a post goes out."""

    ahead: timedelta | None = None  #: None: not without a person's word; else sent unless stopped


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which events: every condition given must hold; an empty one does not restrict."""

    kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()  #: any of them
    formats: frozenset[Format] = frozenset()
    events: frozenset[str] = frozenset()  #: uids
    timed: bool | None = None
    multi_day: bool | None = None
    upcoming: int | None = None  #: only while at least so many events are ahead

    @property
    def names_events(self) -> bool:
        """Whether it says anything of an event by itself."""
        return replace(self, upcoming=None) != Selection()

    def __contains__(self, event: Event) -> bool:
        """Whether the event is one of those, however many are ahead."""
        return (
            (not self.kinds or event.kind in self.kinds)
            and (not self.tags or not self.tags.isdisjoint(event.tags))
            and (not self.formats or event.format in self.formats)
            and (not self.events or event.uid in self.events)
            and (self.timed is None or self.timed is not event.all_day)
            and (self.multi_day is None or self.multi_day is event.multi_day)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One entry of `posts:`."""

    name: str
    key: str  #: the rule's first name: what the log calls it, whatever `was:` it went through
    rank: int  #: its place in the file, from 0: the lower, the more important
    when: Trigger
    template: str
    grace: timedelta | None = None  #: None: the default of its kind
    days: frozenset[int] = frozenset(range(7))  #: weekdays it may go out, Monday is 0
    only: Selection | None = None
    excluding: Selection | None = None
    channels: tuple[str, ...] = ()  #: nicknames; empty: all
    covers: Span | None = None  #: of a digest
    wait: Wait | None = None
    approval: Approval | None = None
    card: bool = False  #: whether a picture goes with it
    warning: str = ""  #: content warning, where the platform has one

    def applies_to(self, event: Event) -> bool:
        """Whether it speaks of the event, if enough others are ahead."""
        but = self.excluding
        if self.only is not None and event not in self.only:
            return False
        if but is None or (but.upcoming is not None and not (self.lists and but.names_events)):
            return True
        return event not in but

    @property
    def counts_ahead(self) -> bool:
        """Whether it asks how many events are ahead."""
        only, but = self.only, self.excluding
        return bool((only and only.upcoming) or (but and but.upcoming))

    @property
    def lists(self) -> bool:
        """Whether it is about the series, by the calendar."""
        return isinstance(self.when, Every)


class Links(StrEnum):
    """Which posts of a channel carry links."""

    ALWAYS = "always"
    NEVER = "never"
    FIRST = "first"  #: only the first about each event


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """US dollars for one post."""

    post: Decimal = Decimal(0)
    with_link: Decimal = Decimal(0)  #: instead, for one that has a link
    alt_text: Decimal = Decimal(0)  #: besides, for one with a picture
    as_of: date | None = None  #: the day the figures were read; None: the file has them


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """One entry of `channels:`: a nickname for an account; the account is in the environment."""

    name: str
    platform: str
    visibility: str | None = None  #: public, unlisted, private; None: the account's own default
    links: Links = Links.ALWAYS
    monthly_budget: Decimal | None = None  #: US dollars
    price: Price | None = None  #: None: see bot.core.pricing
    language: str | None = None  #: BCP 47, as for the series; None: that of the series
    also_zone: str | None = None  #: a second time zone that times are said in


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """Local times of the series' zone between which nothing is said; may span midnight."""

    start: time
    end: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Per channel: how many posts a day (series zone), and how far apart."""

    per_day: int | None = None
    gap: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One entry of `sources:`."""

    kind: str  #: listing, yaml
    location: str  #: a path below the folder of schedules.yaml, or a URL
    year: int | None = None
    every: timedelta | None = None  #: None: on start, and when the file changes
    defaults: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.location}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedules:
    """The whole file."""

    series: Series
    sources: Sequence[Source]
    channels: Mapping[str, Channel]
    rules: Sequence[Rule]  #: the most important first
    quiet_hours: QuietHours | None = None
    limits: Limits = Limits()
    digest: str = ""  #: of the file's bytes

    def channels_of(self, rule: Rule) -> tuple[Channel, ...]:
        names = rule.channels or tuple(self.channels)
        return tuple(self.channels[name] for name in names)


def corrections(schedules: Schedules) -> frozenset[str]:
    """The rules that put right what was told, by first name: no limit counts their posts."""
    return frozenset(
        rule.key
        for rule in schedules.rules
        if isinstance(rule.when, OnChange) and rule.when.change in CORRECTIONS
    )
