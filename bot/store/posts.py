"""The post log, read: what was claimed, sent, dropped, and what is still open."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select

from bot.core.planning import Key
from bot.core.states import State
from bot.store.asking import CHUNK, Question, QuestionOfMany
from bot.store.claims import NOTHING, Extras
from bot.store.tables import OPEN, attempts, posts, told

_CHANNEL = posts.c.channel.concat("")
"""A channel where events are asked for: SQLite would go by the index of channels, and read all that
a channel ever posted."""

_MAY_BE_OUT = (State.SENDING, State.SENT, State.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostRecord:
    """One row of the log."""

    id: int
    key: Key
    state: State
    reason: str
    needs_person: bool
    template: str
    due: datetime
    deadline: datetime
    event_revision: int
    tries: int
    worker: str | None
    lease_until: datetime | None
    next_try_at: datetime | None
    looks: int  #: how often it was looked for since the last try
    text: str | None
    idempotency_key: str | None
    links: tuple[str, ...]  #: what of the text is meant to be a link
    extras: Extras  #: what else was frozen with the text
    created_at: datetime
    claimed_at: datetime | None
    sent_at: datetime | None
    remote_id: str | None
    remote_url: str | None

    @property
    def may_be_out(self) -> bool:
        return self.state in _MAY_BE_OUT

    @property
    def has_linked(self) -> bool:
        """Whether it carries a link, and is out or may be."""
        return bool(self.links) and self.may_be_out


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRecord:
    """One try at a post."""

    tries: int
    phase: str
    started: datetime | None
    ended: datetime
    http_status: int | None
    outcome: str
    remote_id: str | None
    error: str


def all_posts(connection: Connection) -> list[PostRecord]:
    """The whole log, by due."""
    return _found(connection, posts.c.id.is_not(None))


def of_channel(connection: Connection, channel: str) -> list[PostRecord]:
    """Every row of a channel, by due."""
    return _found(connection, posts.c.channel == channel)


def of_events(connection: Connection, channel: str, uids: Iterable[str]) -> list[PostRecord]:
    """Every row of a channel about these events."""
    return [_record(row) for row in _OF_EVENTS.asked(connection, uids, of=channel)]


def of_keys(connection: Connection, keys: Iterable[Key]) -> dict[Key, PostRecord]:
    """The rows of these keys, where there are any."""
    found: dict[Key, PostRecord] = {}
    for chunk in _chunks(list(keys)):
        wanted = set(chunk)
        condition = and_(
            posts.c.event.in_({key.event for key in chunk}),
            _CHANNEL.in_({key.channel for key in chunk}),
        )
        rows = _found(connection, condition)
        found |= {row.key: row for row in rows if row.key in wanted}
    return found


def is_open(connection: Connection, channel: str) -> list[PostRecord]:
    """The rows of a channel that something is still to be done about, by due."""
    return [_record(row) for row in _OPEN.asked(connection, of=channel)]


def unknown(connection: Connection, channel: str) -> list[PostRecord]:
    """The rows of a channel of which nobody knows whether they were sent."""
    return [_record(row) for row in _UNKNOWN.asked(connection, of=channel)]


def needing_person(connection: Connection) -> list[PostRecord]:
    return _found(connection, and_(posts.c.needs_person, posts.c.state != State.SENT))


def dropped_since(connection: Connection, since: datetime) -> list[PostRecord]:
    """Posts that were owed, fell due since then and were not sent."""
    return _found(connection, and_(posts.c.due >= since, posts.c.state == State.DROPPED))


def sent_since(connection: Connection, since: datetime) -> int:
    """How many posts went out since then, on all channels."""
    condition = and_(posts.c.claimed_at >= since, posts.c.state == State.SENT)
    return connection.execute(select(func.count()).where(condition)).scalar_one()


def tally(connection: Connection) -> Counter[tuple[State, str]]:
    """How many posts there are in each state, by the reason."""
    statement = select(posts.c.state, posts.c.reason, func.count())
    rows = connection.execute(statement.group_by(posts.c.state, posts.c.reason))
    return Counter({(State(state), reason): number for state, reason, number in rows})


def remote_ids(connection: Connection, channel: str, ids: Sequence[str]) -> set[str]:
    """Which of these posts of a platform the log has already."""
    found: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        statement = select(posts.c.remote_id).where(
            posts.c.channel == channel, posts.c.remote_id.in_(ids[start : start + CHUNK])
        )
        found |= {row.remote_id for row in connection.execute(statement)}
    return found


def taken(
    connection: Connection, channel: str, since: datetime, *, but: Collection[str] = ()
) -> list[datetime]:
    """When posts went out on a channel, or may have: what limits and gap count.

    `but`: rules that do not count.
    """
    statement = select(posts.c.claimed_at).where(
        posts.c.channel == channel,
        posts.c.claimed_at >= since,
        posts.c.state.in_(_MAY_BE_OUT),
        posts.c.rule.not_in(sorted(but)),
    )
    return [row.claimed_at for row in connection.execute(statement)]


def costs(connection: Connection, channel: str, since: datetime) -> list[Decimal]:
    """What each post of a channel that went out since then costs, or may."""
    statement = select(posts.c.payload).where(
        posts.c.channel == channel,
        posts.c.claimed_at >= since,
        posts.c.state.in_(_MAY_BE_OUT),
    )
    return [Decimal(_extras(row.payload).cost_usd) for row in connection.execute(statement)]


def tries_of(connection: Connection, post_id: int) -> list[AttemptRecord]:
    """Every try at a post, the first first."""
    statement = select(attempts).where(attempts.c.post_id == post_id).order_by(attempts.c.id)
    return [
        AttemptRecord(
            tries=row.tries,
            phase=row.phase,
            started=row.started,
            ended=row.ended,
            http_status=row.http_status,
            outcome=row.outcome,
            remote_id=row.remote_id,
            error=row.error,
        )
        for row in connection.execute(statement)
    ]


def told_facts(connection: Connection, post_id: int) -> list[dict[str, Any]]:
    """What a post told about each event it speaks of."""
    statement = select(told).where(told.c.post_id == post_id)
    return [dict(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001


def _found(connection: Connection, condition: Any) -> list[PostRecord]:
    return [_record(row) for row in connection.execute(_where(condition))]


def _where(condition: Any) -> Any:
    return select(posts).where(condition).order_by(posts.c.due, posts.c.id)


# What is asked at every turn: to put the question together takes longer than to answer it.
_OF_EVENTS = QuestionOfMany(
    lambda uids: _where(and_(bindparam("of") == _CHANNEL, posts.c.event.in_(uids)))
)
_OPEN = Question(_where(and_(posts.c.channel == bindparam("of"), OPEN)))
_UNKNOWN = Question(
    _where(and_(posts.c.channel == bindparam("of"), OPEN, posts.c.state == State.UNKNOWN))
)


def _chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _extras(payload: dict[str, Any] | None) -> Extras:
    said = {name: value for name, value in (payload or {}).items() if name != "links"}
    return Extras(**said) if said else NOTHING


def _record(row: Row[Any]) -> PostRecord:
    return PostRecord(
        id=row.id,
        key=Key(row.event, row.rule, row.channel, row.reference),
        state=State(row.state),
        reason=row.reason,
        needs_person=row.needs_person,
        template=row.template,
        due=row.due,
        deadline=row.deadline,
        event_revision=row.event_revision,
        tries=row.tries,
        worker=row.worker,
        lease_until=row.lease_until,
        next_try_at=row.next_try_at,
        looks=row.looks,
        text=row.text,
        idempotency_key=row.idempotency_key,
        links=tuple((row.payload or {}).get("links", ())),
        extras=_extras(row.payload),
        created_at=row.created_at,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        remote_id=row.remote_id,
        remote_url=row.remote_url,
    )
