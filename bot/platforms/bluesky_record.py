"""A post as Bluesky stores it, and back.

Nothing is linked by the server: facets say which bytes of the UTF-8 text are a link or a tag. The
record follows from the frozen text, links and key alone, so that it is the same bytes whenever it
is made: put again under its key the same record is a no-op, another one a silent edit.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.tid import instant_of
from bot.platforms.base import RemotePost

COLLECTION = "app.bsky.feed.post"
_FACET = "app.bsky.richtext.facet"
_TAG = re.compile(r"(?<![\w&/#])#((?:\w|[^\x00-\x7f])+)")


def record(
    text: str,
    links: Sequence[str],
    key: str,
    *,
    language: str | None = None,
    embed: Mapping[str, Any] | None = None,
    reply: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record; `key` is a TID, from which its time follows."""
    created = instant_of(key)
    assert created is not None, key
    found = sorted(_facets(text, links), key=lambda facet: facet["index"]["byteStart"])
    return {
        "$type": COLLECTION,
        "text": text,
        "createdAt": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **({"facets": found} if found else {}),
        **({"langs": [language]} if language else {}),
        **({"embed": embed} if embed else {}),
        **({"reply": reply} if reply else {}),
    }


def _facets(text: str, links: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Links wherever they stand, the longest first; tags in what is left."""
    rest = text
    for link in sorted(set(links), key=len, reverse=True):
        for found in re.finditer(re.escape(link), rest):
            yield _facet(text, found.start(), found.end(), {"$type": f"{_FACET}#link", "uri": link})
        rest = rest.replace(link, "\0" * len(link))
    for found in _TAG.finditer(rest):
        if tag := _tag(found[1]):
            end = found.start(1) + len(tag)
            yield _facet(text, found.start(), end, {"$type": f"{_FACET}#tag", "tag": tag})


def _tag(text: str) -> str:
    """The letters, marks and digits a text begins with; empty where no letter is among them."""
    categories = [unicodedata.category(character) for character in text]
    length = next(
        (at for at, one in enumerate(categories) if one[0] not in "LMN" and one != "Pc"), len(text)
    )
    return text[:length] if any(one[0] == "L" for one in categories[:length]) else ""


def _facet(text: str, start: int, end: int, feature: Mapping[str, str]) -> dict[str, Any]:
    first = len(text[:start].encode())
    index = {"byteStart": first, "byteEnd": first + len(text[start:end].encode())}
    return {"index": index, "features": [dict(feature)]}


def posts_of(page: object) -> tuple[Sequence[RemotePost], str | None]:
    """The posts of one page of com.atproto.repo.listRecords, and the cursor to older ones.

    ValueError says what is unclear. What has no text or time is no post of ours and left out.
    """
    match page:
        case {"records": list(records), **rest}:
            cursor = rest.get("cursor")
            found = [one for item in records if (one := _post(item)) is not None]
            return found, cursor if records and isinstance(cursor, str) else None
    raise ValueError("the page has no list of records")


def _post(item: object) -> RemotePost | None:
    match item:
        case {"uri": str(uri), "value": {"text": str(text), "createdAt": str(created)}}:
            try:
                instant = datetime.fromisoformat(created)
            except ValueError:
                return None
            if instant.tzinfo is None:
                return None
            return RemotePost(
                remote_id=key_of(uri),
                text=text,
                created_at=instant,
                remote_url=web_address(uri),
            )
        case {"uri": str()}:
            return None
    raise ValueError("a record has no uri")


def key_of(uri: str) -> str:
    """The last part of at://did/collection/key."""
    return uri.rpartition("/")[2]


def web_address(uri: str) -> str:
    """Where people see the post."""
    repo = uri.removeprefix("at://").partition("/")[0]
    return f"https://bsky.app/profile/{repo}/post/{key_of(uri)}"
