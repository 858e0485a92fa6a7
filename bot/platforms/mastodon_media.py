"""Pictures for posts on Mastodon: what the answers about an upload prove.

A picture is uploaded before the post is asked for, so whatever goes wrong with it proves that there
is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.fitting import cut
from bot.core.model import Image
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.http import Reply
from bot.platforms.mastodon_answers import not_told

LONGEST_ALT = 1500
"""Characters of an alt text, where a server does not say (docs.joinmastodon.org, media)."""

_WORKING = frozenset({202, 206})
_NO_PICTURE = frozenset({400, 413, 415, 422})


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A picture on its server."""

    id: str
    ready: bool  #: whether a post may have it already


def described(alt: str, longest: int = LONGEST_ALT) -> str:
    """An alt text the server takes: cut at the end of a word."""
    return cut(alt, longest)


def file_name(image: Image) -> str:
    """Another one for other bytes: some servers keep one picture under each name."""
    return f"{image.digest[:24]}.{image.media_type.rpartition('/')[2]}"


def upload_of(reply: Reply, now: datetime) -> Upload | Outcome:
    """What POST /api/v2/media or a look at GET /api/v1/media/:id says."""
    media = reply.json() if reply.ok else None
    if isinstance(media, Mapping) and isinstance(media.get("id"), str) and media["id"]:
        return Upload(id=media["id"], ready=reply.status not in _WORKING)
    told = not_told(reply, now, phase=Phase.MEDIA)
    trouble = Trouble.CONTENT if reply.status in _NO_PICTURE else told.trouble
    return replace(told, answer=Answer.NOT_SENT, trouble=trouble)


def refused_upload(why: str, trouble: Trouble = Trouble.PASSING) -> Outcome:
    """The outcome of a try whose picture did not get through."""
    return Outcome(
        answer=Answer.NOT_SENT,
        phase=Phase.MEDIA,
        trouble=trouble,
        error=f"The picture could not be sent, so nothing was posted: {why}.",
    )
