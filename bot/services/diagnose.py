"""Asks every part of the machine and the accounts whether it is as the worker needs it."""

import importlib.metadata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.errors import BotError
from bot.platforms.base import Publisher, RefusedError
from bot.store import schema
from bot.store.durability import durability
from bot.store.session import Store

Probe = tuple[str, Callable[[], Awaitable[str]]]
"""What is asked, and a question that answers in a sentence or raises BotError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One answer."""

    what: str
    fine: bool
    said: str


async def diagnose(probes: Sequence[Probe]) -> list[Finding]:
    """Ask everything, whatever the answers."""
    findings = []
    for what, ask in probes:
        try:
            findings.append(Finding(what=what, fine=True, said=await ask()))
        except (BotError, RefusedError) as error:
            findings.append(Finding(what=what, fine=False, said=str(error)))
    return findings


async def account(publisher: Publisher) -> str:
    """Who a channel's credentials belong to; nothing is posted."""
    try:
        found = await publisher.account()
    finally:
        await publisher.close()
    return f"posts as {found.handle or found.id} on {found.host or found.platform}"


async def database(store: Store) -> str:
    """Whether the log can be read and written, and does not lose what was committed."""
    schema.check(store)
    return f"{durability(store)}, schema {schema.NEWEST}"


async def zone_data() -> str:
    """Whether time zones are known, and of which release."""
    if "Europe/London" not in available_timezones():
        raise BotError("there is no time zone data: install the tzdata package")
    return f"tzdata {importlib.metadata.version('tzdata')}"
