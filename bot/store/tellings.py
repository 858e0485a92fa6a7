"""What was told of events, channel by channel, and how events changed: what notices go by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select

from bot.core.consent import Restated
from bot.core.states import State
from bot.core.telling import Standing, Telling, Turn
from bot.store.tables import attempts, event_changes, posts, told

_CHUNK = 400  # uids a statement: SQLite's variables are limited

_FACTS = ("starts", "ends", "status", "url", "recording_url", "location")

LOOKS = 3
"""How often a post is looked for before it may be sent again, unless the worker says otherwise."""


def of_events(
    connection: Connection, channel: str, uids: Collection[str], *, looks: int = LOOKS
) -> Mapping[str, Sequence[Telling]]:
    """The posts of a channel that told of these events, or may have, by event.

    What was taken down tells nothing; a notice that was has still put right what it was about.
    `looks`: how many make a whole series.
    """
    found: dict[str, list[Telling]] = defaultdict(list)
    for some in _chunks(uids):
        for row in connection.execute(_TOLD.where(told.c.event.in_(some))):
            if row.channel != channel or row.state not in _TELLING:
                continue
            if not row.taken_down or row.reference.isdecimal():
                found[row.event].append(_telling(row, looks))
    return found


_TELLING = (State.SENT, State.SENDING, State.UNKNOWN)

_TAKEN_DOWN = exists().where(attempts.c.post_id == posts.c.id, attempts.c.outcome == "deleted")

_TOLD = (
    select(told, posts.c.channel, posts.c.state, posts.c.reference, posts.c.remote_id)
    .add_columns(posts.c.claimed_at, posts.c.created_at, posts.c.looks, posts.c.needs_person)
    .add_columns(_TAKEN_DOWN.label("taken_down"))
    .join_from(told, posts, posts.c.id == told.c.post_id)
)
"""By event alone: asked for a channel too, a database may begin with all the posts of that."""


def turns(connection: Connection, uids: Collection[str]) -> Mapping[str, Sequence[Turn]]:
    """How these events changed since they were added, by event."""
    found: dict[str, list[Turn]] = defaultdict(list)
    columns = (event_changes.c.uid, event_changes.c.at, event_changes.c.what, event_changes.c.after)
    for some in _chunks(uids):
        of_some = event_changes.c.uid.in_(some)
        for row in connection.execute(select(*columns).where(of_some, _LATER)):
            found[row.uid].append(Turn(row.at, frozenset({row.what, *row.after})))
    return found


def changed(connection: Connection, uids: Collection[str] | None = None) -> dict[str, datetime]:
    """When each event, or some, that was changed since it was added was so last."""
    statement = select(event_changes.c.uid, func.max(event_changes.c.at).label("at"))
    statement = statement.where(_LATER).group_by(event_changes.c.uid)
    wanted = (
        [statement]
        if uids is None
        else [statement.where(event_changes.c.uid.in_(some)) for some in _chunks(uids)]
    )
    return {row.uid: row.at for one in wanted for row in connection.execute(one)}


_LATER = event_changes.c.what != "added"


def restated(
    connection: Connection, uids: Collection[str] | None = None
) -> Mapping[str, Sequence[Restated]]:
    """The changes to dates and status of these events, or of all, and when any vanished."""
    found: dict[str, list[Restated]] = defaultdict(list)
    columns = (event_changes.c.uid, event_changes.c.at, event_changes.c.what, event_changes.c.after)
    for some in (None,) if uids is None else _chunks(uids):
        statement = select(*columns).where(_LATER)
        if some is not None:
            statement = statement.where(event_changes.c.uid.in_(some))
        for row in connection.execute(statement):
            after = {name: row.after[name] for name in _DATED if name in row.after}
            after |= {"vanished": ""} if row.what == "vanished" else {}
            if after:
                found[row.uid].append(Restated(row.at, after))
    return found


_DATED = ("starts", "ends", "status")


def authors(connection: Connection, uids: Collection[str]) -> Mapping[str, str]:
    """Who added these events: a source's name, or a person's."""
    found: dict[str, str] = {}
    for some in _chunks(uids):
        statement = select(event_changes.c.uid, event_changes.c.who).where(
            event_changes.c.uid.in_(some), event_changes.c.what == "added"
        )
        found |= {row.uid: row.who for row in connection.execute(statement)}
    return found


def _telling(row: Row[Any], looks: int) -> Telling:
    standing = Standing.PENDING
    if row.state == State.SENT:
        standing = Standing.SENT
    elif row.state == State.UNKNOWN and (row.needs_person or row.looks >= looks):
        standing = Standing.DOUBTFUL
    return Telling(
        post_id=row.post_id,
        remote_id=None if row.taken_down else row.remote_id,
        at=row.claimed_at or row.created_at,
        standing=standing,
        facts={name: getattr(row, name) for name in _FACTS},
    )


def _chunks(uids: Iterable[str]) -> Iterator[list[str]]:
    names = sorted(uids)
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]
