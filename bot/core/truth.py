"""Whether what a text says of days is so: "tomorrow" only on the day before.

Filters work such words out; an organiser may also type them.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.core.linting import Fault
from bot.core.tongues import WORDS

_OFFSETS = {"yesterday": -1, "today": 0, "tonight": 0, "this evening": 0, "tomorrow": 1}
_DAYS = re.compile(
    r"\b(?P<day>yesterday|today|tonight|this evening|tomorrow)\b"
    r"|\bin (?P<count>a|an|one|two|three|four|five|six|seven|\d{1,3}) (?P<unit>day|week)s?\b"
)
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
}  # fmt: skip
_HOMONYMS = frozenset({"morgen", "mañana"})
"""Also the morning: whoever says them may mean that."""


def untrue(words: str, offsets: Collection[int], language: str = "en") -> Iterator[Fault]:
    """What `words` (of a template and its filters, in lower case) say of days and is not so.

    `offsets`: how many days from now, by the calendar of the event, the days are that the text may
    speak of; where there are none, nothing is held against it.
    """
    if not offsets:
        return
    for said, offset in _said(words, language):
        if offset not in offsets:
            yield Fault(
                f"it says '{said}', and the event is {_away(min(offsets, key=abs))}: write"
                " {{ event | countdown }}, which says what is true",
                said,
                said,
            )


@lru_cache(maxsize=4096)  # of the same few events, post after post
def speaks_of_days(words: str, language: str = "en") -> bool:
    """Whether a text, in lower case, names a day by how far away it is."""
    return next(_said(words, language), None) is not None


def _said(words: str, language: str) -> Iterator[tuple[str, int]]:
    for match in _DAYS.finditer(words):
        if day := match["day"]:
            yield day, _OFFSETS[day]
        else:
            count = _COUNTS.get(match["count"]) or int(match["count"])
            yield match[0], count * (7 if match["unit"] == "week" else 1)
    spoken = language.partition("-")[0].lower()
    if spoken != "en" and spoken in WORDS:
        for match in _named(spoken).finditer(words):
            yield match[0], _foreign(spoken)[match[0]]


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
