"""The clock times of a line: "11:00-12:00", "11am - 12.30pm", "at 14:00"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.core.model import zone
from bot.sources import moments
from bot.sources.texts import UnreadableError
from bot.sources.words import DASH


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """Local clock times as written."""

    starts: time
    ends: time | None = None
    zone_word: str = ""  #: "BST", where the line says so

    def on(self, where: date, timezone: str) -> tuple[datetime, datetime | None]:
        """The instants, in UTC. Raises UnreadableError."""
        starts = moments.instant(where, self.starts, timezone)
        ends = moments.instant(where, self.ends, timezone) if self.ends else None
        if ends and ends <= starts:
            raise UnreadableError(f"it ends at {self.ends:%H:%M}, not after {self.starts:%H:%M}")
        there = starts.astimezone(zone(timezone)).tzname() or ""
        if self.zone_word and _SAME_ZONE.get(self.zone_word, self.zone_word) != there.replace(
            "UTC", "GMT"
        ):
            raise UnreadableError(
                f"the time is given in {self.zone_word}, but {timezone} has {there} on that day; "
                "write the local time"
            )
        return starts, ends


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A time expression and where it stands in its text."""

    times: Times
    start: int
    end: int


_SAME_ZONE = {"UTC": "GMT"}
_NOON = 12
_TWO_DIGITS = 10
_WINDOW = 80  # characters from the end in which a time is looked for: bounds the search

_CLOCK = r"(?:12\s?)?noon\b|[0-9]{{1,2}}(?:[:.][0-9]{{2}})?(?![0-9:])(?:\s?[ap]\.?m\b\.?)?"
_ZONE = "UTC|GMT|BST|CES?T|EES?T|WES?T|IST|[ECMP][DS]T"
_EXPRESSION = (
    r"(?P<at>(?:at\s|from\s|@)\s*)?"
    rf"(?P<first>{_CLOCK.format()})"
    rf"(?:(?P<to>\s*(?:{DASH}|(?:to|until|till)\b)\s*)(?P<second>{_CLOCK.format()}))?"
    r"(?:\s?hrs?\b)?"
    rf"(?:\s?(?:\((?P<bracketed>{_ZONE})\)|(?P<zone>{_ZONE})\b))?"
)
_HERE = re.compile(_EXPRESSION, re.IGNORECASE)
_TAIL = re.compile(rf"(?:^|(?<=[\s,;:|.(\[])|(?<=\s{DASH})){_EXPRESSION}\.?$", re.IGNORECASE)
_LEFT_OVER = re.compile(
    r"(?<![0-9:.£$€])(?:[0-9]{1,2}:[0-9]{2}(?![0-9])|[0-9]{1,2}(?:[.:][0-9]{2})?\s?[ap]\.?m\b)",
    re.IGNORECASE,
)


def here(text: str, at: int) -> Found | None:
    """A time expression that begins here, in brackets or not. Raises UnreadableError."""
    bracket = text[at : at + 1] in {"(", "["}
    match = _HERE.match(text, at + bracket)
    if not match or not (times := _times(match, set_apart=True)):
        return None
    end = match.end()
    if bracket and text[end : end + 1] not in {")", "]"}:
        return None
    return Found(times=times, start=at, end=end + bracket)


def at_end(text: str) -> Found | None:
    """The time expression a text ends with. Raises UnreadableError."""
    bracket = text.endswith((")", "]")) and not _TAIL.search(text, max(0, len(text) - _WINDOW))
    inner = text[:-1] if bracket else text
    match = _TAIL.search(inner, max(0, len(inner) - _WINDOW))
    if not match:
        return None
    before = inner[: match.start()]
    if bracket != before.endswith(("(", "[")):
        return None
    set_apart = bracket or not before or not before[-1].isspace() or before.rstrip()[-1:] in _POINTS
    times = _times(match, set_apart=set_apart)
    return Found(times=times, start=match.start() - bracket, end=len(text)) if times else None


def left_over(text: str) -> str | None:
    """What still looks like a clock time in a title."""
    found = _LEFT_OVER.search(text)
    return found[0] if found else None


_POINTS = tuple(",;:|.-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clock:
    """One clock time as written: half is "am", "pm" or empty."""

    written: str
    hour: int
    minute: int
    point: str
    half: str

    @property
    def sure(self) -> bool:
        """Nothing else is written like this."""
        return self.point == ":" or bool(self.half)

    def at(self, half: str) -> time:
        hour = self.hour
        if half:
            if not 1 <= hour <= _NOON:
                raise UnreadableError(f"there is no clock time {self.written}")
            hour = hour % _NOON + (_NOON if half == "pm" else 0)
        try:
            return time(hour, self.minute)
        except ValueError:
            raise UnreadableError(f"there is no clock time {self.written}") from None


def _clock(written: str) -> _Clock:
    if written.lower().endswith("noon"):
        half = "pm" if written[0] == "1" else ""
        return _Clock(written=written, hour=12, minute=0, point="", half=half)
    found = re.match(r"([0-9]+)(?:([:.])([0-9]+))?\s?([ap]?)", written, re.IGNORECASE)
    assert found
    half = found[4].lower()
    return _Clock(
        written=written.strip(),
        hour=int(found[1]),
        minute=int(found[3] or 0),
        point=found[2] or "",
        half=half and half + "m",
    )


def _times(match: re.Match[str], *, set_apart: bool) -> Times | None:
    """The times of an expression; None where it may as well be a number of the title."""
    said = set_apart or bool(match["at"])
    first = _clock(match["first"])
    second = _clock(match["second"]) if match["second"] else None
    zone_word = (match["zone"] or match["bracketed"] or "").upper()
    if second is None:
        if not (first.sure or (said and first.point) or (match["at"] and "noon" in match["first"])):
            return None
        return Times(starts=_alone(first), zone_word=zone_word)
    dotted = bool(first.point and second.point) and (
        said or min(first.hour, second.hour) >= _TWO_DIGITS
    )
    if not (first.sure or second.sure or dotted):
        return None
    if " " in match["to"] and not (said or first.point or first.half):
        raise UnreadableError(
            f"'{first.written}' may belong to the title or to the clock time; "
            f"write {first.hour:02}:00, or a comma before it"
        )
    return _range(first, second, zone_word)


def _alone(clock: _Clock) -> time:
    if not clock.half and re.match(r"[1-7](?![0-9])", clock.written):
        raise UnreadableError(
            f"'{clock.written}' may be in the morning or in the afternoon; "
            f"write {clock.hour:02}:{clock.minute:02} or {clock.hour + 12}:{clock.minute:02}"
        )
    return clock.at(clock.half)


def _range(first: _Clock, second: _Clock, zone_word: str) -> Times:
    """Where one side alone says am or pm, the other is the one that gives the shorter time."""
    if second.half and not first.half and first.hour <= _NOON:
        ends = second.at(second.half)
        starts = max((t for t in map(first.at, ("am", "pm")) if t < ends), default=None)
        return Times(starts=starts or first.at("am"), ends=ends, zone_word=zone_word)
    if first.half and not second.half and second.hour <= _NOON:
        starts = first.at(first.half)
        later = min((t for t in map(second.at, ("am", "pm")) if t > starts), default=None)
        return Times(starts=starts, ends=later or second.at("am"), zone_word=zone_word)
    starts, ends = (each.at(each.half) if each.half else _alone(each) for each in (first, second))
    return Times(starts=starts, ends=ends, zone_word=zone_word)
