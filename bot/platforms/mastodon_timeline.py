"""Posts as a Mastodon server lists them, put back from HTML to the text that was posted.

A link's text holds the whole address, in parts that are hidden from readers; a mention's lacks the
server, which stands in `mentions`. Anything that is not understood is an error: a list that is not
complete must not look like "it is not there".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html.parser import HTMLParser

from bot.platforms.base import RemotePost


def posts_of(page: object) -> Sequence[RemotePost]:
    """The posts of one page of GET /api/v1/accounts/:id/statuses. ValueError: what is unclear."""
    if not isinstance(page, list):
        raise ValueError("the page is not a list")  # noqa: TRY004 - for the caller it is one
    return [_post(item) for item in page]


def _post(item: object) -> RemotePost:
    match item:
        case {"id": str(remote_id), "content": str(html), "created_at": str(created), **rest} if (
            remote_id
        ):
            url = rest.get("url") or rest.get("uri")
            source = rest.get("text")  # some servers list it, and cut what looks like markup
            known = isinstance(source, str) and source
            return RemotePost(
                remote_id=remote_id,
                text=str(source) if known else plain(html, _mentions(rest.get("mentions"))),
                created_at=_instant(created),
                remote_url=url if isinstance(url, str) else None,
            )
    raise ValueError("a post has no id, content or created_at")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"created_at {text!r} has no zone")
    return instant


def _mentions(listed: object) -> dict[str, str]:
    """From the address of each account that is mentioned to what was written."""
    found: dict[str, str] = {}
    for mention in listed if isinstance(listed, list) else []:
        match mention:
            case {"url": str(url), "acct": str(acct)}:
                found[url] = f"@{acct}"
    return found


def plain(html: str, mentions: Mapping[str, str] | None = None) -> str:
    """The text of a status."""
    reader = _Reader(mentions or {})
    reader.feed(html)
    reader.close()
    return "".join(reader.text).strip()


class _Reader(HTMLParser):
    """Paragraphs, line breaks, and links as they were written."""

    def __init__(self, mentions: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._mentions = mentions
        self._link: tuple[str, int] | None = None  #: its address, and where its text begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.text.append("\n")
        elif tag == "p" and self.text:
            self.text.append("\n\n")
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            href, begin = self._link
            shown = "".join(self.text[begin:])
            self.text[begin:] = [self._written(href, shown)]
            self._link = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def _written(self, href: str, shown: str) -> str:
        if href in self._mentions and shown.startswith("@"):
            return self._mentions[href]
        is_cut = shown.endswith("…") or "://" not in shown
        return href if is_cut and not shown.startswith(("#", "@")) else shown
