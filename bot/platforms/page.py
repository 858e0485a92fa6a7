"""The local timeline as one page: a feed that needs nothing but a browser."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.model import Series
from bot.platforms.timeline import PICTURES, LocalPost, Timeline

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MARKED = re.compile(
    r"(?P<link>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]\u2019\u201d])|(?P<hashtag>(?<!\w)#\w+)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A stretch of a post's text."""

    kind: str  #: text, link, hashtag
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A post as the page shows it."""

    post: LocalPost
    local: datetime  #: in the series' zone
    pieces: Sequence[Piece]


class Page:
    """<folder>/timeline.html."""

    def __init__(
        self, timeline: Timeline, series: Series, *, now: Callable[[], datetime], rehearsal: bool
    ) -> None:
        self.path = timeline.folder / "timeline.html"
        self._timeline = timeline
        self._series = series
        self._now = now
        self._rehearsal = rehearsal

    def write(self) -> None:
        """Readers see the old page or the new one, never a part. Raises OSError."""
        self._timeline.refresh()
        unfinished = self.path.with_name(f".timeline-{os.getpid()}.html")
        unfinished.write_text(self.html(), encoding="utf-8")
        unfinished.replace(self.path)

    def html(self) -> str:
        """The page's text."""
        newest = list(self._timeline.latest)[::-1]
        channels = sorted({post.channel for post in newest})
        return _TEMPLATES.get_template("timeline.html.j2").render(
            series=self._series,
            initials=initials(self._series.name),
            days=list(_days(newest, self._series)),
            channels=channels,
            total=len(self._timeline),
            shown=len(newest),
            rehearsal=self._rehearsal,
            pictures=PICTURES,
            now=self._now().astimezone(self._series.zone),
        )


def pieces(text: str) -> list[Piece]:
    """The text cut at its links and hashtags; joined, they are the text."""
    found: list[Piece] = []
    at = 0
    for match in _MARKED.finditer(text):
        found.append(Piece(kind="text", text=text[at : match.start()]))
        found.append(Piece(kind=match.lastgroup or "text", text=match[0]))
        at = match.end()
    return [piece for piece in [*found, Piece(kind="text", text=text[at:])] if piece.text]


def initials(name: str) -> str:
    """Of the first two words that begin with a letter or digit."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "#"


def _days(newest: Sequence[LocalPost], series: Series) -> Iterator[tuple[date, list[Shown]]]:
    shown = [
        Shown(post=post, local=post.posted_at.astimezone(series.zone), pieces=pieces(post.text))
        for post in newest
    ]
    for day, posts in groupby(shown, key=lambda each: each.local.date()):
        yield day, list(posts)
