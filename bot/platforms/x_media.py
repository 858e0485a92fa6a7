"""Pictures for posts on X: what is asked, and what the answers prove.

A picture is uploaded for one try and kept by X for a day. Whatever goes wrong with it proves that
there is no post, because that is asked for last.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.limits import Limits
from bot.core.model import Image
from bot.platforms.answers import reason_of
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.platforms.http import Reply
from bot.platforms.x_answers import id_of, not_told

UPLOAD = "/2/media/upload"
DESCRIBE = "/2/media/metadata"
LIMITS = Limits(
    image_bytes=5_000_000,
    image_types=("image/png", "image/jpeg", "image/gif", "image/webp"),
)
"""Of pictures (docs.x.com, media best practices)."""

LONGEST_ALT = 1000

_REFUSED = {400: Trouble.CONTENT, 413: Trouble.CONTENT, 415: Trouble.CONTENT, 422: Trouble.CONTENT}


def unfit(image: Image) -> Outcome | None:
    """Why X would not take a picture, without asking it; None where it would."""
    why = LIMITS.unfit(image)
    return _not_sent(f"X would not take the picture: {why}.") if why else None


def form(image: Image) -> tuple[bytes, str]:
    """The upload's body, and its content type."""
    from urllib3.filepost import encode_multipart_formdata  # noqa: PLC0415 - only with a picture

    name = f"picture.{image.media_type.rpartition('/')[2]}"
    return encode_multipart_formdata(
        {
            "media_category": "tweet_image",
            "media": (name, image.data, image.media_type),
        }
    )


def description(media_id: str, alt: str) -> Mapping[str, object]:
    """What says to X what a picture shows; an alt text that is too long ends in …."""
    fitting = alt if len(alt) <= LONGEST_ALT else f"{alt[: LONGEST_ALT - 1].rstrip()}…"
    return {"id": media_id, "metadata": {"alt_text": {"text": fitting}}}


def uploaded(reply: Reply, now: datetime) -> str | Outcome:
    """The id of a picture; or why there is none, and so no post."""
    media_id = id_of(reply.json()) if reply.ok else None
    if media_id is None:
        return _failed("X did not take the picture", reply, now)
    match reply.json():
        case {"data": {"processing_info": {"state": "failed"}}}:
            return _not_sent("X could not process the picture.")
    return media_id


def described(reply: Reply, now: datetime) -> Outcome | None:
    """Why a picture has no alt text, without which nothing is posted; None where it has."""
    return None if reply.ok else _failed("X did not take the picture's alt text", reply, now)


def not_attached(error: Exception) -> Outcome:
    """The outcome of a try whose picture got no answer."""
    why = f"The picture could not be sent to X, so nothing was posted: {reason_of(error)}."
    return Outcome(answer=Answer.NOT_SENT, phase=Phase.MEDIA, trouble=Trouble.PASSING, error=why)


def _failed(what: str, reply: Reply, now: datetime) -> Outcome:
    told = not_told(reply, now, phase=Phase.MEDIA, what=what)
    trouble = _REFUSED.get(reply.status, told.trouble)
    return replace(told, answer=Answer.NOT_SENT, trouble=trouble)


def _not_sent(why: str) -> Outcome:
    return Outcome(answer=Answer.NOT_SENT, phase=Phase.MEDIA, trouble=Trouble.CONTENT, error=why)
