"""What people decided about posts: an input to the plan, and part of its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, select

from bot.store.tables import decisions


class Action(StrEnum):
    """What a person can say of a post."""

    APPROVE = "approve"  #: it may go out
    HOLD = "hold"  #: not before it is approved
    SKIP = "skip"  #: not at all
    RETRY = "retry"  #: once more
    RESOLVE = "resolve"  #: it is known whether it went out
    DELETE = "delete"  #: it was out, and was taken down


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One decision; the newest of hold, approve and skip about a key counts."""

    key: str
    action: Action
    who: str
    at: datetime
    note: str = ""
    text_digest: str = ""  #: of the text that was decided on, where there was one


def record(connection: Connection, one: Decision) -> None:
    connection.execute(
        decisions.insert().values(
            key=one.key,
            action=one.action,
            who=one.who,
            at=one.at,
            note=one.note,
            text_digest=one.text_digest,
        )
    )


def history(connection: Connection, key: str) -> list[Decision]:
    """All decisions about a post, the oldest first."""
    return _found(connection, decisions.c.key == key)


def silences(connection: Connection) -> Mapping[str, str]:
    """Why posts are not to go out by what people decided: key to reason."""
    newest: dict[str, Decision] = {}
    wanted = decisions.c.action.in_((Action.APPROVE, Action.HOLD, Action.SKIP))
    for one in _found(connection, wanted):
        newest[one.key] = one
    return {
        key: f"{_SAID[one.action]} by {one.who}"
        for key, one in newest.items()
        if one.action in _SAID
    }


_SAID = {Action.HOLD: "held", Action.SKIP: "skipped"}


def _found(connection: Connection, condition: ColumnElement[bool]) -> list[Decision]:
    statement = select(decisions).where(condition).order_by(decisions.c.id)
    return [
        Decision(
            key=row.key,
            action=Action(row.action),
            who=row.who,
            at=row.at,
            note=row.note,
            text_digest=row.text_digest,
        )
        for row in connection.execute(statement)
    ]
