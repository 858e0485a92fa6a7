"""The headings of a listing, and the year and month that hold below them."""

import re
from dataclasses import dataclass

from bot.sources.texts import UnreadableError
from bot.sources.words import DASH, DECEMBER, MONTH, YEAR, month_number

LONGEST = 80
"""A longer line is no heading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a heading says of the lines below it."""

    month: int | None = None
    year: int | None = None
    section: bool = False  #: it begins a part of the page: no year from above holds


_MONTH = re.compile(
    rf"(?P<month>{MONTH})(?P<more>(?:\s*(?:{DASH}|/|&|,|and|to)\s*{MONTH})*)"
    rf"(?:[\s,]*(?P<year>{YEAR}))?\s*:?",
    re.IGNORECASE,
)
_THINGS = r"(?:events?|seminars?|talks?|meetings?|webinars?|conferences?|sessions?|dates?|archive)"
_YEAR = re.compile(
    rf"(?:{_THINGS}\s*(?:in|of|from|for|:|{DASH})?\s*)?\(?(?P<year>{YEAR})\)?(?:\s+{_THINGS})?\s*:?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    rf"(?:our\s+)?(?:upcoming|previous|past|forthcoming|future|earlier|recent|next|coming|all)\s+"
    rf"(?:\w+\s+){{0,3}}?{_THINGS}(?:[\s(:,-]+(?:in|of|from)?\s*(?P<year>{YEAR})\)?)?\s*:?",
    re.IGNORECASE,
)


def heading(text: str) -> Heading | None:
    """A line that is a heading: "June 2021:", "July", "2021", "Previous Events:"."""
    if len(text) > LONGEST:
        return None
    text = text.strip("#*_= ")
    if found := _MONTH.fullmatch(text):
        month = None if found["more"] else month_number(found["month"])
        return Heading(month=month, year=_year(found))
    if found := _YEAR.fullmatch(text):
        return Heading(year=_year(found))
    if found := _SECTION.fullmatch(text):
        return Heading(year=_year(found), section=True)
    return None


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


class Scope:
    """The year and month that hold where a line stands.

    A year is the nearest heading's, and "Upcoming Events:" and "Previous Events:" end what was
    said above them: on a page of January 2022 the December below "Previous Events:" is not that of
    the "January 2022:" above it. There the year given with the source holds.
    """

    def __init__(self, year: int | None) -> None:
        self._given = year
        self._named: int | None = None  # by a heading
        self._rolled = 0  # how often December was followed by January since
        self._last: tuple[int, int] | None = None  # month and day of the line above
        self._falling = False
        self._doubtful = False  # a heading names December below January: which year's?
        self.month: int | None = None

    def enter(self, heading: Heading) -> None:
        """Go on below a heading."""
        if heading.section or heading.year:
            self._named, self._rolled, self._last, self._falling = heading.year, 0, None, False
        self._doubtful = bool(heading.month) and self._steps_back(heading.month or 0)
        if heading.month and not self._doubtful:
            self._pass(heading.month, 0)
        self.month = heading.month

    def leave_month(self) -> None:
        """Go on below a heading that is not understood: "9th - Title" has no month there."""
        self.month = None

    def year_of(self, month: int, day: int) -> int:
        """The year of a line's first date, where the line names none. Raises UnreadableError."""
        base = self._named or self._given
        if base is None:
            raise UnreadableError(
                "no year is known: write it in the line or in a heading ('June 2021:'), "
                "or give the year of the source"
            )
        if self._doubtful or self._steps_back(month) or (self.month == 1 and month == DECEMBER):
            raise UnreadableError(
                "December stands below January here; which year is meant? Write it in the line"
            )
        self._pass(month, day)
        return base + self._rolled

    def _steps_back(self, month: int) -> bool:
        """From January to December in falling order, with no heading that names the year."""
        below_january = self._last is not None and self._last[0] == 1
        return month == DECEMBER and below_january and self._falling and not self._named

    def _pass(self, month: int, day: int) -> None:
        if self._last and (month, day) < self._last:
            if self._last[0] == DECEMBER and month == 1 and not self._falling:
                self._rolled += 1
            else:
                self._falling = True
        self._last = (month, day)
