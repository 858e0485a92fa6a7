"""The post log, written. Claiming is inserting: whoever inserted a key owns its post.

Every change of state is a compare-and-swap on (state, tries); only a remote id settles a row
whoever brings it. The transitions themselves are in bot.core.states.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.planning import Key
from bot.core.states import Cause, State, after, before
from bot.store import images
from bot.store.bulk import Bulk
from bot.store.claims import Claim, Held, Settlement
from bot.store.inserting import ATTEMPTS, TOLD, inserted
from bot.store.posts import PostRecord
from bot.store.rows import attempt_of, row_of
from bot.store.tables import attempts, posts, told
from bot.store.upserting import insert


def claim(
    connection: Connection, claims: Iterable[Claim], *, worker: str, now: datetime, until: datetime
) -> list[Held]:
    """Insert rows in key order; those that were there before stay as they are and are not ours."""
    wanted = {one.key: one for one in sorted(claims, key=lambda one: one.key)}
    if not wanted:
        return []
    common = {"state": after(None, Cause.CLAIMED), "tries": 1, "created_at": now}
    common |= {"worker": worker, "lease_until": until, "claimed_at": now}
    rows = [row_of(one) | common for one in wanted.values()]
    held = [
        Held(post_id=post_id, tries=1, claim=wanted[key])
        for post_id, key in inserted(connection, rows)
    ]
    _tell(connection, held)
    images.keep(connection, held, now)
    return held


def claim_again(
    connection: Connection,
    again: Iterable[tuple[PostRecord, Claim]],
    *,
    worker: str,
    now: datetime,
    until: datetime,
) -> list[Held]:
    """Take rows that wait for another try, with what is to be sent this time."""
    held = []
    for record, one in again:
        values = row_of(one) | {"state": after(record.state, Cause.CLAIMED), "reason": ""}
        values |= {"tries": record.tries + 1, "worker": worker, "lease_until": until}
        values |= {"claimed_at": now, "next_try_at": None, "looks": 0, "needs_person": False}
        if _swap(connection, record.id, record.state, record.tries, values):
            connection.execute(told.delete().where(told.c.post_id == record.id))
            resent = record.state is State.UNKNOWN
            held.append(Held(post_id=record.id, tries=record.tries + 1, claim=one, resent=resent))
    _tell(connection, held)
    images.keep(connection, held, now)
    return held


def settle(connection: Connection, settlements: Sequence[Settlement]) -> None:
    """Write down what became of tries; a late answer about a row that moved on is only noted."""
    if not settlements:
        return
    sent = [one for one in settlements if one.cause is Cause.SETTLED]
    if sent:
        _settle_sent(connection, sent)
    for one in settlements:
        if one.cause is not Cause.SETTLED:
            _settle_open(connection, one)
    ATTEMPTS.run(connection, [attempt_of(one) for one in settlements])


def drop(
    connection: Connection, claims: Iterable[tuple[Claim, str]], *, now: datetime
) -> list[Key]:
    """Write down posts that were owed and will not go out, with the reason; those newly written."""
    rows = [
        row_of(one)
        | {"state": after(None, Cause.LAPSED), "reason": reason, "tries": 0, "created_at": now}
        | {"text": None, "idempotency_key": None}
        for one, reason in claims
    ]
    if not rows:
        return []
    statement = (
        insert(connection, posts)
        .on_conflict_do_nothing()
        .returning(posts.c.event, posts.c.rule, posts.c.channel, posts.c.reference)
    )
    return [Key(*row) for row in connection.execute(statement, rows)]


def adopt(
    connection: Connection, one: Claim, *, remote_id: str, remote_url: str | None, at: datetime
) -> bool:
    """Write down as sent a post that the platform has and the log has not."""
    statement = (
        insert(connection, posts)
        .values(
            **row_of(one),
            state=after(None, Cause.SETTLED),
            reason="found on the account's own timeline",
            tries=0,
            created_at=at,
            claimed_at=at,
            sent_at=at,
            remote_id=remote_id,
            remote_url=remote_url,
        )
        .on_conflict_do_nothing()
        .returning(posts.c.id)
    )
    post_id = connection.execute(statement).scalar()
    if post_id is not None:
        _tell(connection, [Held(post_id=post_id, tries=0, claim=one)])
    return post_id is not None


def looked(connection: Connection, one: Settlement, *, counts: bool) -> None:
    """Note a look that did not find an unknown post; `counts`: the timeline could be read."""
    connection.execute(
        update(posts)
        .where(
            posts.c.id == one.post_id,
            posts.c.state == State.UNKNOWN,
            posts.c.tries == one.tries,
        )
        .values(
            looks=posts.c.looks + (1 if counts else 0),
            needs_person=one.needs_person,
            next_try_at=one.next_try_at,
            reason=one.reason,
        )
    )
    connection.execute(attempts.insert(), [attempt_of(one)])


def taken_down(connection: Connection, one: Settlement, *, gone: bool) -> None:
    """Note that a post was to be deleted. Its row stays sent: nothing goes out under its key."""
    if gone:
        connection.execute(
            update(posts)
            .where(posts.c.id == one.post_id, posts.c.state == State.SENT)
            .values(reason=one.reason)
        )
    connection.execute(attempts.insert(), [attempt_of(one)])


def expire(
    connection: Connection,
    channel: str,
    now: datetime,
    first_look: timedelta | None,
    lease: timedelta,
) -> int:
    """Claims whose lease ran out: nobody knows whether they were sent. How many there were.

    `first_look`: how long after the try an unknown post is first looked for; None: by a person.
    `lease`: its length; one that ends later than it could was given by a clock that was set back
    since.
    """
    stale = connection.execute(
        select(posts.c.id, posts.c.tries, posts.c.claimed_at).where(
            posts.c.channel == channel,
            posts.c.state == State.SENDING,
            or_(posts.c.lease_until <= now, posts.c.lease_until > now + 2 * lease),
        )
    ).all()
    settle(
        connection,
        [
            Settlement(
                post_id=row.id,
                tries=row.tries,
                cause=Cause.UNCLEAR,
                phase="post",
                outcome="unknown",
                started=row.claimed_at,
                ended=now,
                reason="the worker stopped before it heard the answer",
                needs_person=first_look is None,
                next_try_at=_looked_for_at(row.claimed_at, now, first_look),
            )
            for row in stale
        ],
    )
    return len(stale)


def _looked_for_at(
    claimed_at: datetime, now: datetime, first_look: timedelta | None
) -> datetime | None:
    return None if first_look is None else max(now, min(now, claimed_at) + first_look)


def _settle_sent(connection: Connection, sent: Sequence[Settlement]) -> None:
    try:
        with _unharmed(connection):
            _BULK_SENT.run(connection, [_sent(one) for one in sent])
    except IntegrityError:
        for one in sent:
            _settle_alone(connection, one)


def _unharmed(connection: Connection) -> AbstractContextManager[Any]:
    """A statement that fails in here ends no transaction: on SQLite none does, and what its other
    rows changed before is written a second time.
    """
    return nullcontext() if connection.dialect.name == "sqlite" else connection.begin_nested()


def _settle_alone(connection: Connection, one: Settlement) -> None:
    """One of a batch brought a remote id that another post of the channel has already."""
    try:
        with _unharmed(connection):
            connection.execute(_SET_SENT, _sent(one))
    except IntegrityError:
        connection.execute(
            update(posts)
            .where(posts.c.id == one.post_id, posts.c.state != State.SENT)
            .values(
                state=State.UNKNOWN,
                needs_person=True,
                reason=f"the platform answered with the id of another post ({one.remote_id})",
            )
        )


_SET_SENT = (
    update(posts)
    .where(posts.c.id == bindparam("of"), posts.c.state != State.SENT)
    .values(
        state=State.SENT,
        sent_at=bindparam("sent"),
        remote_id=bindparam("remote"),
        remote_url=bindparam("link"),
        reason=bindparam("why"),
        needs_person=False,
        lease_until=None,
        next_try_at=None,
    )
)

_BULK_SENT = Bulk(lambda _connection: _SET_SENT)


def _sent(one: Settlement) -> dict[str, Any]:
    return {
        "of": one.post_id,
        "sent": one.ended,
        "remote": one.remote_id,
        "link": one.remote_url,
        "why": one.reason,
    }


def _settle_open(connection: Connection, one: Settlement) -> bool:
    values = {
        "reason": one.reason,
        "needs_person": one.needs_person,
        "next_try_at": one.next_try_at,
        "lease_until": None,
    }
    return any(
        _swap(
            connection, one.post_id, state, one.tries, values | {"state": after(state, one.cause)}
        )
        for state in before(one.cause)
    )


def _swap(
    connection: Connection, post_id: int, state: State, tries: int, values: dict[str, Any]
) -> bool:
    done = connection.execute(
        update(posts)
        .where(posts.c.id == post_id, posts.c.state == state, posts.c.tries == tries)
        .values(values)
    )
    return done.rowcount == 1


def _tell(connection: Connection, held: Iterable[Held]) -> None:
    rows = [
        {"location": "", "post_id": one.post_id, "event": uid, **facts}
        for one in held
        for uid, facts in one.claim.facts
    ]
    TOLD.run(connection, rows)
