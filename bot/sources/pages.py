"""A page as lines: plain text, or HTML without its markup but with the targets of its links."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sources import markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a line."""

    text: str
    href: str | None = None  #: as written in the page, for a link


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line as a reader of the page sees it."""

    number: int  #: 1-based, where it begins in the source
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|main|div|p|br|ul|ol|li|table|h[1-6]|span|pre|section|strong|b|a\s+href)\b)",
    re.IGNORECASE,
)
_BREAKS = re.compile("\r\n|\r|\n")


def lines(text: str) -> Iterator[Line]:
    """The lines that are not blank, in order."""
    if _HTML.search(text):
        yield from _Page(text).lines()
        return
    for number, line in enumerate(_BREAKS.split(text), start=1):
        if line and not line.isspace():
            yield Line(number=number, parts=(Part(text=line.replace("**", "")),))


_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"head", "title", "template", "noscript", "select"})
_STRUCK = frozenset({"s", "del", "strike"})


class _Page:
    """Collects what a browser would show, line by line. Struck-out text does not count."""

    def __init__(self, text: str) -> None:
        self._tokens = markup.tokens(text)
        self._parts: list[Part] = []
        self._number = 0
        self._href: str | None = None
        self._hidden: str = ""  # the tag that hides the text, until it is closed
        self._pre = False

    def lines(self) -> Iterator[Line]:
        for token in self._tokens:
            if token.tag:
                yield from self._tag(token)
            elif not self._hidden:
                yield from self._text(token)
        yield from self._flush()

    def _tag(self, token: markup.Token) -> Iterator[Line]:
        tag = token.tag
        if tag == "a":
            self._href = None if token.closing else token.href
        elif tag in _CELLS and not (token.closing or self._hidden):
            self._add(token.line, " | ")
        elif tag in _UNSEEN or tag in _STRUCK:
            self._hide(token)
        elif tag == "br":
            yield from self._flush()
        elif tag in _BLOCKS:
            self._pre = (tag == "pre" and not token.closing) or (self._pre and tag != "pre")
            if self._hidden in _STRUCK:  # never closed: it ends with its block
                self._hidden = ""
            yield from self._flush()

    def _hide(self, token: markup.Token) -> None:
        if not self._hidden and not token.closing:
            self._hidden = token.tag
        elif token.closing and token.tag == self._hidden:
            self._hidden = ""

    def _text(self, token: markup.Token) -> Iterator[Line]:
        for index, line in enumerate(_BREAKS.split(token.text) if self._pre else [token.text]):
            if index:
                yield from self._flush()
            lead = len(line) - len(line.lstrip())
            self._add(token.line + index + line.count("\n", 0, lead), html.unescape(line))

    def _add(self, number: int, text: str) -> None:
        if not self._parts:
            text = text.lstrip(" |\t\r\n\f")
            self._number = number
        if text:
            self._parts.append(Part(text=text, href=self._href))

    def _flush(self) -> Iterator[Line]:
        if any(not part.text.isspace() for part in self._parts):
            yield Line(number=self._number, parts=tuple(self._parts))
        self._parts = []
