"""Freezes a candidate into the exact bytes of a try: rendered, fitted and read once more."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.model import Event, Told
from bot.core.planning import Candidate, Key
from bot.core.rules import Channel
from bot.core.telling import facts
from bot.errors import TemplateError
from bot.rendering.views import address
from bot.services.ground import Ground
from bot.services.mint import mint
from bot.store import images
from bot.store.claims import NOTHING, Claim, Extras
from bot.store.posts import PostRecord
from bot.store.session import Connection


def write(ground: Ground, key: Key, candidate: Candidate, channel: Channel, now: datetime) -> Claim:
    """The claim as it is true now. Raises TemplateError where it cannot be said well."""
    edition = ground.edition
    post = edition.post(candidate, channel, now, ground.programme)
    if faults := edition.faults(post, channel):
        raise TemplateError(f"it reads wrong: {'; '.join(faults)}")
    event = candidate.record.event
    return Claim(
        key=key,
        template=candidate.rule.template,
        due=candidate.due,
        deadline=candidate.deadline,
        true_until=min(candidate.deadline, day_after(now, event.zone)),
        event_revision=candidate.record.revision,
        text=post.text,
        idempotency_key=mint(now),
        facts=((event.uid, _told(candidate, event, post.links)),),
        links=post.links,
        extras=Extras(reply_to=candidate.reply_to) if candidate.reply_to else NOTHING,
    )


def rewrite(
    connection: Connection,
    ground: Ground,
    row: PostRecord,
    candidate: Candidate,
    channel: Channel,
    *,
    now: datetime,
) -> Claim | None:
    """The row's own bytes once more, where writing it anew says the very same."""
    try:
        claim = write(ground, row.key, candidate, channel, now)
    except TemplateError:
        return None
    if claim.text != row.text:
        return None
    image = None
    if row.extras.image:
        image = images.load(connection, row.extras.image, row.extras.alt)
        if image is None:  # its bytes are gone: it can be looked for, not repeated
            return None
    return claim.again(row.idempotency_key or "", row.links, row.extras, image)


def day_after(now: datetime, where: ZoneInfo) -> datetime:
    """The next local midnight: from then on "today" and "tomorrow" mean other days."""
    tomorrow = now.astimezone(where).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), where).astimezone(UTC)


def _told(candidate: Candidate, event: Event, links: Sequence[str]) -> Told:
    """What a post tells of an event: addresses only where it has them as links.

    A notice tells everything, whatever its words: else it would be due again and again.
    """
    said = dict(facts(event))
    if candidate.told is not None:
        return said
    own = {"url": event.url, "recording_url": event.recording_url}
    return said | {name: "" for name, url in own.items() if address(url) not in links}
