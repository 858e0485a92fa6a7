"""The rows of a channel that wait for another try, and what the plan says of them now."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.core.planning import Candidate, Key
from bot.core.states import State
from bot.services.lapse import lapse
from bot.store import log
from bot.store.posts import PostRecord
from bot.store.session import Connection


def retries(
    connection: Connection,
    rows: Iterable[PostRecord],
    planned: Callable[[Key], Candidate | None],
    now: datetime,
) -> tuple[list[tuple[PostRecord, Candidate]], datetime | None]:
    """Those of the open rows, each with its candidate; and when the first without is given up.

    One that the plan no longer has may come back until its deadline; then it is given up here.
    """
    found, orphaned = list[tuple[PostRecord, Candidate]](), list[datetime]()
    for row in rows:
        if row.state is not State.RETRY:
            continue
        candidate = planned(row.key)
        if candidate is not None:
            found.append((row, candidate))
        elif row.deadline <= now:
            log.settle(connection, [lapse(row, "the plan no longer has it", now)])
        else:
            orphaned.append(row.deadline)
    return found, min(orphaned, default=None)
