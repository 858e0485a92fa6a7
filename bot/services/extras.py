"""What is frozen with a text, beside its words."""

from bot.core.model import Image
from bot.core.neutralising import neutral
from bot.core.planning import Candidate
from bot.core.pricing import cost
from bot.core.rules import Channel
from bot.rendering import Post
from bot.services.ground import Ground
from bot.store.claims import Extras

HEADED = frozenset({"bluesky"})
"""Platforms on which we make the card of a link ourselves."""


def extras(
    ground: Ground,
    candidate: Candidate,
    channel: Channel,
    post: Post,
    *,
    image: Image | None,
    alt: str,
) -> Extras:
    """The extras of a post that is about to be claimed."""
    series = ground.edition.schedules.series
    title = ""
    if channel.platform in HEADED and post.links:
        title = neutral(candidate.record.event.title, series.hashtag)
    return Extras(
        language=channel.language or series.language,
        warning=candidate.rule.warning,
        title=title,
        reply_to=candidate.reply_to,
        image=image.digest if image else None,
        alt=alt,
        cost_usd=str(cost(channel, linked=bool(post.links), pictured=bool(alt))),
    )
