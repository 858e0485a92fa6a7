"""Writes down what was owed and could not be sent while it was worth saying."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.agenda import HORIZON
from bot.core.approving import unapproved
from bot.core.choosing import choose
from bot.core.consent import Consent
from bot.core.planning import Candidate, Key
from bot.core.rules import Schedules, corrections
from bot.core.states import Cause, State
from bot.store import log, posts
from bot.store.claims import Claim, Settlement
from bot.store.posts import PostRecord
from bot.store.session import Connection


def lapse_tried(connection: Connection, keys: Iterable[Key], now: datetime) -> None:
    """Give up posts that no try got through."""
    rows = posts.of_keys(connection, keys).values()
    log.settle(
        connection,
        [
            lapse(row, f"missed: {row.reason or 'no try got through'}", now)
            for row in rows
            if row.state is State.RETRY
        ],
    )


def drop_untried(
    connection: Connection,
    owed: Iterable[tuple[Key, Candidate]],
    schedules: Schedules,
    now: datetime,
    *,
    paused: str,
) -> None:
    """Write down posts that never came to a try; `paused`: why their channel was, if it was."""
    drops = [
        (outline(key, one), _why_not(connection, key.channel, one, schedules, paused=paused))
        for key, one in owed
    ]
    log.drop(connection, drops, now=now)


def _why_not(
    connection: Connection, account: str, candidate: Candidate, schedules: Schedules, *, paused: str
) -> str:
    if candidate.consent in (Consent.AWAITED, Consent.UNASKED):
        return unapproved(candidate)
    if candidate.barred:
        return candidate.barred
    taken = posts.taken(
        connection, account, candidate.release - HORIZON, but=corrections(schedules)
    )
    [choice] = choose([candidate], taken, schedules, candidate.release)
    if choice.at is None:
        return choice.reason
    pause = f" (the channel was paused: {paused})" if paused else ""
    return f"missed: the bot could not send it in time{pause}"


def outline(key: Key, candidate: Candidate) -> Claim:
    """What is written of a post that never had a text."""
    return Claim(
        key=key,
        template=candidate.rule.template,
        due=candidate.due,
        deadline=candidate.deadline,
        true_until=candidate.deadline,
        event_revision=candidate.record.revision,
        text="",
        idempotency_key="",
        facts=(),
    )


def lapse(row: PostRecord, why: str, now: datetime) -> Settlement:
    """What is written of a post that waited for another try in vain."""
    return Settlement(
        post_id=row.id,
        tries=row.tries,
        cause=Cause.LAPSED,
        phase="post",
        outcome="dropped",
        ended=now,
        reason=why,
    )
