"""What a check asks about, and what it finds; told so that a person can read it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path

from bot.core.model import EventRecord
from bot.core.programme import Programme
from bot.services.edition import Edition

Progress = Callable[[str, int, int], None]
"""Told what is done, and how much of how much."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the questions are about."""

    records: Sequence[EventRecord]
    edition: Edition
    folder: Path  #: that of schedules.yaml, where file sources are
    programme: Programme
    now: datetime
    tells_people: bool = True  #: whether alerts reach anybody
    progress: Progress = lambda _what, _done, _total: None


class Level(IntEnum):
    """How grave it is."""

    ERROR = 0  #: a post would not go out, or be wrong
    WARNING = 1  #: it would go out, and could be better
    NOTE = 2  #: as the files have it; good to know


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something about the files a person should know."""

    level: Level
    where: str  #: the file, with its line if that is known, or the rule; may be empty
    what: str  #: a sentence
    about: str = ""  #: the post or the event it was found with
    alike: str = ""  #: what findings of the same matter share, where their sentences differ
    weight: int = 0  #: of those, the heaviest speaks for all


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """One thing to look at, however many posts it was found with."""

    level: Level
    where: str
    what: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{where}{self.what}{_among(self.about)}"


_SHOWN = 2


def matters(findings: Iterable[Finding]) -> list[Matter]:
    """The findings, each matter once, the gravest first and then by place."""
    alike: dict[tuple[Level, str, str], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.level, one.where, one.alike or one.what), []).append(one)
    found = [
        Matter(
            level=level,
            where=where,
            what=max(same, key=lambda one: one.weight).what,
            about=tuple(dict.fromkeys(one.about for one in _heaviest_first(same) if one.about)),
        )
        for (level, where, _), same in alike.items()
    ]
    return sorted(found, key=lambda one: (one.level, one.where, one.what))


def _heaviest_first(same: list[Finding]) -> list[Finding]:
    return sorted(same, key=lambda one: -one.weight)


def _among(about: tuple[str, ...]) -> str:
    if not about:
        return ""
    more = len(about) - _SHOWN
    return f" ({', '.join(about[:_SHOWN])}" + (f" and {more} more)" if more > 0 else ")")
