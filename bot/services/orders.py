"""What the delivery has to do on the network, and what it brings back from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.platforms.base import Outcome
from bot.services.desk import Desk
from bot.store.claims import Held


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """A try that is over and not yet written down."""

    desk: Desk
    held: Held
    outcome: Outcome
    started: datetime
    ended: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What is to be done on the network after a commit."""

    held: Sequence[tuple[Desk, Held]] = ()
    looks: Sequence[tuple[Desk, datetime, int]] = ()  #: whose timeline to read, since when; term
