"""The breaker of a channel: after failures in a row nothing is tried but one probe at a time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES = 3
"""So many in a row pause a channel; trouble with the account does at once."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """Closed (posts flow) while `paused_until` is None."""

    failures: int = 0
    paused_until: datetime | None = None
    why: str = ""

    def allows(self, free: int, flying: int, now: datetime) -> int:
        """How many posts may be claimed now: all that are free, one as a probe, or none."""
        if self.paused_until is None:
            return free
        return max(0, 1 - flying) if now >= self.paused_until else 0

    def failed(
        self,
        now: datetime,
        why: str,
        *,
        at_once: bool = False,
        not_before: datetime | None = None,
        first_pause: timedelta = FIRST_PAUSE,
    ) -> "Breaker":
        """The breaker after one more failure; `not_before`: when the platform allows the next."""
        if self.paused_until is not None and now < self.paused_until:
            # It set out before the pause, with others: one outage, not one for each of them.
            later = max(self.paused_until, not_before or self.paused_until)
            return replace(self, paused_until=later)
        failures = self.failures + 1
        past = failures - (1 if at_once else FAILURES)
        pause = min(first_pause * (1 << min(max(past, 0), 10)), LONGEST_PAUSE)
        until = now + pause if past >= 0 else None
        instants = [one for one in (until, not_before, self.paused_until) if one is not None]
        return Breaker(failures=failures, paused_until=max(instants, default=None), why=why)


CLOSED = Breaker()
