"""Claims and settlements as rows of the log."""

from dataclasses import asdict
from typing import Any

from bot.store.claims import NOTHING, Claim, Extras, Settlement


def row_of(one: Claim) -> dict[str, Any]:
    return {
        "event": one.key.event,
        "rule": one.key.rule,
        "channel": one.key.channel,
        "reference": one.key.reference,
        "template": one.template,
        "due": one.due,
        "deadline": one.deadline,
        "event_revision": one.event_revision,
        "text": one.text,
        "payload": {"links": list(one.links)} | _unusual(one.extras),
        "idempotency_key": one.idempotency_key,
    }


def _unusual(extras: Extras) -> dict[str, str]:
    """What of it says something."""
    if extras is NOTHING:
        return {}
    said = ((name, getattr(extras, name)) for name in _PLAIN)
    return {name: value for name, value in said if value != _PLAIN[name]}


_PLAIN = asdict(NOTHING)


def attempt_of(one: Settlement) -> dict[str, Any]:
    return {
        "post_id": one.post_id,
        "tries": one.tries,
        "phase": one.phase,
        "started": one.started,
        "ended": one.ended,
        "http_status": one.http_status,
        "outcome": one.outcome,
        "remote_id": one.remote_id,
        "error": one.reason,
    }
