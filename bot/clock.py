"""The only file that reads the time; everything else is handed a Clock or an instant."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...

    def elapsed(self) -> float:
        """Seconds from an arbitrary start; goes on while the machine or process is suspended."""
        ...

    def alarm(self, instant: datetime) -> datetime:
        """What the machine's own clock shows when this one shows the instant."""
        ...


class SystemClock:
    """The machine's clock, moved by a measured offset so that all workers of a store agree.

    `skew`: how wrong the machine's clock is taken to be; only tests do.
    """

    def __init__(self, skew: timedelta = timedelta(0)) -> None:
        self.offset = timedelta(0)
        self._skew = skew

    def now(self) -> datetime:
        return datetime.now(UTC) + self._skew + self.offset

    def elapsed(self) -> float:
        return time.clock_gettime(_COUNTS_SUSPENSION)

    def alarm(self, instant: datetime) -> datetime:
        return instant - self.offset - self._skew


# CLOCK_MONOTONIC stands still while a laptop or a virtual machine sleeps; leases must not.
_COUNTS_SUSPENSION = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SimulatedClock:
    """A clock that stands still until it is told to move: rehearsals and tests."""

    def __init__(self, now: datetime) -> None:
        self._start = self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> float:
        return (self._now - self._start).total_seconds()

    def advance_to(self, instant: datetime) -> None:
        """Move forward; an instant already past leaves the clock where it is."""
        self._now = max(self._now, instant.astimezone(UTC))

    def alarm(self, instant: datetime) -> datetime:
        return instant
