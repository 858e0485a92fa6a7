"""Names, hashtags, addresses, time zones, numbers and words to choose from."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import available_timezones

import tzdata

from bot.core.documents import Node, Scalar
from bot.core.tongues import tongue
from bot.errors import nearest
from bot.schedules.page import Page, Place, found, quote
from bot.schedules.pending import NOT_YET
from bot.schedules.phrases import Hint, Phrase, PhraseError, as_said

SAFE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,53}"
"""What may be part of a key of the log, of a file's name and of the environment.

And fits the log: 64 characters, with what the bot adds for what is said `otherwise:`.
"""

NAME_RULE = "letters, digits, '.', '_' and '-', the first a letter or digit, 54 at most"


def _hashtag(match: re.Match[str]) -> str:
    letters = {unicodedata.category(letter)[0] for letter in match[0][1:]}
    odd = [c for c in match[0][1:] if c != "_" and not _is_of_hashtags(unicodedata.category(c))]
    if odd:
        message = f"{quote(odd[0])} would end the hashtag; expected letters, digits and '_'"
        raise PhraseError(message, match[0].index(odd[0]))
    if "L" not in letters:
        raise PhraseError(f"{quote(match[0])} needs a letter to be a hashtag")
    if len(match[0]) > _LONGEST_HASHTAG:
        raise PhraseError(
            f"a hashtag of {len(match[0])} characters is none on Bluesky; expected at most"
            f" {_LONGEST_HASHTAG}"
        )
    return match[0]


def _is_of_hashtags(category: str) -> bool:
    """What X, Mastodon and Bluesky all take into one: letters, their marks, decimal digits."""
    return category[0] in "LM" or category == "Nd"


_LONGEST_HASHTAG = 65
"""With its sign; app.bsky.richtext.facet#tag holds 64 graphemes."""


def _timezone(match: re.Match[str]) -> str:
    name = match[0]
    if _is_zone(name):
        return name
    raise PhraseError(f"{quote(name)} is not a time zone{_nearest_zone(name)}; {_ZONE_ADVICE}")


_ZONE_ADVICE = "expected a region and city, such as Europe/London"
_NO_CITY = {
    "bst": "Europe/London",
    "gmt": "Europe/London",
    "uk": "Europe/London",
    "gb": "Europe/London",
    "england": "Europe/London",
    "britain": "Europe/London",
    "cet": "Europe/Brussels",
    "cest": "Europe/Brussels",
    "est": "America/New_York",
    "edt": "America/New_York",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
}


def _is_zone(name: str) -> bool:
    """One that tzdata lists is found in a moment; the machine's own are in 600 files."""
    listed = Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split()
    return name == "UTC" or ("/" in name and name in listed) or name in _zones()


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # Names without a region (GMT, EST, localtime …) know no summer time or no fixed place.
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}


def _nearest_zone(name: str) -> str:
    wanted = name.lower().replace(" ", "_")
    known = {zone.lower(): zone for zone in sorted(_zones())}
    cities = {low.rpartition("/")[2]: zone for low, zone in known.items()}
    for table in (_NO_CITY, known, cities):
        if close := difflib.get_close_matches(wanted, table, n=1, cutoff=0.8):
            return f" (did you mean '{table[close[0]]}'?)"
    return nearest(name, sorted(_zones()))


def _language(match: re.Match[str]) -> str:
    first, hyphen, country = match[0].partition("-")
    language = first.lower() + hyphen + country.upper()
    try:
        tongue(language)
    except ValueError as error:
        raise PhraseError(str(error)) from None
    return language


def _path(match: re.Match[str]) -> str:
    path = match[0]
    if re.match(r"[~/]|[A-Za-z]:", path):
        message = f"{quote(path)} leads elsewhere; expected a path below the folder of this file"
        raise PhraseError(message)
    if "\\" in path:
        raise PhraseError(f"{quote(path)}: write '/' instead of '\\'", path.index("\\"))
    if ".." in path.split("/"):
        message = (
            f"'..' leads out of the folder of this file: {quote(path)}; move the file below it"
        )
        raise PhraseError(message, path.index(".."))
    if not PurePosixPath(path).parts or path.endswith("/"):
        raise PhraseError(f"{quote(path)} is a folder; expected a file")
    return str(PurePosixPath(path))


_ADDRESS = "https?://[^ /?#@]+(?:[/?#][^ ]*)?"

TEXT = Phrase(
    forms=(("[^\\r\\n]+", as_said),),
    expected="a text",
    hints=(Hint(r"[\r\n]", "the text has a line break; expected one line"),),
    types=("string", "number"),
)

NAME = Phrase(
    forms=((SAFE_NAME, as_said),),
    expected=f"a name of {NAME_RULE}",
    types=("string", "number"),
)

UID = Phrase(
    forms=(("[^\\r\\n/]+", as_said),),
    expected="the uid of an event, as 'bot events list' shows it",
    types=("string", "number"),
)

HASHTAG = Phrase(
    forms=(("#[^ #]+", _hashtag),),
    expected='a hashtag in quotes, such as "#MidlandsHealth" (without quotes, # begins a comment)',
    hints=(
        Hint(r"^(?P<tag>[^\s#]+)$", '{0} has no #; write "#{tag}", in quotes'),
        Hint("(?<=.)#", "a second # stands here; a hashtag has one, at its beginning"),
        Hint(" +", "a space would end the hashtag; write its words together, LikeThis"),
    ),
    extra={"examples": ["#MidlandsHealth"]},
)

TIMEZONE = Phrase(
    forms=(("[A-Za-z][A-Za-z0-9_+/ -]*", _timezone),),
    expected="a time zone, such as Europe/London",
    extra={"examples": ["Europe/London", "UTC"]},
)

LANGUAGE = Phrase(
    forms=(("[A-Za-z]{2}(?:-[A-Za-z]{2})?", _language),),
    expected="a language, such as en-GB or de-DE",
    hints=(Hint("_", "write '-' instead of '_', as in en-GB"),),
    extra={"examples": ["en-GB", "de-DE"]},
)

ADDRESS = Phrase(
    forms=((_ADDRESS, as_said),),
    expected="a web address, such as https://example.org/events",
    hints=(
        Hint(r"^www\.\S*$", "{0} is not a whole address; write it with https://"),
        Hint("(?<=//)[^ /?#]*@", "a name or password has no place in an address: take out {0}"),
    ),
)

FILE = Phrase(
    forms=((_ADDRESS, as_said), ("(?!https?:)[^\\r\\n]+", _path)),
    expected="a file below the folder of this one, such as events/list.txt, or a web address",
    types=("string", "number"),
)

PICTURE = Phrase(
    forms=(("(?!https?:)[^\\r\\n]+[.](?:png|svg|jpg|jpeg)", _path),),
    expected="a PNG, SVG or JPEG file below the folder of this one, such as logo.svg",
    words=True,
    hints=(Hint("^https?:", "{0} is an address; save the picture beside this file"),),
)


def _colour(match: re.Match[str]) -> str:
    digits = match[0][1:].lower()
    return "#" + (digits if len(digits) > _SHORT else "".join(2 * digit for digit in digits))


_SHORT = 3

COLOUR = Phrase(
    forms=(("#(?:[0-9a-f]{3}|[0-9a-f]{6})", _colour),),
    expected='a colour in quotes, such as "#0b2f3a" (without quotes, # begins a comment)',
    words=True,
    hints=(Hint(r"^(?P<digits>[0-9a-f]{6})$", '{0} has no #; write "#{digits}", in quotes'),),
    extra={"examples": ["#0b2f3a"]},
)

COUNT = Phrase(
    forms=(("[1-9][0-9]{0,3}", lambda match: int(match[0])),),
    expected="a whole number from 1 to 9999",
    types=("integer", "string"),
    extra={"minimum": 1, "maximum": 9999},
)

YEAR = Phrase(
    forms=(("20[0-9][0-9]", lambda match: int(match[0])),),
    expected="a year, such as 2021",
    types=("integer", "string"),
    extra={"minimum": 2000, "maximum": 2099},
)

FLAG = Phrase(
    forms=(
        ("true|yes", lambda _: True),
        ("false|no", lambda _: False),
    ),
    expected="true or false",
    words=True,
    types=("boolean", "string"),
)

MONEY = Phrase(
    forms=(("([0-9]{1,6}(?:[.][0-9]{1,4})?) +usd", lambda match: Decimal(match[0].split()[0])),),
    expected="an amount in US dollars, such as 10 USD or 0.015 USD",
    words=True,
)

AT_LEAST = Phrase(
    forms=(("at +least +(?P<number>[1-9][0-9]{0,3})", lambda match: int(match["number"])),),
    expected="'at least 1', or another number",
    words=True,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, each with what it means to whoever reads the schema."""

    what: str
    words: Mapping[str, str]

    def read(self, node: Node, place: Place, page: Page) -> str | None:
        if not isinstance(node, Scalar) or node.blank:
            page.refuse(node, f"{found(node)} stands here; expected {self._expected(place.path)}")
            return None
        if node.text not in self.words:
            guess = nearest(node.text.lower(), self.words)
            expected = self._expected(place.path)
            page.refuse(node, f"{quote(node.text)} is not {self.what}{guess}; expected {expected}")
            return None
        if f"{place.path}: {node.text}" in NOT_YET:
            page.refuse(node, f"'{node.text}' is {self.what} not yet built; take it out for now")
        return node.text

    def schema(self, path: str) -> dict[str, Any]:
        return {
            "enum": self._built(path),
            "enumDescriptions": [self.words[word] for word in self._built(path)],
        }

    def _built(self, path: str) -> list[str]:
        return [word for word in self.words if f"{path}: {word}" not in NOT_YET]

    def _expected(self, path: str) -> str:
        *most, last = self._built(path) or self.words
        return f"{', '.join(most)} or {last}" if most else last
