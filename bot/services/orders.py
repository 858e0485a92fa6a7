"""What the delivery has to do on the network, and what it brings back from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.breaking import CLOSED
from bot.core.record import record
from bot.platforms.base import Answer, Outcome
from bot.services.desk import Desk
from bot.services.resolve import Look
from bot.store.claims import Held


@record
class Landing:
    """A try that is over and not yet written down."""

    desk: Desk
    held: Held
    outcome: Outcome
    started: datetime
    ended: datetime

    @property
    def changes_nothing(self) -> bool:
        """Whether what is to be done next is the same as before it was known."""
        return (
            self.outcome.answer is Answer.SENT
            and self.desk.breaker == CLOSED
            and not self.desk.notices.hang_on(uid for uid, _ in self.held.claim.facts)
        )


def can_wait(landings: Sequence[Landing], wake: datetime | None, now: datetime) -> bool:
    """Whether nothing that came back decides on what comes next, which is not due yet."""
    later = wake is None or wake > now
    return later and all(one.changes_nothing for one in landings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What is to be done on the network after a commit."""

    held: Sequence[tuple[Desk, Held]] = ()
    looks: Sequence[tuple[Desk, datetime, int]] = ()  #: whose timeline to read, since when; term

    def begin(self, over: Sequence[Look]) -> None:
        """Note that these looks are over and its own begin."""
        for look in over:
            look.desk.looking = False
        for desk, _, _ in self.looks:
            desk.looking = True
