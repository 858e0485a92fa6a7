"""What follows the date of a line: the title, and what is not part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.model import Status
from bot.core.naming import same
from bot.sources import clocks
from bot.sources.pages import Part
from bot.sources.texts import UnreadableError
from bot.sources.words import DASH, tidy

LONGEST = 500
"""Characters a title may have."""

LINKS = {"watch here": "recording_url", "event details": "url"}
"""The link words of the page, and what they lead to."""

_STATUSES = {
    "CANCELLED": Status.CANCELLED,
    "CANCELED": Status.CANCELLED,
    "POSTPONED": Status.POSTPONED,
    "TBC": Status.TENTATIVE,
}


@dataclass(kw_only=True, slots=True)
class Ending:
    """The rest of a line, while what is not the title is taken off it."""

    title: str
    statuses: set[Status] = field(default_factory=set)
    times: list[clocks.Times] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status | None:
        sure = self.statuses - {Status.TENTATIVE} or self.statuses
        if len(sure) > 1:
            raise UnreadableError(f"it is {' and '.join(sorted(sure))} at once")
        return next(iter(sure), None)

    @property
    def time(self) -> clocks.Times | None:
        if len(self.times) > 1:
            raise UnreadableError("it holds two clock times; an event has one")
        return self.times[0] if self.times else None


_WORD = "(?:CANCELLED|CANCELED|POSTPONED|TBC)"
_EDGE = r"[\s|,;:\u2010-\u2015\u2212-]"
STATUS_HERE = re.compile(rf"[\s,]*[\[(]?({_WORD})\b[\])]?", re.IGNORECASE)
STATUS_BEFORE = re.compile(rf"[\[(]?({_WORD})\b[\])]?\s*(?::|\||{DASH})?\s*", re.IGNORECASE)
_STATUS_FIRST = re.compile(rf"(?:[\[(]({_WORD})[\])]|({_WORD})\s*(?::|\||{DASH}))", re.IGNORECASE)
_STATUS_LAST = re.compile(
    rf"(?:\s*[\[(]({_WORD})[!.]?[\])]|(?:^|(?<={_EDGE})|(?<=[.!?]\s))({_WORD}))[!.]*$",
    re.IGNORECASE,
)
_STATUS_SHOUTED = re.compile(rf"[\[(]?\b({_WORD})\b[!\])]*:?")
_STATUS_IN_BRACKETS = re.compile(rf"\s*[\[(]({_WORD})[\])]", re.IGNORECASE)
_LINK_LAST = re.compile(
    r"(?:^|(?<=[\s|.,;:!?)\]>-])|(?<=[\u2010-\u2015]))[\[(<]*(watch here|event details)[\])>]*"
    r"(?:\s*[:(<]*\s*(https?://[^\s<>()]{1,1900}))?[)>]*$",
    re.IGNORECASE,
)
_URL_LAST = re.compile(r"(?:^|(?<=[\s(<]))[(<]?(https?://[^\s<>()]{1,1900})[)>]?$", re.IGNORECASE)
_PIECES = 8  # link words, status and time: more are noise, and would cost their number squared
_WINDOW = 2000  # characters from the end in which link words are looked for: bounds the search


def without_links(parts: Sequence[Part]) -> tuple[str, dict[str, str]]:
    """A line's text without its link words, and where those lead."""
    if all(part.href is None for part in parts):
        return tidy("".join(part.text for part in parts)), {}
    words = [LINKS.get(_plain(part.text)) if part.href is not None else None for part in parts]
    text = "".join(
        part.text if word is None else " " for part, word in zip(parts, words, strict=True)
    )
    links: dict[str, str] = {}
    for part, word in zip(parts, words, strict=True):
        if word and part.href:
            links.setdefault(word, part.href)
    return tidy(text), links


def linked_title(parts: Sequence[Part], title: str) -> str | None:
    """Where the title itself is a link: its target."""
    hrefs = (part.href for part in parts if part.href and same(part.text) == same(title))
    return next(hrefs, None)


def split(text: str) -> Ending:
    """Take link words, status and clock time off the rest of a line."""
    ending = Ending(title=text)
    for _ in range(_PIECES):
        if not any(step(ending) for step in (_take_link, _take_status, _take_time)):
            break
    _take_shouted(ending)
    ending.title = re.sub(rf"^{_EDGE}+", "", ending.title)
    ending.title = _rstrip(ending.title)
    return ending


def statuses(found: re.Match[str] | None) -> set[Status]:
    """The status that STATUS_HERE or STATUS_BEFORE has found."""
    return {_STATUSES[found[1].upper()]} if found else set()


def check(title: str) -> str:
    """A title that can be one. Raises UnreadableError."""
    if not any(letter.isalnum() for letter in title):
        raise UnreadableError("there is a date, but no title")
    if len(title) > LONGEST:
        raise UnreadableError(f"the title has {len(title):,} characters; {LONGEST} are the most")
    if time := clocks.left_over(title):
        raise UnreadableError(
            f"the clock time '{time}' cannot be placed; write it last, as in 'Title. 11:00-12:00'"
        )
    return title


def _take_link(ending: Ending) -> bool:
    ending.title = _rstrip(ending.title)
    start = max(0, len(ending.title) - _WINDOW)
    found = _LINK_LAST.search(ending.title, start)
    if found:
        name, href = LINKS[found[1].lower()], found[2]
    elif found := _URL_LAST.search(ending.title, start):
        name, href = "url", found[1]
    else:
        return False
    if href:
        ending.links.setdefault(name, href)
    ending.title = _closed(ending.title[: found.start()])
    return True


def _take_status(ending: Ending) -> bool:
    title = ending.title
    last = _STATUS_LAST.search(title, max(0, len(title) - 40))
    if last:
        _check_said(title, last)
        ending.title = _closed(title[: last.start()])
    else:
        last = _STATUS_FIRST.match(title)
        if not last:
            return False
        ending.title = title[last.end() :].lstrip()
    ending.statuses.add(_STATUSES[(last[1] or last[2]).upper()])
    return True


def _check_said(title: str, last: re.Match[str]) -> None:
    """A talk may be about what was cancelled: in small letters the word has to be set apart."""
    word = last[2] or ""
    plain = re.search(r"\w\s$", title[: last.start()])
    if plain and not word.isupper() and word.lower() != "tbc":
        raise UnreadableError(
            f"'{word}' may belong to the title; if it is the status, write {word.upper()}"
        )


def _take_time(ending: Ending) -> bool:
    if found := clocks.at_end(ending.title):
        ending.title = _closed(ending.title[: found.start])
    elif (found := clocks.here(ending.title, 0)) and (
        apart := re.match(rf"\s*(?:{DASH}|\||:\s|,\s)\s*", ending.title[found.end : found.end + 20])
    ):
        ending.title = ending.title[found.end + apart.end() :]
    else:
        return False
    ending.times.append(found.times)
    return True


def _take_shouted(ending: Ending) -> None:
    """In capitals, or in brackets, a status counts wherever it stands."""
    for pattern in (_STATUS_IN_BRACKETS, _STATUS_SHOUTED):
        for found in pattern.finditer(ending.title):
            ending.statuses.add(_STATUSES[found[1].upper()])
        ending.title = tidy(pattern.sub(" ", ending.title))


def _rstrip(text: str) -> str:
    return text.rstrip(" |,;:-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


def _closed(text: str) -> str:
    """Without the full stop that set apart what followed; "U.S." and "etc..." keep theirs."""
    text = _rstrip(text)
    word = text[text.rfind(" ") + 1 :]
    return text[:-1] if word.endswith(".") and word.count(".") == 1 else text


def _plain(text: str) -> str:
    return tidy(text).strip(" .:|>[]()\u00bb\u203a").lower()
