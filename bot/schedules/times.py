"""Clock times, durations, and the instants of `when:` and `every:`.

Forgiven: capitals, extra spaces, one or many, "an hour", "the start", "the day before start at
12:00" (1 day) and 9:00 for 09:00. Everything else is answered with what to write instead.
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta

from bot.core.rules import Anchor, Every, Exact, OnClock, Period, Span, When
from bot.schedules.phrases import Hint, Phrase
from bot.schedules.weekdays import WEEK

_NUMBER = "(?P<number>an?|one|[1-9][0-9]{0,3})"
_CLOCK = "(?P<clock>(?:[01]?[0-9]|2[0-3]):[0-5][0-9])"
_SIDE = "(?P<side>before|after) +(?:the +)?(?P<anchor>start|end)"
_WHICH = "(?P<nth>first|second|third|fourth|last)"
_DAY = "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?"


def _by_24_hours(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{{0}} is not understood; write {hour:02}:{match['minute'] or '00'}"


_CLOCK_SLIPS = (
    Hint(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? *(?P<half>[ap])\.?m\b", _by_24_hours),
    Hint(r"\bat +(?P<here>\d{1,4})$", "{0} is not a time of day; write it like 09:00"),
    Hint(r"\b(?:noon|midday)\b", "{0} is not understood; write 12:00"),
    Hint(r"\bmidnight\b", "{0} is not understood; write 00:00, which begins the day"),
    Hint(
        r"\b(?P<hour>\d{1,2})\.(?P<minute>\d\d)\b", "{0} is not understood; write {hour}:{minute}"
    ),
    Hint(
        r"(?<![\d:])(?!(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:]))\d+:[\d:]*",
        "{0} is not a time of day; expected 00:00 to 23:59",
    ),
)
_NUMBER_SLIPS = (
    Hint(r"(?<![\d:])\d+[.,]\d+", "{0} is not a whole number; count in smaller units: 90 minutes"),
    Hint(r"(?<![\d:])\d{5,}", "{0} is too large; 9999 is the most"),
    Hint(r"[-+]\d+", "{0} has a sign; write a plain number, and 'before' or 'after'"),
    Hint(r"\bhalf\b", "{0} is not understood; write 30 minutes or 12 hours"),
    Hint(r"\bfortnights?\b", "{0} is not understood; write 2 weeks"),
    Hint(r"(?<![a-z])(?:mins?|m)\b", "{0} is not understood; write minutes"),
    Hint(r"(?<![a-z])(?:hrs?|h)\b", "{0} is not understood; write hours"),
)


def _count(match: re.Match[str]) -> int:
    number = match["number"]
    return int(number) if number.isdigit() else 1


def _clock(match: re.Match[str]) -> time:
    hour, minute = match["clock"].split(":")
    return time(int(hour), int(minute))


def _length(match: re.Match[str]) -> timedelta:
    unit = match["unit"].lower().rstrip("s") + "s"
    return timedelta(**{unit: _count(match)})


def _anchor(match: re.Match[str]) -> Anchor:
    return Anchor(match["anchor"].lower())


def _sign(match: re.Match[str]) -> int:
    return -1 if match["side"].lower() == "before" else 1


def _exact(match: re.Match[str]) -> When:
    return Exact(anchor=_anchor(match), offset=_sign(match) * _length(match))


def _at_once(match: re.Match[str]) -> When:
    return Exact(anchor=_anchor(match), offset=timedelta(0))


def _on_clock(match: re.Match[str]) -> When:
    days = _sign(match) * _length(match).days
    return OnClock(anchor=_anchor(match), days=days, at=_clock(match))


def _next_day(match: re.Match[str]) -> When:
    return OnClock(anchor=_anchor(match), days=_sign(match), at=_clock(match))


def _same_day(match: re.Match[str]) -> When:
    return OnClock(anchor=_anchor(match), days=0, at=_clock(match))


_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def _every_day(match: re.Match[str]) -> Every:
    return Every(period=Period.DAY, at=_clock(match))


def _every_week(match: re.Match[str]) -> Every:
    return Every(period=Period.WEEK, at=_clock(match), weekday=_weekday(match))


def _every_month(match: re.Match[str]) -> Every:
    return Every(period=Period.MONTH, at=_clock(match), day=int(match["day"]))


def _every_nth(match: re.Match[str]) -> Every:
    nth = _NTH[match["nth"].lower()]
    return Every(period=Period.MONTH, at=_clock(match), nth=nth, weekday=_weekday(match))


def _weekday(match: re.Match[str]) -> int:
    return WEEK.index(match["weekday"].lower().rstrip("s"))


def _span(match: re.Match[str]) -> Span:
    return Span(count=_count(match), period=Period(match["period"].lower().rstrip("s")))


CLOCK = Phrase(
    forms=((_CLOCK, _clock),),
    expected="a time of day by the 24-hour clock, such as 09:00",
    slips=_CLOCK_SLIPS,
    words=True,
    extra={"examples": ["08:00", "21:00"]},
)

DURATION = Phrase(
    forms=((f"{_NUMBER} +(?P<unit>minutes?|hours?|days?|weeks?)", _length),),
    expected="a length of time, such as 20 minutes, 12 hours or 1 day",
    slips=_NUMBER_SLIPS,
    hints=(
        Hint(r"^0+ *[a-z]*$", "{0} is no time at all; expected at least 1 minute"),
        Hint(r"^(?P<number>\d+)$", "{0} of what? Write {number} minutes, hours, days or weeks"),
    ),
    words=True,
    extra={"examples": ["20 minutes", "12 hours", "1 day"]},
)

WHEN: Phrase[When] = Phrase(
    forms=(
        (f"{_NUMBER} +(?P<unit>minutes?|hours?) +{_SIDE}", _exact),
        ("at +(?:the +)?(?P<anchor>start|end)", _at_once),
        (f"{_NUMBER} +(?P<unit>days?|weeks?) +{_SIDE} +at +{_CLOCK}", _on_clock),
        (f"the +day +{_SIDE} +at +{_CLOCK}", _next_day),
        (f"on +the +day +of +(?:the +)?(?P<anchor>start|end) +at +{_CLOCK}", _same_day),
    ),
    expected=(
        "a time such as '1 hour before start', 'at start', '7 days before start at 09:00' "
        "or 'on the day of start at 08:00'"
    ),
    slips=(*_CLOCK_SLIPS, *_NUMBER_SLIPS),
    hints=(
        Hint(
            r"^0+ +(?:minutes?|hours?) +(?:before|after) +(?:the +)?(?P<anchor>start|end)\b",
            "{0}: write 'at {anchor}'",
        ),
        Hint(
            r"^0+ +(?:days?|weeks?) +(?:before|after) +(?:the +)?(?P<anchor>start|end)\b",
            "{0}: write 'on the day of {anchor} at 09:00'",
        ),
        Hint(
            r"^.*\b(?:days?|weeks?) +(?:(?:before|after)|of) +(?:the +)?(?:start|end)(?: +at)?$",
            "{0} needs a clock time: add 'at 09:00'",
        ),
        Hint(
            r"\b(?:start|end) +(?P<here>at +[\d:]+)$",
            "minutes and hours are counted exactly: leave out {0}, or count in days",
        ),
        Hint(
            r"\b(?P<side>before|after)(?: +at\b.*)?$",
            "{side} what? Write '{side} start' or '{side} end'",
        ),
        Hint(
            r"^(?:on +)?the +day +at +(?P<clock>[\d:]+)$",
            "the day of what? Write 'on the day of start at {clock}'",
        ),
        Hint(
            r"\d+ +\w+ +(?:and +)?\d+ +\w+",
            "{0} has two units; write it in one: 90 minutes",
        ),
    ),
    words=True,
    extra={
        "examples": [
            "1 hour before start",
            "at start",
            "1 day before start at 12:00",
            "on the day of start at 08:00",
            "1 day after end at 10:00",
        ]
    },
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Until:
    """`14 days after end`: with the clock time of a post's own `when:`, where that has one."""

    anchor: Anchor
    offset: timedelta  #: negative is before
    in_days: bool = False  #: calendar days

    def beside(self, when: When) -> When:
        """The end of the waiting of a post that falls due at `when`."""
        if self.in_days and isinstance(when, OnClock):
            return OnClock(anchor=self.anchor, days=self.offset.days, at=when.at)
        return Exact(anchor=self.anchor, offset=self.offset)


def _until(match: re.Match[str]) -> Until:
    in_days = match["unit"].lower().startswith(("day", "week"))
    offset = _sign(match) * _length(match)
    return Until(anchor=_anchor(match), offset=offset, in_days=in_days)


UNTIL: Phrase[Until] = Phrase(
    forms=((f"{_NUMBER} +(?P<unit>minutes?|hours?|days?|weeks?) +{_SIDE}", _until),),
    expected="an end such as '14 days after end' (the clock time is that of when:)",
    slips=(
        *_NUMBER_SLIPS,
        Hint(r"\b(?:start|end) +(?P<here>at\b.*)$", "leave out {0}: the time is that of when:"),
    ),
    hints=(
        Hint(
            r"\b(?P<side>before|after)$",
            "{side} what? Write '{side} end'",
        ),
        Hint(
            r"^(?P<length>\d+ +(?:minutes?|hours?|days?|weeks?))$",
            "{length} from when? Write '{length} after end'",
        ),
    ),
    words=True,
    extra={"examples": ["14 days after end"]},
)

EVERY: Phrase[Every] = Phrase(
    forms=(
        (f"day +at +{_CLOCK}", _every_day),
        (f"week +on +(?P<weekday>{_DAY}) +at +{_CLOCK}", _every_week),
        (f"month +on +(?:the +)?day +(?P<day>[1-9]|[12][0-9]|3[01]) +at +{_CLOCK}", _every_month),
        (
            f"month +on +the +{_WHICH} +(?P<weekday>{_DAY}) +at +{_CLOCK}",
            _every_nth,
        ),
    ),
    expected=(
        "'day at 09:00', 'week on Monday at 09:00', 'month on day 1 at 09:00' "
        "or 'month on the first Monday at 09:00'"
    ),
    slips=_CLOCK_SLIPS,
    words=True,
)

PERIOD: Phrase[Span] = Phrase(
    forms=((f"{_NUMBER} +(?P<period>days?|weeks?|months?)", _span),),
    expected="a number of days, weeks or months, such as 1 month",
    words=True,
)

APPROVE: Phrase[bool | timedelta] = Phrase(
    forms=(("true|yes", lambda _: True), ("false|no", lambda _: False), *DURATION.forms),
    expected="true, false, or a length of time such as 6 hours",
    slips=_NUMBER_SLIPS,
    words=True,
    types=("boolean", "string"),
)
