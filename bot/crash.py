"""Kills the process at a named point of a delivery, where a test asks for it (BOT_CRASH_AT).

What the promise rests on is what a crash leaves behind; so the worst moments can be chosen.
"""

import os
import random
import signal
from collections import Counter
from collections.abc import Mapping

POINTS = (
    "claimed",  # the claim is committed, nothing was sent
    "leaving",  # just before the first byte of a post
    "answered",  # the answer is here, and not written down
    "settling",  # it is written down, and not committed
    "settled",  # right after the commit
    "looked",  # the account's own timeline was read
    "resolving",  # what it says is written down, and not committed
)


class Crash:
    """`at`: by point, its probability (below 1) or the how manieth time it is reached."""

    def __init__(self, at: Mapping[str, float]) -> None:
        self._at = at
        self._times = Counter[str]()

    def __call__(self, point: str) -> None:
        """A point was reached; a process that is to crash here does so at once."""
        when = self._at.get(point)
        if when is None:
            return
        self._times[point] += 1
        drawn = random.random() < when if when < 1 else self._times[point] == when  # noqa: S311
        if drawn:
            os.kill(os.getpid(), signal.SIGKILL)
