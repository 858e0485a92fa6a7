"""Freezes a candidate into the exact bytes of a try: rendered, fitted and read once more."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.core.cards import Card
from bot.core.digests import still
from bot.core.model import Event, Image, Told, midnight
from bot.core.planning import Candidate, Key
from bot.core.pricing import cost
from bot.core.rules import Channel
from bot.core.telling import facts
from bot.core.timing import ONE_DAY
from bot.errors import CardError, TemplateError
from bot.rendering import Post
from bot.rendering.views import address
from bot.services.extras import extras
from bot.services.ground import Ground
from bot.services.mint import mint
from bot.store import images
from bot.store.claims import Claim
from bot.store.posts import PostRecord
from bot.store.session import Connection

logger = logging.getLogger(__name__)


def write(
    ground: Ground,
    key: Key,
    candidate: Candidate,
    channel: Channel,
    now: datetime,
    *,
    linked: bool = True,
    draw: bool = True,
) -> Claim:
    """The claim as it is true now. Raises TemplateError where it cannot be said well.

    A picture that cannot be drawn holds up no post: it goes without. `draw`: False where the words
    alone are asked for. `linked`: whether it carries links, where the channel has both.
    """
    edition = ground.edition
    post = edition.post(candidate, channel, now, ground.programme, linked=linked)
    card = edition.card(candidate, channel, now)
    if faults := edition.faults(post, channel, card):
        raise TemplateError(f"it reads wrong: {'; '.join(faults)}")
    image = _drawn(ground, card, key) if card and draw else None
    return Claim(
        key=key,
        template=candidate.rule.template,
        due=candidate.due,
        deadline=candidate.deadline,
        true_until=_true_until(candidate, now),
        event_revision=candidate.record.revision,
        text=post.text,
        idempotency_key=mint(now),
        facts=_tellings(ground, candidate, post),
        links=post.links,
        extras=extras(ground, candidate, channel, post, image=image, alt=card.alt if card else ""),
        image=image,
    )


def _tellings(ground: Ground, candidate: Candidate, post: Post) -> tuple[tuple[str, Told], ...]:
    """By uid, what the post tells of each event it speaks of."""
    events = _spoken_of(ground, candidate, post.listed)
    return tuple([(event.uid, _told(candidate, event, post.links)) for event in events])


def _spoken_of(ground: Ground, candidate: Candidate, listed: tuple[str, ...] | None) -> list[Event]:
    """The events a post tells about: its own, and those that its lists show."""
    if candidate.events is not None:
        events = [record.event for record in candidate.events]
        return events if listed is None else [event for event in events if event.uid in listed]
    event = candidate.record.event
    return [event, *(ground.programme.event(uid) for uid in listed or () if uid != event.uid)]


def _true_until(candidate: Candidate, now: datetime) -> datetime:
    """When "today" means another day, or what a digest lists is ahead no longer."""
    until = min(candidate.deadline, day_after(now, candidate.record.event.zone))
    if candidate.events is None:
        return until
    begins = [still(record.event) for record in candidate.events]
    return min([until, *(begun for begun in begins if begun > now)])


def rewrite(
    connection: Connection,
    ground: Ground,
    row: PostRecord,
    candidate: Candidate,
    channel: Channel,
    *,
    now: datetime,
) -> Claim | None:
    """The row's own bytes once more, where writing it anew says the very same.

    Nobody knows whether the first was charged for: the claim's cost is that of both.
    """
    try:
        linked = bool(row.links)
        claim = write(ground, row.key, candidate, channel, now, linked=linked, draw=False)
    except TemplateError:
        return None
    if claim.text != row.text:
        return None
    image = None
    if row.extras.image:
        if claim.extras.alt != row.extras.alt:  # the picture would show what is true no longer
            return None
        image = images.load(connection, row.extras.image, row.extras.alt)
        if image is None:  # its bytes are gone: it can be looked for, not repeated
            return None
    costs = Decimal(row.extras.cost_usd) + cost(
        channel, linked=bool(row.links), pictured=image is not None
    )
    extras = replace(row.extras, cost_usd=str(costs)) if costs else row.extras
    return claim.again(row.idempotency_key or "", row.links, extras, image)


def _drawn(ground: Ground, card: Card, key: Key) -> Image | None:
    try:
        return ground.edition.cards.draw(card)
    except CardError as error:
        logger.warning(
            "%s goes out without its card: %s", key, error, extra={"action": "card_not_drawn"}
        )
        return None


def day_after(now: datetime, where: ZoneInfo) -> datetime:
    """The next local midnight: from then on "today" and "tomorrow" mean other days."""
    return midnight(now.astimezone(where).date() + ONE_DAY, where)


def _told(candidate: Candidate, event: Event, links: Sequence[str]) -> Told:
    """What a post tells of an event: addresses only where it has them as links.

    A notice tells everything, whatever its words: else it would be due again and again.
    """
    said = facts(event)
    if candidate.told is not None:
        return said
    return {
        name: "" if url and name in _ADDRESSES and address(url) not in links else url
        for name, url in said.items()
    }


_ADDRESSES = frozenset({"url", "recording_url"})
