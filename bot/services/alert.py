"""Tells people, by Apprise, when something needs them: each thing once, and when it is over.

What cannot be sent is tried again at the next look; nothing of it ever disturbs posting.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.ground import Ground
from bot.services.remind import is_reminder, reminders
from bot.services.watch import FINAL, conditions, heard
from bot.store import alerts, meta, posts
from bot.store.alerts import AlertRecord
from bot.store.session import Store

logger = logging.getLogger(__name__)

HEARTBEAT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message, and the alerts it speaks of."""

    title: str
    body: str
    raised: Sequence[str] = ()
    cleared: Sequence[str] = ()


def gather(
    store: Store,
    now: datetime,
    files: Mapping[str, str],
    ground: Ground | None = None,
    *,
    worker: str = "",
) -> Message | None:
    """Bring the alerts up to date; what is still to be told, in one message.

    `files`: what only this worker can see: what is wrong with its files, sources and accounts.

    `ground`: what the channels are served from; without it, what was told of waiting stays so.
    """
    with store.writing() as connection:
        found = conditions(connection, now, files)
        found |= _reminders(ground, now, alerts.load(connection))
        alerts.update_open(connection, found, now, own=files, worker=worker)
        known = alerts.load(connection).values()
    raised = [one for one in known if one.is_open and one.told_at is None]
    cleared = [one for one in known if _is_to_be_cleared(one)]
    if not raised and not cleared:
        return None
    lines = [f"- {one.text}" for one in raised]
    lines += [f"- No longer so: {one.text.split(':')[0]}." for one in cleared]
    title = f"The announcement bot needs you ({len(raised)})" if raised else "All clear"
    return Message(
        title=title,
        body="\n".join(lines),
        raised=[one.subject for one in raised],
        cleared=[one.subject for one in cleared],
    )


def _reminders(
    ground: Ground | None, now: datetime, known: Mapping[str, AlertRecord]
) -> Mapping[str, str]:
    if ground is not None:
        return reminders(ground, now, known)
    return {name: one.text for name, one in known.items() if one.is_open and is_reminder(name)}


def note(store: Store, message: Message, now: datetime, *, told: bool = True) -> None:
    """Write down that a message was sent.

    `told`: False where nobody is to be told of anything: what people are asked is theirs to find.
    """
    with store.writing() as connection:
        heard(connection, message.raised, now)
        if told:
            alerts.mark_told(connection, message.raised, now)
            alerts.mark_clear_told(connection, message.cleared, now)


def heartbeat_is_due(store: Store, now: datetime) -> bool:
    """Whether a week has passed since the last; the first week begins when this is first asked."""
    with store.writing() as connection:
        last = meta.get(connection, "heartbeat")
        if last is None:
            meta.put(connection, "heartbeat", now.isoformat())
        return last is not None and now - datetime.fromisoformat(last) >= HEARTBEAT


def heartbeat(store: Store, now: datetime, ahead: str) -> Message:
    """That all is well, how much was sent since the last, and when the next post goes out."""
    with store.writing() as connection:
        since = datetime.fromisoformat(meta.get(connection, "heartbeat") or now.isoformat())
        meta.put(connection, "heartbeat", now.isoformat())
        sent = posts.sent_since(connection, since)
        waiting = len(posts.needing_person(connection))
    needs = f"; {waiting} wait for you: bot posts list --needs-person" if waiting else ""
    return Message(title="The announcement bot is well", body=f"{sent} sent, next {ahead}{needs}")


def send(urls: str, message: Message) -> bool:
    """Send by Apprise, without its retries; whether anybody was reached. Never raises.

    An address that fails does not make the others hear the same again and again.
    """
    reached = [_reached(url, message) for url in urls.split()]
    return any(reached)


def _reached(url: str, message: Message) -> bool:
    from apprise import Apprise  # noqa: PLC0415 - only who has alerts pays for it

    try:
        person = Apprise()
        reached = person.add(url) and person.notify(title=message.title, body=message.body)
    except Exception:  # whatever a plugin does, posting goes on
        logger.exception("an alert could not be sent", extra={"action": "alert_failed"})
        return False
    if not reached:
        kind = url.partition(":")[0]  # the rest has its secrets
        logger.error("a '%s' address heard no alert", kind, extra={"action": "alert_failed"})
    return bool(reached)


def _is_to_be_cleared(one: AlertRecord) -> bool:
    return (
        not one.is_open
        and one.told_at is not None
        and one.clear_told_at is None
        and not one.subject.startswith(FINAL)
    )
