"""Whether what a text says of days is so: "tomorrow" only on the day before.

Filters work such words out; an organiser may also type them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.core.linting import Fault
from bot.core.tongues import WORDS

_OFFSETS = {"yesterday": -1, "today": 0, "tonight": 0, "this evening": 0, "tomorrow": 1}
_DAYS = re.compile(  # letters first: so it is found three times as quickly as after a \b
    r"y(?<=\by)esterday\b|t(?<=\bt)(?:oday|onight|omorrow|his evening)\b"
    r"|i(?<=\bi)n (?P<count>a|an|one|two|three|four|five|six|seven|\d{1,3})"
    r" (?P<unit>day|week)s?\b"
)
_SIGNS = ("day", "week", "tomorrow", "tonight", "evening")
"""One of these is in all that _DAYS finds; to look for them takes a fifth of the time."""

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
}  # fmt: skip
_HOMONYMS = frozenset({"morgen", "mañana"})
"""Also the morning: whoever says them may mean that."""


class Day(NamedTuple):
    """A day, as a text names it."""

    said: str
    offset: int  #: in days from now


def untrue(days: Iterable[Day], offsets: Collection[int]) -> Iterator[Fault]:
    """What a text says of days and is not so.

    `offsets`: how many days from now, by the calendar of the event, the days are that the text may
    speak of; where there are none, nothing is held against it.
    """
    if not offsets:
        return
    for said, offset in days:
        if offset not in offsets:
            yield Fault(
                f"it says '{said}', and the event is {_away(min(offsets, key=abs))}: write"
                " {{ event | countdown }}, which says what is true",
                said,
                said,
            )


def speaks_of_days(words: str, language: str = "en") -> bool:
    """Whether a text, in lower case, names a day by how far away it is."""
    return next(days_named(words, language), None) is not None


def days_named(words: str, language: str = "en") -> Iterator[Day]:
    """The days that words (of a template and its filters, in lower case) name by how far away
    they are.
    """
    for match in _DAYS.finditer(words) if any(map(words.__contains__, _SIGNS)) else ():
        if match["unit"]:
            count = _COUNTS.get(match["count"]) or int(match["count"])
            yield Day(match[0], count * (7 if match["unit"] == "week" else 1))
        else:
            yield Day(match[0], _OFFSETS[match[0]])
    spoken = language.partition("-")[0].lower()
    if spoken != "en" and spoken in WORDS:
        for match in _named(spoken).finditer(words):
            yield Day(match[0], _foreign(spoken)[match[0]])


@lru_cache(maxsize=32)
def _foreign(language: str) -> dict[str, int]:
    words = WORDS[language]
    named = {words.yesterday: -1, words.today: 0, words.tomorrow: 1}
    return {word: offset for word, offset in named.items() if word not in _HOMONYMS}


@lru_cache(maxsize=32)
def _named(language: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_foreign(language), key=len, reverse=True)))
    return re.compile(rf"\b(?:{names})\b")


def _away(offset: int) -> str:
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if offset in named:
        return named[offset]
    return f"in {offset} days" if offset > 0 else f"{-offset} days ago"
