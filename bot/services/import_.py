"""Takes the events of one file or page in: adds and updates, and lets nothing vanish.

A path or URL that schedules.yaml names as a source is that source, so that what the one listed the
other finds again.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot import sources
from bot.core import syncing
from bot.core.model import Reading
from bot.core.rules import Schedules, Source
from bot.core.syncing import Change, Kind, Sync
from bot.errors import BotError, UnknownNameError, nearest
from bot.services import fetch, sync
from bot.store import events
from bot.store.session import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """What a file lists, and under which source's name."""

    source: str
    reading: Reading


def read(
    location: str,
    schedules: Schedules,
    folder: Path,
    *,
    kind: str | None = None,
    year: int | None = None,
) -> Import:
    """Read a path (from where the person is) or a URL; `kind` and `year` override what is known.

    Raises SourceError, MistakesError, and BotError where it is not clear what it is.
    """
    known = _configured(location, schedules, folder)
    kind = kind or (known.kind if known else _kind(location))
    _check_kind(kind)
    data = (
        fetch.fetch(location, folder)
        if fetch.is_url(location)
        else fetch.read_file(Path(location), missing="check the name of the file")
    )
    reading = sources.read(
        kind,
        data,
        name=location,
        timezone=schedules.series.timezone,
        year=year if year is not None else (known.year if known else None),
        defaults=known.defaults if known else {},
    )
    name = f"{kind}:{known.location if known else _place(location, folder)}"
    return Import(source=name, reading=reading)


def foresee(store: Store | None, said: Import, now: datetime) -> Sync:
    """What importing it would change; nothing is written, and None is an empty store."""
    records, refs = [], dict[str, str]()
    if store is not None:
        with store.reading() as connection:
            records, refs = events.load(connection), events.refs(connection, said.source)
    return syncing.compare(
        records, said.reading, source=said.source, refs=refs, now=now, absence_means=False
    )


def write(store: Store, said: Import, now: datetime) -> Sync:
    """Import it; what that changed."""
    with store.writing() as connection:
        return sync.apply(connection, said.reading, said.source, now, absence_means=False)


def news(found: Sync) -> list[Change]:
    """What there is to be written."""
    return found.of(Kind.ADDED, Kind.CHANGED, Kind.MOVED, Kind.RENAMED, Kind.RETURNED)


def unread(found: Sync) -> list[Change]:
    """The lines that were not taken over: refused, or to be decided by a person."""
    return found.of(Kind.REFUSED, Kind.AMBIGUOUS)


def _configured(location: str, schedules: Schedules, folder: Path) -> Source | None:
    for source in schedules.sources:
        if source.location == location and fetch.is_url(location):
            return source
        here = (folder / source.location).resolve()
        if not fetch.is_url(source.location) and here == Path(location).resolve():
            return source
    return None


def _place(location: str, folder: Path) -> str:
    """Which file it is, wherever the person stands."""
    if fetch.is_url(location):
        return location
    path, below = Path(location).resolve(), folder.resolve()
    return (path.relative_to(below) if path.is_relative_to(below) else path).as_posix()


def _kind(location: str) -> str:
    is_url = fetch.is_url(location)
    found = sources.kind_of(urlsplit(location).path if is_url else location)
    if found is None and is_url:
        return "listing"  # an address seldom says so, but what stands there is a page
    if found is None:
        raise BotError(
            f"{location} does not say by its name what it is: add --as {' or --as '.join(_KINDS)}"
        )
    return found


def _check_kind(kind: str) -> None:
    if kind in sources.READERS:
        return
    if kind in sources.ENDINGS.values():
        raise BotError(
            f"not yet: events cannot be read from {kind} so far, only from {' and '.join(_KINDS)}"
        )
    raise UnknownNameError(
        f"there is no kind '{kind}'{nearest(kind, _KINDS)}: one of {', '.join(_KINDS)}"
    )


_KINDS = tuple(sources.READERS)
