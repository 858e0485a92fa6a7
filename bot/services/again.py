"""What is sent once more: what was refused, written anew; what was looked for in vain, the same."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.core.planning import Candidate, Key
from bot.core.rules import Channel
from bot.core.states import State
from bot.core.timing import spoken_from
from bot.services.ground import Ground
from bot.services.write import rewrite
from bot.store import log, posts
from bot.store.claims import Claim, Held
from bot.store.posts import PostRecord
from bot.store.session import Connection


def was_looked_for(row: PostRecord, waits: Sequence[timedelta]) -> bool:
    """Whether a whole series of looks has not found it, and nobody else has to decide."""
    return row.looks >= len(waits) and not row.needs_person


def same_again(
    connection: Connection,
    ground: Ground,
    rows: Iterable[PostRecord],
    planned: Callable[[Key], Candidate | None],
    channel: Channel,
    *,
    now: datetime,
) -> list[tuple[PostRecord, Candidate, Claim]]:
    """The rows whose own claim the plan still has, and says the very same now."""
    found = []
    for row in rows:
        candidate = planned(row.key)
        if candidate is None or not candidate.may_go or candidate.deadline <= now:
            continue
        if spoken_from(now, ground.edition.schedules, candidate.begins) > now:
            continue
        claim = rewrite(connection, ground, row, candidate, channel, now=now)
        if claim is not None:
            found.append((row, candidate, claim))
    return found


def claim_again(
    connection: Connection,
    claims: Iterable[Claim],
    *,
    worker: str,
    now: datetime,
    until: datetime,
) -> list[Held]:
    """Take the rows of these that wait for another try, with what is said this time."""
    by_key = {claim.key: claim for claim in claims}
    rows = posts.of_keys(connection, by_key)
    again = [(row, by_key[key]) for key, row in rows.items() if row.state is State.RETRY]
    return log.claim_again(connection, again, worker=worker, now=now, until=until)
