"""What edited files would change: schedules.yaml, templates, events. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.comparing import Difference, Outlook, compare
from bot.core.model import EventRecord
from bot.core.planning import candidates
from bot.core.recognising import normal
from bot.services.edition import Edition
from bot.services.known import Known, read_known, recall
from bot.services.plan import Line, plan
from bot.services.sync import Refs, merged_with_refs
from bot.store import events
from bot.store.session import Store

REPEATS = "told as '"
"""How the reason begins where the log keeps a renamed rule from telling a thing again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """One state of the organiser's files."""

    edition: Edition
    folder: Path  #: where file sources are
    events: Mapping[str, Path]  #: files that stand in for those of sources, by location


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What would change."""

    differences: Sequence[Difference]
    resent: Sequence[Line]  #: what would go out and is out already: never anything
    guarded: Sequence[Line]  #: what would, did not the log know it by its event, words and time
    is_over: bool  #: whether all is past, and was compared as if it were still ahead


def compared(store: Store | None, old: Files, new: Files, now: datetime) -> Comparison:
    """The second against the first, on top of what the log has; `store`: None where there is none.

    Raises BotError where a file that stands in for another cannot be read.
    """
    before, after, known = _plans(store, old, new, now)
    is_over = all(_at(line) is None for line in (*before, *after))
    if is_over:
        before, after, _ = _plans(store, old, new, None)
    return Comparison(
        differences=compare(_outlooks(before), _outlooks(after)),
        resent=[] if is_over else [line for line in after if _goes(line) and _is_out(line, known)],
        guarded=[line for line in after if line.reason.startswith(REPEATS)],
        is_over=is_over,
    )


def _plans(
    store: Store | None, old: Files, new: Files, now: datetime | None
) -> tuple[list[Line], list[Line], Known]:
    """Both plans, and the log; without an instant from before everything begins, and was sent."""
    stored: list[EventRecord] = []
    refs: Refs = {}
    if store is not None:
        with store.reading() as connection:
            stored, refs = events.load(connection), events.all_refs(connection)
    at = now or _LONG_AGO
    first, refs = merged_with_refs(
        stored, old.edition.schedules, old.folder, at, refs, instead=old.events
    )
    second, _ = merged_with_refs(
        first, new.edition.schedules, new.folder, at, refs, instead=new.events
    )
    plans, known = [], Known()
    instant = now or _eve(first, old.edition, second, new.edition)
    for files, records in ((old, first), (new, second)):
        known = _known(store if now else None, files.edition, records, instant)
        plans.append(plan(records, files.edition, known, instant))
    return plans[0], plans[1], known


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _known(
    store: Store | None, edition: Edition, records: Sequence[EventRecord], now: datetime
) -> Known:
    if store is None:
        return Known()
    with store.reading() as connection:
        known = read_known(connection, edition.schedules)
        return recall(connection, known, records, edition.schedules, now)


def _eve(
    first: Sequence[EventRecord],
    old: Edition,
    second: Sequence[EventRecord],
    new: Edition,
) -> datetime:
    """Just before the first post of either."""
    found = [*candidates(first, old.schedules), *candidates(second, new.schedules)]
    return min((one.release for one in found), default=_LONG_AGO) - timedelta(minutes=1)


def _goes(line: Line) -> bool:
    return line.at is not None and line.state in ("planned", "due")


def _outlooks(lines: Iterable[Line]) -> list[Outlook]:
    return [
        Outlook(
            key=line.key,
            post=line.post,
            at=_at(line),
            text=line.text,
            reason=line.reason,
            held=line.state == "held",
        )
        for line in lines
    ]


def _at(line: Line) -> datetime | None:
    """When it goes out, if it is approved in time where that is asked for."""
    return line.when if _goes(line) or line.state == "held" else None


def _is_out(line: Line, known: Known) -> bool:
    """Whether the log has it: under its key, or the very words about the same event."""
    account = known.accounts.get(line.channel, line.channel)
    key = line.key._replace(channel=account)
    return any(
        row.may_be_out
        and row.key.channel == account
        and row.key.event == key.event
        and (row.key == key or normal(row.text or "") == normal(line.text))
        for row in known.posts.values()
    )
