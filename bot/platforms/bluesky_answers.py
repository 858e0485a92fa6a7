"""What an answer of a Bluesky PDS proves about a record.

SENT is its address. NOT_SENT is what a PDS says before it writes. Everything else is UNKNOWN, and
harmless: the same record put again under the same key is a no-op where it is there already.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.platforms.answers import deleted, not_deleted, quoted, refused, unclear
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.bluesky_record import key_of, web_address
from bot.platforms.http import Reply
from bot.platforms.retry_after import retry_at

_PROOF_OF_REFUSAL = {
    400: Trouble.CONTENT,
    401: Trouble.ACCOUNT,
    403: Trouble.ACCOUNT,
    429: Trouble.PASSING,
}
_TOO_MANY = 429
_STALE = {"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"}
_OVER = {400, 401, 403}  # what a PDS says to a token that it does not take
_CLOSED = {"AccountTakedown", "AccountDeactivated", "AccountSuspended"}


def posted(reply: Reply, now: datetime) -> Outcome:
    """What the answer to com.atproto.repo.putRecord proves."""
    if reply.ok:
        return _accepted(reply)
    wait = wait_until(reply, now)
    if reply.status in _PROOF_OF_REFUSAL:
        trouble = Trouble.PASSING if is_stale(reply) else _trouble(reply)
        what = "Bluesky did not take the post"
        return refused(what, reply, _reason(reply.json()), trouble=trouble, retry_at=wait)
    return Outcome(
        answer=Answer.UNKNOWN,
        http_status=reply.status,
        trouble=Trouble.PASSING,
        retry_at=wait,
        error=f"Bluesky answered {quoted(reply, _reason(reply.json()))},"
        " which does not tell whether it has the post.",
    )


def taken_down(reply: Reply) -> Outcome:
    """What the answer to com.atproto.repo.deleteRecord proves."""
    if reply.ok:
        return deleted(reply)
    return not_deleted("Bluesky", reply, _reason(reply.json()))


def not_told(reply: Reply, now: datetime, *, phase: Phase) -> Outcome:
    """Why a question got no answer, or a login was refused."""
    trouble = _trouble(reply)
    if phase is Phase.AUTH and trouble is Trouble.CONTENT:
        trouble = Trouble.ACCOUNT
    elif phase is Phase.MEDIA and reply.status in _NO_PICTURE:
        trouble = Trouble.CONTENT
    elif phase is not Phase.AUTH and is_stale(reply):
        trouble = Trouble.PASSING
    return refused(
        _UNANSWERED.get(phase, "Bluesky did not answer"),
        reply,
        _reason(reply.json()),
        answer=Answer.UNKNOWN,
        phase=phase,
        trouble=trouble,
        retry_at=wait_until(reply, now),
    )


_UNANSWERED = {
    Phase.AUTH: "Bluesky did not take the login",
    Phase.MEDIA: "Bluesky did not take the picture",
}
_NO_PICTURE = frozenset({413, 415})


def is_absent(reply: Reply) -> bool:
    """Whether the answer says that there is no such record."""
    return reply.status in {400, 404} and _error(reply.json()) == "RecordNotFound"


def is_stale(reply: Reply) -> bool:
    """Whether it is only the session that is not good any more: the next one will do."""
    return reply.status in {400, 401} and _error(reply.json()) in _STALE


def is_over(reply: Reply) -> bool:
    """Whether a session is not renewed any more, and the password may help."""
    return reply.status in _OVER and _error(reply.json()) not in _CLOSED


def wait_until(reply: Reply, now: datetime) -> datetime | None:
    """The reset comes with every answer; only a 429 means it."""
    return retry_at(
        reply.headers, now, reset="RateLimit-Reset" if reply.status == _TOO_MANY else ""
    )


def _accepted(reply: Reply) -> Outcome:
    match reply.json():
        case {"uri": str(uri)} if key_of(uri):
            return Outcome(
                answer=Answer.SENT,
                http_status=reply.status,
                remote_id=key_of(uri),
                remote_url=web_address(uri),
            )
    what = f"Bluesky answered HTTP {reply.status} without the address of a post"
    return unclear(what, reply, Phase.POST)


def _trouble(reply: Reply) -> Trouble:
    if _error(reply.json()) in _CLOSED:
        return Trouble.ACCOUNT
    return _PROOF_OF_REFUSAL.get(reply.status, Trouble.PASSING)


def _error(value: object) -> object:
    return value.get("error") if isinstance(value, Mapping) else None


def _reason(value: object) -> str:
    match value:
        case {"message": str(message)} if message:
            return message
    error = _error(value)
    return error if isinstance(error, str) else ""
