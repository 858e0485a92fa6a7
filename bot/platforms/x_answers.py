"""What an answer of X proves about a post.

X has no idempotency key. A post is SENT when X names its id; NOT_SENT when nothing had left, or X
says that it did not take it; UNKNOWN otherwise, every 5xx included: X has answered those for posts
it kept. X refuses a text it already has with a 403 that only its words tell from other 403s.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.platforms.answers import deleted, not_deleted, quoted
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.http import Reply
from bot.platforms.retry_after import retry_at

_PROOF_OF_REFUSAL = {
    400: Trouble.CONTENT,
    401: Trouble.ACCOUNT,
    402: Trouble.ACCOUNT,
    404: Trouble.PASSING,
    429: Trouble.PASSING,
}
_FORBIDDEN, _NOT_FOUND, _TOO_MANY = 403, 404, 429
_DUPLICATE_CODE = 187  # of API 1.1, which still shows through
_DUPLICATE = re.compile(r"\bduplicate\b", re.IGNORECASE)
_ABOUT_THE_TEXT = re.compile(
    r"(create|post|send) an? (tweet|post) (with|that|containing)|shorter|too long|\btext\b|cashtag",
    re.IGNORECASE,
)


def posted(reply: Reply, now: datetime) -> Outcome:
    """What the answer to a post proves."""
    if reply.ok:
        return _accepted(reply)
    if reply.status == _FORBIDDEN:
        return _forbidden(reply, now)
    trouble = _trouble(reply)
    if reply.status in _PROOF_OF_REFUSAL:
        return _refused(reply, now, trouble)
    return Outcome(
        answer=Answer.UNKNOWN,
        http_status=reply.status,
        trouble=trouble,
        retry_at=wait_until(reply, now),
        error=f"X answered {_quoted(reply)}, which does not tell whether it has the post.",
    )


def refuses_the_reply(outcome: Outcome, reply: Reply) -> bool:
    """Whether a refusal may be of the answer to another post, and not of the post.

    X refuses answers to whom has not asked for them, and to posts that are gone, with a 403 in
    words that change; that it refused is proof in any case that there is no post.
    """
    if outcome.answer is not Answer.NOT_SENT:
        return False
    named = b"in_reply_to_tweet_id" in (reply.body or b"")
    return reply.status == _FORBIDDEN or named


def taken_down(reply: Reply) -> Outcome:
    """What the answer to a deletion proves: a bare 404 may be the way, not the post."""
    match reply.json():
        case {"data": {"deleted": True}} if reply.ok:
            return deleted(reply)
        case {"type": str(kind)} if reply.status == _NOT_FOUND and "resource-not-found" in kind:
            return deleted(reply)
        case {"errors": [{"type": str(kind)}, *_]} if "resource-not-found" in kind:
            return deleted(reply)
    return not_deleted("X", reply, next(_words(reply.json()), ""))


def not_told(
    reply: Reply, now: datetime, *, phase: Phase, what: str = "X did not answer the question"
) -> Outcome:
    """Why a question got no answer."""
    return Outcome(
        answer=Answer.UNKNOWN,
        phase=phase,
        http_status=reply.status,
        trouble=_trouble(reply),
        retry_at=wait_until(reply, now),
        error=f"{what}: {_quoted(reply)}.",
    )


def wait_until(reply: Reply, now: datetime) -> datetime | None:
    """X sends its reset with every answer; only a 429 means it."""
    reset = "x-rate-limit-reset" if reply.status == _TOO_MANY else ""
    return retry_at(reply.headers, now, reset=reset)


def _accepted(reply: Reply) -> Outcome:
    remote_id = id_of(reply.json())
    if remote_id is None:
        return Outcome(
            answer=Answer.UNKNOWN,
            http_status=reply.status,
            trouble=Trouble.PASSING,
            error=f"X answered HTTP {reply.status} without the id of a post.",
        )
    return Outcome(
        answer=Answer.SENT,
        http_status=reply.status,
        remote_id=remote_id,
        remote_url=web_address(remote_id),
    )


def web_address(remote_id: str) -> str:
    return f"https://x.com/i/web/status/{remote_id}"


def _forbidden(reply: Reply, now: datetime) -> Outcome:
    words = list(_words(reply.json()))
    if not words:  # it may have been about a duplicate
        return Outcome(
            answer=Answer.UNKNOWN,
            http_status=reply.status,
            trouble=Trouble.ACCOUNT,
            retry_at=wait_until(reply, now),
            error="X answered HTTP 403 without a reason.",
        )
    if any(_DUPLICATE.search(word) for word in words) or _DUPLICATE_CODE in _codes(reply.json()):
        return Outcome(
            answer=Answer.UNKNOWN,
            http_status=reply.status,
            trouble=Trouble.CONTENT,
            duplicate=True,
            error=f"X says that it already has this text: {_quoted(reply)}.",
        )
    return _refused(reply, now, _trouble(reply))


def _refused(reply: Reply, now: datetime, trouble: Trouble) -> Outcome:
    return Outcome(
        answer=Answer.NOT_SENT,
        http_status=reply.status,
        trouble=trouble,
        retry_at=wait_until(reply, now),
        error=f"X did not take the post: {_quoted(reply)}.",
    )


def _trouble(reply: Reply) -> Trouble:
    if reply.status == _FORBIDDEN:
        about_the_text = any(_ABOUT_THE_TEXT.search(word) for word in _words(reply.json()))
        return Trouble.CONTENT if about_the_text else Trouble.ACCOUNT
    if reply.status == _TOO_MANY and b"usage-capped" in (reply.body or b""):
        return Trouble.ACCOUNT  # the month's cap: no window to wait for
    return _PROOF_OF_REFUSAL.get(reply.status, Trouble.PASSING)


def id_of(value: object) -> str | None:
    """The id an answer names; None where there is none."""
    data = value.get("data") if isinstance(value, Mapping) else None
    remote_id = data.get("id") if isinstance(data, Mapping) else None
    if isinstance(remote_id, int) and not isinstance(remote_id, bool):
        remote_id = str(remote_id)
    return remote_id if isinstance(remote_id, str) and remote_id.isalnum() else None


def _words(value: object) -> Iterator[str]:
    """The reasons in a body: `detail`, and the messages of its `errors`."""
    if isinstance(value, Mapping):
        reasons = [value.get("detail")]
        for error in _errors(value):
            reasons += [error.get("message"), error.get("detail")]
        yield from (reason for reason in reasons if isinstance(reason, str) and reason.strip())


def _codes(value: object) -> set[object]:
    return {error.get("code") for error in _errors(value) if isinstance(error.get("code"), int)}


def _errors(value: object) -> list[Mapping[str, object]]:
    errors = value.get("errors") if isinstance(value, Mapping) else None
    listed = errors if isinstance(errors, list) else []
    return [error for error in listed if isinstance(error, Mapping)]


def _quoted(reply: Reply) -> str:
    return quoted(reply, next(_words(reply.json()), ""))
