"""The dates a line of a listing may begin with, as written: years and months may be missing.

General-purpose date parsers are not used: `3rd - 4th June - Title` is 4 June 2003 to one of them
and the year 2117 to another. What does not fit this grammar is refused, never guessed at.
"""

import difflib
import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.sources.texts import UnreadableError
from bot.sources.words import (
    DASH,
    DECEMBER,
    MONTH,
    MONTHS,
    WEEKDAY,
    YEAR,
    month_number,
    weekday_number,
)

Form = Literal["day month", "month day", "numbers", "day"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One date as written."""

    day: int
    month: int | None = None
    year: int | None = None
    weekdays: frozenset[int] = frozenset()
    form: Form
    ordinal: bool = False  #: "9th", not "9"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The dates at the beginning of a line, and where they end in it."""

    first: Day
    last: Day
    end: int
    listed: bool = False  #: "3rd & 4th": two days that must follow each other


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ORDINAL = r"(?P<day>[0-9]{1,2})(?P<suffix>st|nd|rd|th)?"
_ISO = _compiled(
    r"(?P<year>[0-9]{4})(?P<dash>[-/])(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})(?![0-9])"
)
_SLASHED = _compiled(
    r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})(?:/(?P<year>[0-9]{1,6}))?(?![0-9/%])"
)
_DOTTED = _compiled(
    r"(?P<day>[0-9]{1,2})(?P<dot>[.-])(?P<month>[0-9]{1,2})(?P=dot)(?P<year>[0-9]{4})(?![0-9])"
)
_DAY_MONTH = _compiled(
    rf"{_ORDINAL}(?:\s+(?:of\s+)?|-|\.\s*|(?=[a-z]))(?P<month>{MONTH})(?:(?:\s+|,\s*|-)(?P<year>{YEAR}))?"
)
_MONTH_DAY = _compiled(
    rf"(?P<month>{MONTH})\s*(?:the\s+)?{_ORDINAL}(?![0-9a-z%])(?:,?\s+(?P<year>{YEAR}))?"
)
_DAY = _compiled(rf"{_ORDINAL}(?![0-9a-z%/.])(?:,?\s+(?P<year>{YEAR}))?")
_NO_DAY = _compiled(rf"{MONTH}\s+{YEAR}\s*(?:{DASH}|:|\|)\s*\w")

_WEEKDAY_BEFORE = _compiled(rf"\(?(?P<weekday>{WEEKDAY})\)?[\s,]*(?:the\s+)?")
_WEEKDAY_AFTER = _compiled(
    rf"[\s,]*(?:\((?P<weekday>{WEEKDAY})\)|(?P<bare>{WEEKDAY})(?=\s*(?:{DASH}|\||:|,|[0-9]|$)))"
)
_THE = _compiled(r"the\s+")
_TO = _compiled(rf"\s*(?:{DASH}|(?:to|until|till|through)\b)\s*")
_AND = _compiled(r"\s*(?:,|&|\+|and\b)\s*")
_SEPARATOR = _compiled(rf"\s*(?:{DASH}|\||:(?=\s|$))\s*")
_SPACED = _compiled(rf"\s+(?:{DASH}|\|)\s*|\s*(?:{DASH}|\|)(?:\s+|$)|\s*:(?:\s+|$)")
_MISSPELT = _compiled(
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<word>[a-z]{{3,12}})\b(?=[\s,]*{DASH})"
)

_SUFFIXES = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def separator(text: str, at: int) -> int | None:
    """Where the title begins, if dates and title are set apart here."""
    found = _SEPARATOR.match(text, at)
    return found.end() if found else None


def span(text: str, month: int | None) -> Span | None:
    """The dates at the beginning of a line below a heading that names `month`.

    None: the line does not begin like a date. Raises UnreadableError where it does, and cannot be
    read whole.
    """
    found = _pair(text)
    if not found or not _is_date(found, text, month):
        _check_no_day(text)
        return None
    _check_suffixes(text[: found.end])
    return found


def _is_date(found: Span, text: str, month: int | None) -> bool:
    """A number alone is a date only where it is set apart: "9th - Title", not "2nd largest"."""
    first = found.first
    if first.month is not None:
        return True
    apart = _SPACED.match(text, found.end)
    if not apart or first.ordinal or first.weekdays:
        return bool(apart)
    if month and not text[apart.end() : apart.end() + 1].isdigit():
        raise UnreadableError(
            f"'{first.day}' may be a day or an item's number; for a day, write {_th(first.day)}"
        )
    return False


def _pair(text: str) -> Span | None:
    found = _one(text, 0)
    if not found:
        return None
    first, end = found
    for connector, listed in ((_TO, False), (_AND, True)):
        if joined := connector.match(text, end):
            second = _one(text, joined.end())
            if second and _belongs(first, second[0], text, second[1]):
                return _joined(first, second[0], second[1], listed=listed)
    return Span(first=first, last=first, end=end)


def _joined(first: Day, last: Day, end: int, *, listed: bool) -> Span:
    """What is said once counts for both: "3rd - 4th June", "9th - 10th June 2021"."""
    if first.month is None:
        first = replace(first, month=last.month, year=last.year)
    if last.month is None:
        last = replace(last, month=first.month, year=last.year or first.year)
    return Span(first=first, last=last, end=end, listed=listed)


def _belongs(first: Day, second: Day, text: str, end: int) -> bool:
    """Whether a second date is the last day, or the beginning of the title."""
    apart = end == len(text) or bool(_SPACED.match(text, end) or _MORE_AHEAD.match(text, end))
    if second.form == "day":
        if first.form == "day month" and apart and _SPACED.match(text, end):
            raise UnreadableError(
                f"'{text[:end]}' may be a range or a date and a title; name the month at its end"
            )
        return first.form in {"day", "month day"} and apart
    if first.form == "day":
        return second.form == "day month"
    alike = (first.form == "numbers") == (second.form == "numbers")
    if apart and alike:
        return True
    if second.form == "numbers" and not apart:
        return False
    raise UnreadableError(
        f"'{text[:end]}' may be a range, or a date and the beginning of a title; "
        "write the whole range, then a dash, then the title"
    )


_MORE_AHEAD = _compiled(
    r"[\s,]*[\[(]?(?:(?:at\b|from\b)?\s*[0-9]{1,2}(?:[:.][0-9]{2}|\s?[ap]\.?m)"
    r"|(?:cancell?ed|postponed|tbc)\b)"
)


def _one(text: str, at: int) -> tuple[Day, int] | None:
    weekdays = set[int]()
    if before := _WEEKDAY_BEFORE.match(text, at):
        weekdays.add(weekday_number(before["weekday"]))
        at = before.end()
    elif the := _THE.match(text, at):
        at = the.end()
    matches = ((pattern.match(text, at), form) for pattern, form in _FORMS)
    found, form = next((each for each in matches if each[0]), (None, None))
    if not found or not form:
        return None
    end = found.end()
    if after := _WEEKDAY_AFTER.match(text, end):
        weekdays.add(weekday_number(after["weekday"] or after["bare"]))
        end = after.end()
    return _day(found.groupdict(), form, frozenset(weekdays)), end


_FORMS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (_ISO, "numbers"),
    (_DOTTED, "numbers"),
    (_SLASHED, "numbers"),
    (_DAY_MONTH, "day month"),
    (_MONTH_DAY, "month day"),
    (_DAY, "day"),
)


def _day(found: dict[str, str | None], form: Form, weekdays: frozenset[int]) -> Day:
    month, year = found.get("month"), found.get("year")
    if year and len(year) != len("2021"):
        raise UnreadableError(f"the year '{year}' is written with four digits")
    if month and form == "numbers" and int(month) > DECEMBER:
        raise UnreadableError(f"there is no month {int(month)} (9/6 is 9 June)")
    number = int(month) if month and form == "numbers" else month and month_number(month)
    return Day(
        day=int(found["day"] or 0),
        month=number or (0 if month else None),
        year=int(year) if year else None,
        weekdays=weekdays,
        form=form,
        ordinal=bool(found.get("suffix")),
    )


def _th(number: int) -> str:
    return f"{number}{_SUFFIXES.get(number, 'th')}"


def _check_suffixes(written: str) -> None:
    for number, suffix in re.findall(r"\b0?([0-9]{1,2})(st|nd|rd|th)\b", written.lower()):
        if number + suffix != _th(int(number)):
            raise UnreadableError(f"there is no '{number}{suffix}'; is it a slip for another day?")


def _check_no_day(text: str) -> None:
    """Refuse "9th Jnue - Title" and "June 2021 - Title": as prose they would be lost silently."""
    if _NO_DAY.match(text):
        raise UnreadableError("a month is named, but no day")
    found = _MISSPELT.match(text)
    if found and (near := difflib.get_close_matches(found["word"].lower(), MONTHS, 1, 0.75)):
        raise UnreadableError(f"'{found['word']}' is no month; is it {near[0].capitalize()}?")
