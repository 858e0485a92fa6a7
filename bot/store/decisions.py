"""What people decided about posts: an input to the plan, and part of its history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, select

from bot.core.consent import Word, Words
from bot.core.planning import Key
from bot.store.asking import Question
from bot.store.tables import decisions, posts, told


class Action(StrEnum):
    """What a person can say of a post; and that one is asked."""

    APPROVE = "approve"  #: it may go out
    HOLD = "hold"  #: not before it is approved
    SKIP = "skip"  #: not at all
    RETRY = "retry"  #: once more
    RESOLVE = "resolve"  #: it is known whether it went out
    DELETE = "delete"  #: it was out, and was taken down
    ASK = "ask"  #: a person is to be told of it; the note is what they are told
    ASKED = "asked"  #: a person was told of it


ANSWERS = (Action.APPROVE, Action.HOLD, Action.SKIP)
BOT = "the bot"
"""Who asks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One decision; the newest of hold, approve and skip about a key counts."""

    key: str
    action: Action
    who: str
    at: datetime
    note: str = ""
    text_digest: str = ""  #: of what was decided on, where that is known
    until: datetime | None = None  #: of a question: when an answer comes too late
    id: int = 0  #: once it is written down


def record(connection: Connection, one: Decision) -> None:
    connection.execute(
        decisions.insert().values(
            key=one.key,
            action=one.action,
            who=one.who,
            at=one.at,
            note=one.note,
            text_digest=one.text_digest,
            until=one.until,
        )
    )


def history(connection: Connection, key: str) -> list[Decision]:
    """All decisions about a post, the oldest first."""
    return _found(connection, decisions.c.key == key)


def words(connection: Connection) -> Mapping[str, Words]:
    """What was said of posts, and heard of them by people, by key."""
    found: dict[str, Words] = defaultdict(Words)
    for one in _found(connection, decisions.c.action.in_((*ANSWERS, Action.ASKED))):
        word = Word(one.at, one.who, one.text_digest)
        if one.action is Action.ASKED:
            found[one.key] = found[one.key]._replace(asked=word)
        else:
            found[one.key] = Words(**{_ANSWERED[one.action]: word}, asked=found[one.key].asked)
    return found


_ANSWERED = {Action.APPROVE: "approved", Action.HOLD: "held", Action.SKIP: "skipped"}


def questions(connection: Connection, now: datetime) -> list[Decision]:
    """What people were asked, or are to be, and have not answered in time so far."""
    found: dict[str, Decision] = {}
    keys = select(decisions.c.key).where(decisions.c.action == Action.ASK, decisions.c.until > now)
    for one in _found(connection, decisions.c.key.in_(keys)):
        if one.action is Action.ASK:
            found[one.key] = one
        elif one.action in ANSWERS:
            found.pop(one.key, None)
    return [one for one in found.values() if one.until is not None and one.until > now]


def asked(connection: Connection, of: Iterable[Decision], now: datetime) -> None:
    """Note that people heard these questions."""
    for one in of:
        digest = one.text_digest
        record(
            connection,
            Decision(key=one.key, action=Action.ASKED, who=BOT, at=now, text_digest=digest),
        )


def newest(connection: Connection) -> int:
    """The id of the newest decision; 0 where there is none."""
    [(found,)] = _NEWEST.asked(connection)
    return found or 0


_NEWEST = Question(select(func.max(decisions.c.id).label("newest")))


def events_since(connection: Connection, newest_then: int) -> set[str]:
    """The uids of the events that decisions after that one are about, or a post they are about."""
    found: set[str] = set()
    for row in connection.execute(select(decisions.c.key).where(decisions.c.id > newest_then)):
        key = Key.parse(row.key)
        found.add(key.event)
        columns = zip(
            (posts.c.event, posts.c.rule, posts.c.channel, posts.c.reference), key, strict=True
        )
        telling = select(told.c.event).join(posts, posts.c.id == told.c.post_id)
        statement = telling.where(*(column == value for column, value in columns))
        found.update(connection.execute(statement).scalars())
    return found


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
            until=row.until,
            id=row.id,
        )
        for row in connection.execute(statement)
    ]
