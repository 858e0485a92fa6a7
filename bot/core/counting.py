"""How long a text is: as each platform counts it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from wcwidth import iter_graphemes

from bot.core.emoji import emoji_spans
from bot.core.limits import Limits
from bot.core.links import links

LINK_LENGTH = 23
"""What a link counts on X and on Mastodon, however long it is."""


class Measure(Protocol):
    """How one platform counts."""

    @property
    def limit(self) -> int | None:
        """The longest text it takes; None: any."""
        ...

    def length(self, text: str) -> int:
        """What is held against the limit."""
        ...


class X:
    """twitter-text, configuration 3: most scripts count 1, all else and each emoji 2, a link 23."""

    limit: int | None = 280

    def length(self, text: str) -> int:
        if "\r" in text:
            text = _LINE_END.sub("\n", text)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        total = here = 0
        for start, end in links(text):
            total += _weight(text[here:start]) + LINK_LENGTH
            here = end
        return total + _weight(text[here:])


_LINE_END = re.compile("\r\n?")
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    heavy = len(_HEAVY.findall(text))
    if not heavy and "\u00a9" not in text and "\u00ae" not in text:  # each emoji has such a one
        return len(text)
    total = len(text) + heavy
    for start, end in emoji_spans(text):
        emoji = text[start:end]
        total += 2 - len(emoji) - len(_HEAVY.findall(emoji))
    return total


class Mastodon:
    """Characters as people see them; a link with its protocol counts 23, a mention its local name.

    The limit and the length of a link are those of a server which was not asked.
    """

    def __init__(self, limit: int | None = 500, link: int = LINK_LENGTH) -> None:
        self.limit = limit
        self.link = link

    def length(self, text: str) -> int:
        total = here = 0
        for start, end in links(text):
            if "://" in text[start:end]:
                total += self._plain(text[here:start]) + self.link
                here = end
        return total + self._plain(text[here:])

    @staticmethod
    def _plain(text: str) -> int:
        return graphemes(_REMOTE_NAME.sub(r"\1", text) if "@" in text else text)


_REMOTE_NAME = re.compile(r"(?<![\w=/@])(@[a-zA-Z0-9_]+(?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)@[\w.-]*\w")


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure with less room: something else of the post counts as well."""

    measure: Measure
    taken: int

    @property
    def limit(self) -> int | None:
        whole = self.measure.limit
        return None if whole is None else whole - self.taken

    def length(self, text: str) -> int:
        return self.measure.length(text)


class Bluesky:
    """Characters as people see them, and at most 3000 bytes: a link counts what it is long.

    A text of too many bytes is given a length just as far over the limit of characters.
    """

    limit: int | None = 300

    def length(self, text: str) -> int:
        return max(graphemes(text), 300 + len(text.encode(errors="surrogatepass")) - 3000)


class Local:
    """The timeline of rehearsals: characters as people see them, no limit."""

    limit: int | None = None

    def length(self, text: str) -> int:
        return graphemes(text)


def graphemes(text: str) -> int:
    """How many characters a reader sees."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in iter_graphemes(text))


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {"x": X(), "mastodon": Mastodon(), "bluesky": Bluesky(), "local": Local(), "apprise": Local()}
)
"""By the name of the platform."""


def measured(platform: str, limits: Limits | None = None) -> Measure:
    """How a platform counts, on a server that was heard to take so much."""
    usual = MEASURES[platform]
    if limits is None or not isinstance(usual, Mastodon):
        return usual
    return Mastodon(limits.text or usual.limit, limits.link or usual.link)
