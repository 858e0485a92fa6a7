"""The fields of an event from the words of a file, and from a source's defaults."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

from bot.core.model import EventFields, Format, Status
from bot.errors import SourceError, nearest
from bot.sources.texts import UnreadableError, shorten

Words = str | Sequence[str]
"""A value as a file gives it: a text, or a list of texts."""


def field(name: str, words: Words) -> Any:
    """The value of one of FIELDS. Raises UnreadableError."""
    return FIELDS[name](words)


def defaults(given: Mapping[str, object], name: str) -> EventFields:
    """A source's defaults as fields. Raises SourceError."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key not in FIELDS:
            raise SourceError(f"{name}: there is no default '{key}'{nearest(key, FIELDS)}")
        words = [str(each) for each in value] if isinstance(value, list | tuple) else str(value)
        try:
            found[key] = field(key, words)
        except UnreadableError as error:
            raise SourceError(f"{name}: the default '{key}': {error}") from None
    return cast("EventFields", found)


def text(words: Words) -> str:
    """One line."""
    return " ".join(_one(words).split())


def _one(words: Words) -> str:
    if not isinstance(words, str):
        raise UnreadableError("a list stands here; expected one text")
    return words


def _texts(words: Words) -> tuple[str, ...]:
    found = (text(each) for each in ([words] if isinstance(words, str) else words))
    return tuple(each for each in found if each)


def _link(words: Words) -> str:
    link = _one(words).strip()
    if link and not re.fullmatch(r"https?://[^\s/]+\.?[^\s]*", link):
        raise UnreadableError(f"'{shorten(link)}' is not a link; expected https://…")
    return link


def _kind(words: Words) -> str:
    return text(words) or "event"


def _choice(known: type[StrEnum], none: StrEnum | None) -> Callable[[Words], StrEnum | None]:
    def choose(words: Words) -> StrEnum | None:
        word = text(words)
        if not word:
            return none
        try:
            return known(word.lower())
        except ValueError:
            expected = ", ".join(known)
            raise UnreadableError(
                f"'{shorten(word)}' is none of {expected}{nearest(word, known)}"
            ) from None

    return choose


FIELDS: Mapping[str, Callable[[Words], object]] = {
    "kind": _kind,
    "format": _choice(Format, None),
    "location": text,
    "url": _link,
    "recording_url": _link,
    "summary": lambda words: _one(words).strip(),
    "hosts": _texts,
    "tags": _texts,
    "image": lambda words: _one(words).strip(),
    "status": _choice(Status, Status.CONFIRMED),
}
"""What a source may say of an event besides its title and dates, and may have defaults for."""
