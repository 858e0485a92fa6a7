"""Posts as X lists them, put back to the text that was posted.

X shortens every link to t.co and escapes & < >; `entities` says what each link was. Anything that
is not understood is an error: a list that is not complete must not look like "it is not there".
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape

from bot.platforms.base import RemotePost
from bot.platforms.x_answers import web_address


def posts_of(page: object) -> Sequence[RemotePost]:
    """The posts of one page of GET /2/users/:id/tweets. ValueError says what is unclear."""
    if not isinstance(page, Mapping):
        raise ValueError("the page is not a JSON object")  # noqa: TRY004 - for the caller it is one
    if page.get("errors"):
        raise ValueError("the page is not whole")
    listed = _list(page, "data")
    count = _meta(page).get("result_count")
    if count is None and "data" not in page:
        raise ValueError("the page has no list of posts")
    if count is not None and count != len(listed):
        raise ValueError(f"the page speaks of {count} posts and has {len(listed)}")
    return [_post(item) for item in listed]


def next_page(page: object) -> str | None:
    """The token of the page with older posts."""
    token = _meta(page).get("next_token") if isinstance(page, Mapping) else None
    return token if isinstance(token, str) and token else None


def _meta(page: Mapping[str, object]) -> Mapping[str, object]:
    meta = page.get("meta", {})
    if not isinstance(meta, Mapping):
        raise ValueError("the page has no meta object")  # noqa: TRY004 - as above
    return meta


def _post(item: object) -> RemotePost:
    match item:
        case {"id": str(remote_id), "text": str(text), "created_at": str(created), **rest} if (
            remote_id
        ):
            return RemotePost(
                remote_id=remote_id,
                text=_as_posted(text, _links(rest.get("entities"))),
                created_at=_instant(created),
                remote_url=web_address(remote_id),
            )
    raise ValueError("a post has no id, text or created_at")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"created_at {text!r} has no zone")
    return instant


def _links(entities: object) -> dict[str, str]:
    """From each shortened link to what was written; attached media were not written at all."""
    links: dict[str, str] = {}
    for url in _list(entities, "urls"):
        match url:
            case {"url": str(short), "media_key": str()}:
                links[short] = ""
            case {"url": str(short), "expanded_url": str(expanded)}:
                links[short] = expanded
            case _:
                raise ValueError("a link has no url or expanded_url")
    return links


def _list(value: object, name: str) -> Sequence[object]:
    found = value.get(name, []) if isinstance(value, Mapping) else []
    if not isinstance(found, list):
        raise ValueError(f"{name} is not a list")  # noqa: TRY004 - as above
    return found


def _as_posted(text: str, links: Mapping[str, str]) -> str:
    """In one pass, so that nothing is replaced in what was put back."""
    longest_first = sorted(links, key=len, reverse=True)
    pattern = "|".join([*map(re.escape, longest_first), "&(?:amp|lt|gt);"])
    restored = re.sub(pattern, lambda found: links.get(found[0], unescape(found[0])), text)
    return restored.rstrip() if "" in links.values() else restored
