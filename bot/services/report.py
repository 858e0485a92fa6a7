"""Says in the worker's log what became of a try, once it is written down."""

import logging

from bot.core.breaking import Breaker
from bot.platforms.base import Answer, Outcome, Trouble
from bot.store.claims import Held

logger = logging.getLogger(__name__)


def report(channel: str, held: Held, outcome: Outcome) -> None:
    """One line for one try."""
    key = held.claim.key._replace(channel=channel)
    details = {"key": str(key), "channel": channel, "http_status": outcome.http_status}
    if outcome.answer is Answer.SENT:
        where = outcome.remote_url or outcome.remote_id
        logger.info("sent %s: %s", key, where, extra={"action": "sent", **details})
    elif outcome.answer is Answer.UNKNOWN:
        said = "not known whether %s was posted: it will be looked for. %s"
        logger.warning(said, key, outcome.error, extra={"action": "unknown", **details})
    elif outcome.trouble is Trouble.CONTENT:
        said = "%s was refused: it needs a person. %s"
        logger.error(said, key, outcome.error, extra={"action": "refused", **details})
    else:
        said = "%s was not sent: it is tried again. %s"
        logger.warning(said, key, outcome.error, extra={"action": "not_sent", **details})


def report_pause(channel: str, breaker: Breaker) -> None:
    """That a channel pauses, and why; or that it goes on."""
    details = {"channel": channel}
    if breaker.paused_until is None:
        logger.info("channel '%s' goes on", channel, extra={"action": "resumed", **details})
        return
    until = f"{breaker.paused_until:%H:%M:%S} UTC"
    said = "channel '%s' is paused until %s: %s"
    logger.warning(said, channel, until, breaker.why, extra={"action": "paused", **details})
