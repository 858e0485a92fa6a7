"""What is known of a try or a question on any platform, in words."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.http import HIDDEN, Reply

_LONGEST_QUOTE = 200
_REFUSALS = frozenset({400, 401, 402, 403, 405, 422, 429})


def unanswered(platform: str, error: Exception, *, left: bool) -> Outcome:
    """What is known when no answer came: only whether anything had left."""
    reason = reason_of(error)
    if not left:
        return Outcome(
            answer=Answer.NOT_SENT,
            trouble=Trouble.PASSING,
            error=f"{platform} could not be reached, so nothing was sent: {reason}.",
        )
    return Outcome(
        answer=Answer.UNKNOWN,
        trouble=Trouble.PASSING,
        error=f"The post left but {platform}'s answer did not arrive: {reason}.",
    )


def unasked(platform: str, error: Exception, phase: Phase) -> Outcome:
    """Why a question never got through."""
    return Outcome(
        answer=Answer.UNKNOWN,
        phase=phase,
        trouble=Trouble.PASSING,
        error=f"{platform} could not be asked: {reason_of(error)}.",
    )


def deleted(reply: Reply) -> Outcome:
    """A post is gone, by this answer."""
    return Outcome(answer=Answer.SENT, phase=Phase.DELETE, http_status=reply.status)


def not_deleted(platform: str, reply: Reply, reason: str) -> Outcome:
    """A post is still there, where the answer is a refusal; anything else does not tell."""
    is_refusal = reply.status in _REFUSALS
    ending = "" if is_refusal else ", which does not tell whether it still has the post"
    return Outcome(
        answer=Answer.NOT_SENT if is_refusal else Answer.UNKNOWN,
        phase=Phase.DELETE,
        http_status=reply.status,
        error=f"{platform} did not delete the post: {quoted(reply, reason)}{ending}.",
    )


def unheard(platform: str, error: Exception, *, left: bool) -> Outcome:
    """Nothing came back when a post was to be deleted: only whether anything had left is known."""
    what = (
        f"{platform} was asked to delete the post, and its answer did not arrive"
        if left
        else f"{platform} could not be reached, so nothing was deleted"
    )
    return Outcome(
        answer=Answer.UNKNOWN if left else Answer.NOT_SENT,
        phase=Phase.DELETE,
        trouble=Trouble.PASSING,
        error=f"{what}: {reason_of(error)}.",
    )


def unclear(what: str, reply: Reply, phase: Phase) -> Outcome:
    """An answer that is none."""
    return Outcome(
        answer=Answer.UNKNOWN,
        phase=phase,
        http_status=reply.status,
        trouble=Trouble.PASSING,
        error=f"{what}.",
    )


def refused(
    what: str,
    reply: Reply,
    reason: str,
    *,
    trouble: Trouble | None,
    answer: Answer = Answer.NOT_SENT,
    phase: Phase = Phase.POST,
    retry_at: datetime | None = None,
) -> Outcome:
    """`what` happened, by an answer that gives a reason or none."""
    return Outcome(
        answer=answer,
        phase=phase,
        http_status=reply.status,
        trouble=trouble,
        retry_at=retry_at,
        error=f"{what}: {quoted(reply, reason)}.",
    )


def discreet(outcome: Outcome, secrets: Iterable[str]) -> Outcome:
    """As it may be logged: nobody promised that an error does not repeat the request."""
    error = outcome.error
    for secret in secrets:
        error = error.replace(secret, HIDDEN)
    return outcome if error == outcome.error else replace(outcome, error=error)


def quoted(reply: Reply, reason: str) -> str:
    """An answer as a part of a sentence."""
    said = f" ({line(reason).rstrip('.')})" if reason else ""
    return f"HTTP {reply.status}{said}"


def reason_of(error: Exception) -> str:
    """An exception as the end of a sentence."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    return line(str(error) or type(error).__name__).rstrip(".")


def line(text: str) -> str:
    """On one line, without control characters, and not long."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    joined = " ".join(printable.split())
    return joined if len(joined) <= _LONGEST_QUOTE else f"{joined[:_LONGEST_QUOTE].rstrip()}…"
