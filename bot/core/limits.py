"""What one server takes: what was heard from it, where it says so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.model import Image


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """None, or nothing: the server did not say, and the platform's usual holds."""

    text: int | None = None  #: the longest post, as its platform counts
    link: int | None = None  #: what a link counts, however long it is
    alt: int | None = None  #: characters of an alt text
    image_bytes: int | None = None
    image_types: tuple[str, ...] = ()  #: media types of the pictures it takes

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self) | {"image_types": list(self.image_types)}

    def unfit(self, image: Image) -> str:
        """Why a picture would not be taken, as the end of a sentence; empty where it would."""
        if self.image_types and image.media_type not in self.image_types:
            return f"pictures of the type {image.media_type} are not taken"
        if self.image_bytes is not None and len(image.data) > self.image_bytes:
            return f"it has {len(image.data):,} bytes, and {self.image_bytes:,} at most are taken"
        return ""


UNHEARD = Limits()
"""Of a server that was not asked."""


def limits_of(plain: object) -> Limits:
    """Limits as `plain` wrote them; of anything else what can be made use of."""
    if not isinstance(plain, Mapping):
        return UNHEARD
    return Limits(
        text=amount(plain.get("text")),
        link=amount(plain.get("link")),
        alt=amount(plain.get("alt")),
        image_bytes=amount(plain.get("image_bytes")),
        image_types=names(plain.get("image_types")),
    )


def amount(found: object) -> int | None:
    """A whole number above nothing; None for whatever else a server says."""
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if found > 0 else None


def names(found: object) -> tuple[str, ...]:
    """The words of a list; none of whatever else a server says."""
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
