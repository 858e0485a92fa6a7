"""What was told of events, channel by channel, and how events changed: what notices go by."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select

from bot.core.consent import Restated
from bot.core.states import State
from bot.core.telling import Standing, Telling, Turn
from bot.store.asking import Question, QuestionOfMany
from bot.store.tables import attempts, event_changes, posts, told

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
    for row in _TOLD.asked(connection, uids):
        if row.channel != channel or row.state not in _TELLING:
            continue
        if not row.taken_down or row.reference.isdecimal():
            found[row.event].append(_telling(row, looks))
    return found


_TELLING = (State.SENT, State.SENDING, State.UNKNOWN)

_TAKEN_DOWN = exists().where(attempts.c.post_id == posts.c.id, attempts.c.outcome == "deleted")

_TOLD = QuestionOfMany(
    lambda uids: (
        select(told, posts.c.channel, posts.c.state, posts.c.reference, posts.c.remote_id)
        .add_columns(posts.c.claimed_at, posts.c.created_at, posts.c.looks, posts.c.needs_person)
        .add_columns(_TAKEN_DOWN.label("taken_down"))
        .join_from(told, posts, posts.c.id == told.c.post_id)
        .where(told.c.event.in_(uids))
    )
)
"""By event alone: asked for a channel too, a database may begin with all the posts of that."""


def turns(connection: Connection, uids: Collection[str]) -> Mapping[str, Sequence[Turn]]:
    """How these events changed since they were added, by event."""
    found: dict[str, list[Turn]] = defaultdict(list)
    for row in _TURNS.asked(connection, uids):
        found[row.uid].append(Turn(row.at, frozenset({row.what, *row.after})))
    return found


def changed(connection: Connection, uids: Collection[str] | None = None) -> dict[str, datetime]:
    """When each event, or some, that was changed since it was added was so last."""
    rows = _ALL_LAST.asked(connection) if uids is None else _LAST.asked(connection, uids)
    return {row.uid: row.at for row in rows}


def restated(
    connection: Connection, uids: Collection[str] | None = None
) -> Mapping[str, Sequence[Restated]]:
    """The changes to dates and status of these events, or of all, and when any vanished."""
    found: dict[str, list[Restated]] = defaultdict(list)
    for row in _ALL_TURNS.asked(connection) if uids is None else _TURNS.asked(connection, uids):
        after = {name: row.after[name] for name in _DATED if name in row.after}
        after |= {"vanished": ""} if row.what == "vanished" else {}
        if after:
            found[row.uid].append(Restated(row.at, after))
    return found


_DATED = ("starts", "ends", "status")


def authors(connection: Connection, uids: Collection[str]) -> Mapping[str, str]:
    """Who added these events: a source's name, or a person's."""
    return {row.uid: row.who for row in _AUTHORS.asked(connection, uids)}


_UID, _LATER = event_changes.c.uid, event_changes.c.what != "added"
_TURN = select(_UID, event_changes.c.at, event_changes.c.what, event_changes.c.after).where(_LATER)
_NEWEST = select(_UID, func.max(event_changes.c.at).label("at")).where(_LATER).group_by(_UID)
_ADDED = select(_UID, event_changes.c.who).where(event_changes.c.what == "added")
_ALL_TURNS, _ALL_LAST = Question(_TURN), Question(_NEWEST)
_TURNS = QuestionOfMany(lambda uids: _TURN.where(_UID.in_(uids)))
_LAST = QuestionOfMany(lambda uids: _NEWEST.where(_UID.in_(uids)))
_AUTHORS = QuestionOfMany(lambda uids: _ADDED.where(_UID.in_(uids)))


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
