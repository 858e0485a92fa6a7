"""Asks every part of the machine and the accounts whether it is as the worker needs it."""

import importlib.metadata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.errors import BotError, ConfigError
from bot.platforms.base import Publisher, RefusedError, Remark, Trouble, Verdict
from bot.store import schema
from bot.store.durability import durability
from bot.store.session import Store

Probe = tuple[str, Callable[[], Awaitable[str | Sequence[Remark]]]]
"""What is asked, and a question that answers in a sentence, or several, or raises BotError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One answer."""

    what: str
    verdict: Verdict
    said: str


async def diagnose(probes: Sequence[Probe]) -> list[Finding]:
    """Ask everything, whatever the answers."""
    findings = []
    for what, ask in probes:
        try:
            said = await ask()
        except (BotError, RefusedError) as error:
            said = [Remark(said=str(error), verdict=Verdict.WRONG)]
        remarks = [Remark(said=said)] if isinstance(said, str) else said
        findings += [Finding(what=what, verdict=one.verdict, said=one.said) for one in remarks]
    return findings


async def account(platform: str, build: Callable[[], Publisher]) -> Sequence[Remark]:
    """Who a channel's credentials belong to and what they are good for; nothing is posted."""
    try:
        publisher = build()
    except ConfigError as error:
        raise ConfigError(f"{error}{_how(platform)}") from None
    try:
        found = await publisher.account()
        who = f"posts as {found.handle or found.id} on {found.host or found.platform}"
        return [Remark(said=who), *await publisher.standing()]
    except RefusedError as refused:
        how = _how(platform) if refused.outcome.trouble is Trouble.ACCOUNT else ""
        raise BotError(f"{str(refused).rstrip('.')}{how}") from None
    finally:
        await publisher.close()


def _how(platform: str) -> str:
    """Where what a platform needs is told, as the end of a sentence."""
    return "" if platform == "local" else f"; docs/accounts.md tells how to get them ({platform})"


async def database(store: Store) -> str:
    """Whether the log can be read and written, and does not lose what was committed."""
    schema.check(store)
    return f"{durability(store)}, schema {schema.NEWEST}"


async def zone_data() -> str:
    """Whether time zones are known, and of which release."""
    if "Europe/London" not in available_timezones():
        raise BotError("there is no time zone data: install the tzdata package")
    return f"tzdata {importlib.metadata.version('tzdata')}"
