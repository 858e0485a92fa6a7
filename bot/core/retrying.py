"""How long to wait: before another try, and before another look."""

from collections.abc import Sequence
from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)


def next_try(
    tries: int, now: datetime, not_before: datetime | None = None, *, first: timedelta = FIRST
) -> datetime:
    """Double the wait after each try, up to five minutes, and never before the platform allows.

    `tries`: how many were made so far, at least 1.
    """
    wait = min(first * (1 << min(tries - 1, 16)), LONGEST)
    return max(now + wait, not_before or now)


def first_look(waits: Sequence[timedelta], *, readable: bool) -> timedelta | None:
    """From a try to the first look for its post; None where nobody can see what was posted."""
    return waits[0] if readable else None


def next_look(looks: int, waits: Sequence[timedelta]) -> timedelta:
    """From one look for an unknown post to the next.

    `waits` count from the try (1, 5 and 15 minutes, say); `looks` is how many were made since.
    """
    if looks >= len(waits):
        return waits[-1]
    return waits[looks] - (waits[looks - 1] if looks else timedelta(0))
