"""What a post on Bluesky carries beside its text: a picture, a card for its link, its thread."""

from collections.abc import Mapping
from typing import Any

from bot.core.model import Image
from bot.platforms.base import Parcel
from bot.platforms.http import Reply


def picture(image: Image, blob: Mapping[str, Any]) -> dict[str, Any]:
    """A picture with its alt text, in its own shape."""
    ratio = {"width": image.width, "height": image.height}
    shown = {"alt": image.alt, "image": dict(blob), "aspectRatio": ratio}
    return {"$type": "app.bsky.embed.images", "images": [shown]}


def link_card(parcel: Parcel) -> dict[str, Any] | None:
    """A card for the first link, in the words of the frozen text; None where there is none.

    No page is fetched: it might answer otherwise when the same record has to be made again.
    """
    if not (parcel.links and parcel.title):
        return None
    lines = [line.strip() for line in parcel.text.splitlines()]
    said = [line for line in lines[1:] if line and not _is_apparatus(line, parcel.links)]
    card = {"uri": parcel.links[0], "title": parcel.title, "description": " · ".join(said)}
    return {"$type": "app.bsky.embed.external", "external": card}


def _is_apparatus(line: str, links: tuple[str, ...]) -> bool:
    return line.startswith("#") or any(link in line for link in links)


def blob_of(answer: object) -> Mapping[str, Any] | None:
    """The blob of an answer to com.atproto.repo.uploadBlob."""
    match answer:
        case {"blob": {"ref": {"$link": str()}, "mimeType": str(), "size": int()} as blob}:
            return dict(blob)
    return None


def thread_of(answered: Reply) -> dict[str, Any] | None:
    """Where an answer to a stored post belongs, by what com.atproto.repo.getRecord gave."""
    match answered.json():
        case {"uri": str(uri), "cid": str(cid), "value": dict(post)}:
            parent = {"uri": uri, "cid": cid}
            return {"root": _root(post) or parent, "parent": parent}
    return None


def _root(post: Mapping[str, Any]) -> dict[str, str] | None:
    match post.get("reply"):
        case {"root": {"uri": str(uri), "cid": str(cid)}}:
            return {"uri": uri, "cid": cid}
    return None
