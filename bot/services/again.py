"""Whether a post that was looked for in vain may be sent once more: the very same, or not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.planning import Candidate
from bot.core.rules import Channel
from bot.core.timing import spoken_from
from bot.services.ground import Ground
from bot.services.write import rewrite
from bot.store.claims import Claim
from bot.store.posts import PostRecord
from bot.store.session import Connection


def was_looked_for(row: PostRecord, waits: Sequence[timedelta]) -> bool:
    """Whether a whole series of looks has not found it, and nobody else has to decide."""
    return row.looks >= len(waits) and not row.needs_person


def same_again(
    connection: Connection,
    ground: Ground,
    row: PostRecord,
    candidate: Candidate | None,
    channel: Channel,
    *,
    now: datetime,
) -> Claim | None:
    """The row's own claim, where the plan still has it and says the very same now."""
    if candidate is None or not candidate.may_go or candidate.deadline <= now:
        return None
    if spoken_from(now, ground.edition.schedules, candidate.begins) > now:
        return None
    return rewrite(connection, ground, row, candidate, channel, now=now)
