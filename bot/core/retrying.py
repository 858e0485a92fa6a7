"""How long to wait before a post that was proven not accepted is tried again."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)


def next_try(tries: int, now: datetime, not_before: datetime | None = None) -> datetime:
    """Double the wait after each try, up to five minutes, and never before the platform allows.

    `tries`: how many were made so far, at least 1.
    """
    wait = min(FIRST * 2 ** min(tries - 1, 16), LONGEST)
    return max(now + wait, not_before or now)
