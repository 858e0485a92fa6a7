"""One try at one post: within its time, under its lease, and always with one of three answers."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.core.breaking import CLOSED, Breaker
from bot.core.retrying import next_try
from bot.core.states import Cause
from bot.errors import LeaseLostError, StaleError
from bot.platforms.base import Answer, Outcome, Parcel, Publisher, Trouble
from bot.store.claims import Claim, Held, Settlement

logger = logging.getLogger(__name__)


async def publish(
    publisher: Publisher,
    held: Held,
    clock: Clock,
    *,
    runs_out: float,
    limit: timedelta,
    reached: Callable[[str], None],
) -> Outcome:
    """Try once within `limit`, never raising; `runs_out`: when the lease does, in clock.elapsed().

    Nothing leaves unless the whole try fits into the lease: after it another worker may look.
    """
    left = False

    def check() -> None:
        nonlocal left
        if clock.elapsed() > runs_out - limit.total_seconds():
            raise LeaseLostError("the lease was running out before the first byte was sent")
        if clock.now() >= held.claim.true_until:
            raise StaleError("what it says was no longer true before the first byte was sent")
        reached("leaving")
        left = True

    def without_answer(why: str) -> Outcome:
        answer = Answer.UNKNOWN if left else Answer.NOT_SENT
        return Outcome(answer=answer, trouble=Trouble.PASSING, error=why)

    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await publisher.publish(_parcel(held.claim), check)
    except (LeaseLostError, StaleError) as error:  # nothing of it is the platform's trouble
        return Outcome(answer=Answer.NOT_SENT, error=str(error))
    except TimeoutError:
        return without_answer(f"no answer within {limit.total_seconds():g} seconds")
    except asyncio.CancelledError:
        return without_answer("the bot was stopped before it heard the answer")
    except Exception as error:  # a publisher that breaks its word must not lose a post
        logger.exception("a publisher raised", extra={"action": "publisher_raised"})
        return without_answer(f"{type(error).__name__} in the publisher")


def _parcel(claim: Claim) -> Parcel:
    return Parcel(
        key=str(claim.key),
        text=claim.text,
        idempotency_key=claim.idempotency_key,
        links=claim.links,
        language=claim.extras.language,
        warning=claim.extras.warning,
        reply_to=claim.extras.reply_to,
        image=claim.image,
        title=claim.extras.title,
    )


def settled(
    held: Held,
    outcome: Outcome,
    *,
    started: datetime,
    ended: datetime,
    first_look: timedelta | None,
    first_wait: timedelta,
) -> Settlement:
    """What a try's outcome means for its row."""
    cause = _cause(held, outcome)
    again = {
        Cause.REFUSED: next_try(held.tries, ended, outcome.retry_at, first=first_wait),
        Cause.UNCLEAR: None if first_look is None else ended + first_look,
    }
    return Settlement(
        post_id=held.post_id,
        tries=held.tries,
        cause=cause,
        phase=outcome.phase,
        outcome=outcome.answer,
        started=started,
        ended=ended,
        http_status=outcome.http_status,
        remote_id=outcome.remote_id,
        remote_url=outcome.remote_url,
        reason=outcome.error,
        # Of a text never sent before, a duplicate is either another post's, and a person has to
        # reword one, or ours after all (X repeats inside): looked for, never sent again.
        needs_person=_needs_person(held, outcome)
        or (cause is Cause.UNCLEAR and first_look is None),
        next_try_at=again.get(cause),
    )


def _needs_person(held: Held, outcome: Outcome) -> bool:
    if outcome.answer is Answer.NOT_SENT:
        return outcome.trouble is Trouble.CONTENT
    return outcome.duplicate and not held.resent


def _cause(held: Held, outcome: Outcome) -> Cause:
    if outcome.answer is Answer.SENT:
        return Cause.SETTLED
    if outcome.answer is Answer.UNKNOWN or held.resent:  # of an earlier try nothing is proven
        return Cause.UNCLEAR
    return Cause.GIVEN_UP if outcome.trouble is Trouble.CONTENT else Cause.REFUSED


def judged(breaker: Breaker, outcome: Outcome, now: datetime, *, first_pause: timedelta) -> Breaker:
    """What a try's outcome means for its channel."""
    if outcome.answer is Answer.SENT or outcome.trouble is Trouble.CONTENT or outcome.duplicate:
        return CLOSED
    if outcome.trouble is None and outcome.answer is Answer.NOT_SENT:
        return breaker
    return breaker.failed(
        now,
        outcome.error,
        at_once=outcome.trouble is Trouble.ACCOUNT,
        not_before=outcome.retry_at,
        first_pause=first_pause,
    )
