"""Keeps what publishers are logged in by, so that a restart need not log in: logins are rationed.

It comes sealed, so nobody can read it here.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store import channels
from bot.store.session import Store

if TYPE_CHECKING:  # commands that only look deliver nothing
    from bot.services.deliver import Delivery

Channel = tuple[str, str]
"""A channel by nickname and platform."""


@dataclass(kw_only=True)
class Sessions:
    """Those that are not written down yet. Belongs to the event loop."""

    _unwritten: dict[Channel, str] = field(default_factory=dict, repr=False)

    def keep(self, nickname: str, platform: str, sealed: str) -> None:
        """Have it written down soon. No I/O: it is called in the middle of a try."""
        self._unwritten[nickname, platform] = sealed

    async def write(self, delivery: "Delivery") -> None:
        """Write down those of the channels that are served: before that, they have no row.

        Where the store cannot be used, they wait for the next time.
        """
        served = {desk.channel.name for desk in delivery.desks}
        found = {one: sealed for one, sealed in self._unwritten.items() if one[0] in served}
        if not found:
            return
        with suppress(StoreError):
            await delivery.in_store(partial(_write, delivery.store, found))
            for channel, sealed in found.items():
                if self._unwritten[channel] is sealed:  # or it was renewed meanwhile
                    del self._unwritten[channel]


def _write(store: Store, found: Mapping[Channel, str]) -> None:
    with store.writing() as connection:
        for (nickname, platform), sealed in found.items():
            channels.keep_session(connection, nickname, platform, sealed)
