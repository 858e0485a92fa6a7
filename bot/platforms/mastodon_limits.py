"""What a Mastodon server takes, by its own word (docs.joinmastodon.org, entities/Instance)."""

from collections.abc import Mapping
from typing import Any

from bot.core.limits import Limits, amount, names


def limits_of(answer: object) -> Limits | None:
    """What GET /api/v2/instance says, or /api/v1/instance; None where that is no instance."""
    if not isinstance(answer, Mapping):
        return None
    told = _part(answer, "configuration")
    statuses, media = _part(told, "statuses"), _part(told, "media_attachments")
    return Limits(
        # what forks said before there was a configuration
        text=amount(statuses.get("max_characters")) or amount(answer.get("max_toot_chars")),
        link=amount(statuses.get("characters_reserved_per_url")),
        alt=amount(media.get("description_limit")),
        image_bytes=amount(media.get("image_size_limit")),
        image_types=names(media.get("supported_mime_types")),
    )


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}
