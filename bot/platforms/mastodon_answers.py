"""What an answer of a Mastodon server proves about a post.

SENT is an id. NOT_SENT is what a server says before it makes a status. Everything else is UNKNOWN:
a slow database has answered 504, and an Idempotency-Key seen again 500, for statuses that exist.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.platforms.answers import deleted, not_deleted, quoted, refused, unclear
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.http import Reply
from bot.platforms.retry_after import retry_at

_PROOF_OF_REFUSAL = {
    401: Trouble.ACCOUNT,
    403: Trouble.ACCOUNT,
    404: Trouble.PASSING,
    422: Trouble.CONTENT,
    429: Trouble.PASSING,
}
_TOO_MANY = 429
NOT_THERE = frozenset({404, 410})


def posted(reply: Reply, now: datetime) -> Outcome:
    """What the answer to POST /api/v1/statuses proves."""
    if reply.ok:
        return _accepted(reply)
    reason, wait = _reason(reply.json()), wait_until(reply, now)
    if trouble := _PROOF_OF_REFUSAL.get(reply.status):
        what = "The server did not take the post"
        return refused(what, reply, reason, trouble=trouble, retry_at=wait)
    return Outcome(
        answer=Answer.UNKNOWN,
        http_status=reply.status,
        trouble=Trouble.PASSING,
        retry_at=wait,
        error=f"The server answered {quoted(reply, reason)},"
        " which does not tell whether it has the post.",
    )


def taken_down(host: str, reply: Reply, seen: Reply | None = None) -> Outcome:
    """What the answer to a deletion proves; `seen`: the answer to a look at the post after it."""
    if reply.ok or (seen is not None and seen.status in NOT_THERE):
        return deleted(reply)
    outcome = not_deleted(host, reply, _reason(reply.json()))
    if seen is not None and seen.ok:
        why = f"{host} still shows the post and does not delete it (HTTP {reply.status})."
        return replace(outcome, answer=Answer.NOT_SENT, error=why)
    return outcome


def not_told(reply: Reply, now: datetime, *, phase: Phase) -> Outcome:
    """Why a question got no answer."""
    return refused(
        "The server did not answer the question",
        reply,
        _reason(reply.json()),
        answer=Answer.UNKNOWN,
        phase=phase,
        trouble=_PROOF_OF_REFUSAL.get(reply.status, Trouble.PASSING),
        retry_at=wait_until(reply, now),
    )


def wait_until(reply: Reply, now: datetime) -> datetime | None:
    """The reset comes with every answer; only a 429 means it."""
    reset = "X-RateLimit-Reset" if reply.status == _TOO_MANY else ""
    return retry_at(reply.headers, now, reset=reset)


def _accepted(reply: Reply) -> Outcome:
    match reply.json():
        case {"id": str(remote_id), **rest} if remote_id:
            url = rest.get("url") or rest.get("uri")
            return Outcome(
                answer=Answer.SENT,
                http_status=reply.status,
                remote_id=remote_id,
                remote_url=url if isinstance(url, str) else None,
            )
    what = f"The server answered HTTP {reply.status} without the id of a post"
    return unclear(what, reply, Phase.POST)


def _reason(value: object) -> str:
    error = value.get("error") if isinstance(value, Mapping) else None
    return error if isinstance(error, str) else ""
