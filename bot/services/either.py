"""Of two posts that speak instead of each other, one goes out, once: with a fact, or without it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.planning import Candidate, Key
from bot.core.states import State
from bot.core.waiting import IN_ITS_STEAD
from bot.services.lapse import lapse
from bot.services.share import Share
from bot.store import log, posts
from bot.store.session import Connection


@dataclass(slots=True)
class Sought:
    """Posts that waited, and could have gone out before a worker began to serve their channel.

    An older log that was put back may know nothing of them, nor of the fact they told: they are
    looked for before they are sent.
    """

    began: datetime
    keys: set[Key] = field(default_factory=set)  #: those that were looked for

    def lacks(self, share: Share, account: str, now: datetime) -> bool:
        """Whether one of a plan was not looked for so far; it counts as looked for from now on."""
        late = {
            one.key(account)
            for one in share.waited(now, self.began)
            if one.hold and not one.barred and one.since < self.began and now < one.deadline
        }
        new = late - self.keys
        self.keys |= late
        return bool(new)


def either(
    connection: Connection, found: Sequence[tuple[Key, Candidate]], now: datetime
) -> list[tuple[Key, Candidate]]:
    """Of what is to be sent, what no other has said in its stead; its own tries are given up."""
    twins = {twin: key for key, one in found if (twin := one.twin(key.channel)) is not None}
    out = {
        twins[row.key]: row for row in posts.of_keys(connection, twins).values() if row.may_be_out
    }
    if not out:
        return list(found)
    tried = posts.of_keys(connection, out).values()
    given_up = [
        lapse(row, IN_ITS_STEAD.format(out[row.key].key.rule), now)
        for row in tried
        if row.state is State.RETRY
    ]
    log.settle(connection, given_up)
    return [(key, one) for key, one in found if key not in out]
