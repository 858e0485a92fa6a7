"""One clock for all workers of a store: the machine's own, moved to the database's.

Leases and waits are instants in the log. Two machines whose clocks are a minute apart would take
each other's for run out; what they count by is the one clock that both can see.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock, SystemClock
from bot.store.session import Store

logger = logging.getLogger(__name__)

SAMPLES = 3
NOTABLE = timedelta(seconds=2)
"""A clock that is further off is said to be, and one that moves by so much at once was set."""


def agree(store: Store, clock: Clock) -> None:
    """Measure how far the clock is from the database's, and move it. Raises StoreError."""
    if not isinstance(clock, SystemClock):
        return
    samples = [one for one in (_sample(store, clock) for _ in range(SAMPLES)) if one is not None]
    if not samples:
        return
    _, error = min(samples)  # the quickest answer tells it best
    if abs(error) >= NOTABLE:
        logger.warning(
            "this machine's clock is %.1f seconds from the database's, which counts: set it right",
            (clock.offset + error).total_seconds(),
            extra={"action": "clock"},
        )
    clock.offset += error


def _sample(store: Store, clock: SystemClock) -> tuple[float, timedelta] | None:
    before, asked = clock.elapsed(), clock.now()
    told = store.now()
    took = clock.elapsed() - before
    return None if told is None else (took, told - asked - timedelta(seconds=took / 2))


async def watch(clock: Clock, stepped: Callable[[], None], *, every: float = 5.0) -> None:
    """Notice, for ever, when the clock moves otherwise than time does.

    Who sleeps until a clock shows some time sleeps for hours when it is set back meanwhile.
    """
    before = None
    while True:
        ahead = timedelta(seconds=clock.now().timestamp() - clock.elapsed())
        if before is not None and abs(ahead - before) >= NOTABLE:
            logger.warning("the clock was set: looking anew", extra={"action": "clock"})
            stepped()
        before = ahead
        await asyncio.sleep(every)
