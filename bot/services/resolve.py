"""Finds out what became of posts nobody knows about, from the account's own timeline.

A row is UNKNOWN after an unclear answer or a crash. It is looked for at each of the waits; after a
whole series without a find the same bytes are sent once more, as long as they would still be true,
and the looking begins again. What is not found by its deadline waits for a person.

Before the first claim on a channel the last day of its timeline is read as well, and what the plan
would say is adopted as sent: that is how a lost disk or a restored backup repeats nothing.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.core.linking import answers
from bot.core.neutralising import neutral
from bot.core.planning import Candidate
from bot.core.recognising import SKEW, may_be, normal
from bot.core.retrying import next_look
from bot.core.states import Cause, State
from bot.errors import TemplateError
from bot.platforms.base import RefusedError, RemotePost
from bot.services.desk import Desk
from bot.services.ground import Ground
from bot.services.write import write
from bot.store import log, posts
from bot.store.claims import Claim, Settlement
from bot.store.posts import PostRecord
from bot.store.session import Connection

logger = logging.getLogger(__name__)

ADOPTED = timedelta(hours=24)
"""How much of an account's own timeline is read before the first claim."""

_TITLE = 16  # characters of a title by which a post is recognised before it is rendered


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One reading of a channel's own timeline."""

    desk: Desk
    started: datetime
    ended: datetime
    found: Sequence[RemotePost] | None  #: None: it could not be read
    term: int  #: the desk's when it was ordered: another worker may have served the channel since
    error: str = ""


def since(connection: Connection, desk: Desk, ground: Ground, now: datetime) -> datetime:
    """How far back a look has to go: to the first try of what is open.

    A look to adopt from goes back a day, and to whatever is still within its grace: what was sent
    of that may be missing from the log.
    """
    instants = [row.created_at for row in posts.is_open(connection, desk.account)]
    if not desk.adopted:
        notices = desk.read_notices(connection, ground, now).expected
        plan = (*_unlogged(connection, desk, ground, now), *notices)
        instants += [one.since for one in plan if one.since <= now < one.deadline]
        instants.append(now - ADOPTED)
    return min(instants, default=now) - SKEW


def _unlogged(connection: Connection, desk: Desk, ground: Ground, now: datetime) -> list[Candidate]:
    """The plan without what still waits, and what waited long and is in the log."""
    timetable = ground.timetable
    plan = [
        one._replace(deadline=ground.timely(one, desk.bound_at).deadline) if one.hold else one
        for one in timetable.between(now - timetable.longest, now + timetable.held)
        if (one.since if one.hold else one.release) <= now and not one.waits
    ]
    waited = [one.key(desk.account) for one in plan if one.hold]
    logged = posts.of_keys(connection, waited)
    return [one for one in plan if not (one.hold and one.key(desk.account) in logged)]


async def read_timeline(
    desk: Desk, since: datetime, term: int, clock: Clock, limit: timedelta
) -> Look:
    """Read a channel's own timeline, within the limit; never raises."""
    started, found, error = clock.now(), None, ""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            found = await desk.publisher.timeline(since)
    except RefusedError as refused:
        error = str(refused)
    except TimeoutError:
        error = "no answer in time"
    except Exception as broken:  # a publisher that breaks its word must not stop the channel
        logger.exception("a publisher raised", extra={"action": "publisher_raised"})
        error = f"{type(broken).__name__} in the publisher"
    return Look(desk=desk, started=started, ended=clock.now(), found=found, error=error, term=term)


def resolve(
    connection: Connection, look: Look, ground: Ground, waits: Sequence[timedelta], now: datetime
) -> None:
    """Write down what a look says about each row and each candidate of the channel."""
    desk = look.desk
    if look.found is None:
        _postpone(connection, look, waits, now)
        return
    seen = posts.remote_ids(connection, desk.account, [one.remote_id for one in look.found])
    fresh: dict[str, list[RemotePost]] = defaultdict(list)
    for one in look.found:
        if one.remote_id not in seen:
            fresh[normal(one.text)].append(one)
    _settle(connection, look, fresh, waits, now)
    if not desk.adopted and look.term == desk.term:
        _adopt(connection, desk, ground, fresh, now)
        desk.adopted = True
    desk.agenda = None  # what was found is in the log now


def _settle(
    connection: Connection,
    look: Look,
    fresh: Mapping[str, list[RemotePost]],
    waits: Sequence[timedelta],
    now: datetime,
) -> None:
    for row in posts.is_open(connection, look.desk.account):
        match = _match(row, fresh) if row.text else None
        if match is not None:
            log.settle(connection, [_found(row, match, look)])
        elif _is_due(row, look.started):  # since it was: an earlier reading says nothing
            log.looked(connection, _absent(row, look, waits, now), counts=True)


def _is_due(row: PostRecord, now: datetime) -> bool:
    return row.state is State.UNKNOWN and row.next_try_at is not None and row.next_try_at <= now


def _match(row: PostRecord, fresh: Mapping[str, list[RemotePost]]) -> RemotePost | None:
    """The oldest post of this text since the row's first try; taken out, so that it counts once."""
    alike = fresh.get(normal(row.text or ""), [])
    alike.sort(key=lambda one: one.created_at)
    for position, one in enumerate(alike):
        if may_be(one.created_at, row.created_at):
            return alike.pop(position)
    return None


def _found(row: PostRecord, match: RemotePost, look: Look) -> Settlement:
    return Settlement(
        post_id=row.id,
        tries=row.tries,
        cause=Cause.SETTLED,
        phase="lookup",
        outcome="sent",
        started=look.started,
        ended=look.ended,
        remote_id=match.remote_id,
        remote_url=match.remote_url,
        reason="found on the account's own timeline",
    )


def _absent(row: PostRecord, look: Look, waits: Sequence[timedelta], now: datetime) -> Settlement:
    """Not found this time: when it is looked for again, or that a person has to decide."""
    looks = row.looks + 1
    in_vain = looks >= len(waits)
    overdue = in_vain and (row.needs_person or now >= row.deadline)
    return Settlement(
        post_id=row.id,
        tries=row.tries,
        cause=Cause.UNCLEAR,
        phase="lookup",
        outcome="absent",
        started=look.started,
        ended=look.ended,
        reason=row.reason,
        needs_person=row.needs_person or overdue,
        next_try_at=None if overdue else now + next_look(looks, waits),
    )


def _postpone(
    connection: Connection, look: Look, waits: Sequence[timedelta], now: datetime
) -> None:
    """The timeline could not be read: that says nothing about any post."""
    look.desk.look_not_before = now + waits[0]
    for row in posts.is_open(connection, look.desk.account):
        if _is_due(row, now):
            overdue = now >= row.deadline + ADOPTED
            log.looked(
                connection,
                Settlement(
                    post_id=row.id,
                    tries=row.tries,
                    cause=Cause.UNCLEAR,
                    phase="lookup",
                    outcome="unknown",
                    started=look.started,
                    ended=look.ended,
                    reason=row.reason or f"its timeline cannot be read: {look.error}",
                    needs_person=row.needs_person or overdue,
                    next_try_at=None if overdue else now + waits[-1],
                ),
                counts=False,
            )


def _adopt(
    connection: Connection,
    desk: Desk,
    ground: Ground,
    fresh: Mapping[str, list[RemotePost]],
    now: datetime,
) -> None:
    """Posts of the last day that the plan would say and the log does not have are ours."""
    plan = _plan(connection, desk, ground, fresh, now)
    for text, alike in fresh.items():
        for one in alike:
            for candidate in _candidates(desk, plan, text, one.created_at):
                claim = _as_said(desk, ground, candidate, text, one.created_at)
                if claim is not None and log.adopt(
                    connection,
                    claim,
                    remote_id=one.remote_id,
                    remote_url=one.remote_url,
                    at=one.created_at,
                ):
                    break


def _plan(
    connection: Connection,
    desk: Desk,
    ground: Ground,
    fresh: Mapping[str, list[RemotePost]],
    now: datetime,
) -> list[Candidate]:
    """What may have been said when these appeared, by when it could have gone out first."""
    appeared = [one.created_at for alike in fresh.values() for one in alike]
    if not appeared:
        return []
    timetable = ground.timetable
    start = min(appeared) - SKEW - timetable.longest - SKEW
    found = timetable.between(start, max(appeared) + SKEW + timetable.held)
    notices = desk.read_notices(connection, ground, now).expected
    return sorted([*found, *notices], key=lambda one: (one.since, one.due))


def _candidates(
    desk: Desk, plan: Sequence[Candidate], text: str, appeared: datetime
) -> Iterable[Candidate]:
    for candidate in plan:
        if candidate.since > appeared + SKEW:
            return
        if (
            not candidate.barred
            and may_be(appeared, candidate.since, candidate.deadline)
            and _names(candidate, text)
            and desk.speaks(candidate)
        ):
            yield candidate


def _names(candidate: Candidate, text: str) -> bool:
    """Whether a text may speak of a candidate; a digest need not name anything."""
    title = neutral(candidate.record.event.title)[:_TITLE]
    return candidate.events is not None or normal(title) in text


def _as_said(
    desk: Desk, ground: Ground, candidate: Candidate, text: str, at: datetime
) -> Claim | None:
    """The candidate as it would have been sent then, if that is this very text."""
    key = candidate.key(desk.account)
    for linked in answers(desk.channel, candidate.rule):
        try:
            claim = write(ground, key, candidate, desk.channel, at, linked=linked, draw=False)
        except TemplateError:
            continue
        if normal(claim.text) == text:
            return claim
    return None
