"""Where events come from: bytes in, events and refusals out."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Protocol

from bot.core.model import Reading
from bot.sources import listing, yaml
from bot.sources.texts import MAX_BYTES

__all__ = ["ENDINGS", "MAX_BYTES", "READERS", "Reader", "kind_of", "read"]


class Reader(Protocol):
    """Reads one kind of source. Raises SourceError, and MistakesError for a file people write."""

    def __call__(
        self,
        data: bytes,
        *,
        name: str,
        timezone: str,
        year: int | None,
        defaults: Mapping[str, object],
    ) -> Reading: ...


READERS: Mapping[str, Reader] = {"listing": listing.read, "yaml": yaml.read}
"""What can be read so far, by the word schedules.yaml uses for it."""

ENDINGS: Mapping[str, str] = {
    ".txt": "listing",
    ".html": "listing",
    ".htm": "listing",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ics": "ics",
    ".csv": "csv",
    ".jsonld": "jsonld",
}
"""The kind a file's name speaks for; READERS may not have it yet."""


def kind_of(name: str) -> str | None:
    """The kind a file's name speaks for; None where it speaks for none."""
    return ENDINGS.get(PurePath(name).suffix.lower())


def read(
    kind: str,
    data: bytes,
    *,
    name: str,
    timezone: str,
    year: int | None = None,
    defaults: Mapping[str, object] | None = None,
) -> Reading:
    """Read a source of a kind in READERS; `name` stands in messages, and is a page's address."""
    return READERS[kind](data, name=name, timezone=timezone, year=year, defaults=defaults or {})
