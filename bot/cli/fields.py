"""The fields of an event as options on the command line: the words a YAML file of events takes."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import typer

from bot.core.model import EventFields

Words = str | Sequence[str] | None

_OPTIONS = {"recording_url": "--recording", "hosts": "--host", "tags": "--tag"}
"""Where the option is not called as the field is."""


def said(words: Mapping[str, Words], timezone: str) -> EventFields:
    """What was given, by field; local times are in the zone, or in the one that was given.

    Raises typer.BadParameter.
    """
    given = {name: value for name, value in words.items() if value not in (None, [])}
    where = given.get("timezone", timezone)
    found: dict[str, Any] = {}
    for name, value in given.items():
        option = _OPTIONS.get(name, f"--{name}")
        try:
            found[name] = _read(name, value, cast("str", where))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=option) from None
    return cast("EventFields", found)


def _read(name: str, words: Any, timezone: str) -> Any:
    """ValueError with a sentence where a field cannot have these words."""
    from bot.sources import moments, titles, wordings
    from bot.sources.texts import UnreadableError

    _check_letters(words)
    try:
        if name == "timezone":
            return moments.check_zone(words)
        if name == "title":
            return _title(wordings.text(words), titles.LONGEST)
        if name in ("starts", "ends"):
            moments.check_zone(timezone)
            return None if name == "ends" and not words else moments.read(words, timezone)
        return wordings.field(name, words)
    except UnreadableError as error:
        raise ValueError(str(error)) from None


def _title(title: str, most: int) -> str:
    if not title:
        raise ValueError("a title cannot be empty")
    if len(title) > most:
        raise ValueError(f"the title has {len(title):,} characters; {most} are the most")
    return title


def _check_letters(words: str | Sequence[str]) -> None:
    for text in [words] if isinstance(words, str) else words:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{text!a} is not UTF-8 text") from None
