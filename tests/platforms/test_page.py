import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.page import Page, Piece, initials, pieces
from bot.platforms.timeline import LATEST, LocalPost, Timeline
from tests.support.publishers import SERIES

NOON = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)


def post(number: int, text: str = "", *, channel: str = "x", at: datetime = NOON) -> LocalPost:
    return LocalPost(
        id=f"{number:x}", channel=channel, key="e/r/c/1", text=text or f"t {number}", posted_at=at
    )


def page(folder: Path, *posts: LocalPost, rehearsal: bool = False) -> str:
    timeline = Timeline(folder, durable=False)
    timeline.append(posts)
    Page(timeline, SERIES, now=lambda: NOON, rehearsal=rehearsal).write()
    return (folder / "timeline.html").read_text(encoding="utf-8")


class Reader(HTMLParser):
    """The visible words, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._styled = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._styled = self._styled and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._styled and data.strip():
            self.words.append(" ".join(data.split()))


def test_times_and_days_are_those_of_the_series(tmp_path: Path) -> None:
    late = datetime(2021, 6, 8, 23, 30, tzinfo=UTC)
    winter = datetime(2021, 11, 24, 9, 0, tzinfo=UTC)

    words = Reader(page(tmp_path, post(1), post(2, at=late), post(3, at=winter))).words

    days = [word for word in words if word.endswith(" 2021")]
    assert days == ["Wednesday 24 November 2021", "Wednesday 9 June 2021", "Tuesday 8 June 2021"]
    times = [word for word in words if re.fullmatch(r"\d\d:\d\d [A-Z]+", word)]
    assert times == ["09:00 GMT", "00:30 BST", "12:00 BST"]


def test_the_newest_is_on_top(tmp_path: Path) -> None:
    words = Reader(page(tmp_path, *(post(number) for number in range(3)))).words

    assert [word for word in words if word.startswith("t ")] == ["t 2", "t 1", "t 0"]


def test_markup_in_a_post_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    evil = """<script>alert(1)</script> https://e.org/"onclick="x #a"<b javascript:alert(1)"""

    html = page(tmp_path, post(1, evil, channel="</style><i>x"))

    tags = {tag for tag, _ in Reader(html).tags}
    assert tags & {"script", "b", "i"} == set()
    hrefs = [attributes["href"] for tag, attributes in Reader(html).tags if tag == "a"]
    assert [href for href in hrefs if href and href.startswith("https:")] == ["https://e.org/"]
    assert [href for href in hrefs if href and href.startswith("javascript")] == []


def test_a_text_keeps_its_lines_and_nothing_is_put_around_it(tmp_path: Path) -> None:
    html = page(tmp_path, post(1, "One & two\n\nthree #MidlandsHealth"))

    assert (
        '<p class="text" dir="auto">One &amp; two\n\nthree '
        '<span class="hashtag">#MidlandsHealth</span></p>' in html
    )


def test_nothing_is_fetched_from_anywhere(tmp_path: Path) -> None:
    html = page(tmp_path, post(1, "see https://example.org/a"))

    tags = Reader(html).tags
    assert [tag for tag, attributes in tags if "src" in attributes] == []
    fetched = [attributes["href"] for tag, attributes in tags if tag == "link"]
    assert fetched == ["data:,"]
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_a_rehearsal_says_so_and_shows_the_simulated_time(tmp_path: Path) -> None:
    rehearsed = " ".join(Reader(page(tmp_path, post(1), rehearsal=True)).words)
    real = " ".join(Reader(page(tmp_path / "real", post(1))).words)

    assert "Rehearsal. The times are simulated" in rehearsed
    assert "Played up to Tuesday 8 June 2021, 12:00 BST" in rehearsed
    assert "Rehearsal" not in real


def test_channels_can_be_looked_at_one_by_one(tmp_path: Path) -> None:
    html = page(tmp_path, post(1), post(2, channel="mastodon"))
    alone = page(tmp_path / "alone", post(1))

    choices = [attributes.get("id") for tag, attributes in Reader(html).tags if tag == "input"]
    assert choices == ["all", "only-1", "only-2"]
    assert "body:has(#only-2:checked)" in html
    assert "<input" not in alone


def test_an_empty_timeline_is_a_page_too(tmp_path: Path) -> None:
    assert "Nothing has been posted yet." in page(tmp_path)


def test_a_very_long_timeline_shows_its_end_and_says_so(tmp_path: Path) -> None:
    count = LATEST + 5
    start = NOON - timedelta(minutes=count)
    posts = (post(n, at=start + timedelta(minutes=n)) for n in range(count))

    html = page(tmp_path, *posts)

    assert f"The newest {LATEST} of {count} posts" in html
    assert html.count('<li class="post') == LATEST
    assert f"t {count - 1}<" in html


@pytest.mark.parametrize(
    ("text", "links", "hashtags"),
    [
        ("See https://e.org/a?b=1&c=#d.", ["https://e.org/a?b=1&c=#d"], []),
        ("(https://e.org/a), “https://e.org/b”", ["https://e.org/a", "https://e.org/b"], []),
        ("#MidlandsHealth, a#b #Übung!", [], ["#MidlandsHealth", "#Übung"]),
        ("http:// and ftp://e.org and e.org", [], []),
    ],
)
def test_links_and_hashtags_are_found(text: str, links: list[str], hashtags: list[str]) -> None:
    found = pieces(text)

    assert [piece.text for piece in found if piece.kind == "link"] == links
    assert [piece.text for piece in found if piece.kind == "hashtag"] == hashtags


@given(st.text("ab#: /.htps\n<>&\"'", max_size=60))
def test_pieces_put_together_are_the_text(text: str) -> None:
    found = pieces(text)

    assert "".join(piece.text for piece in found) == text
    assert Piece(kind="text", text="") not in found


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Midlands Health & Life", "MH"), ("& cardiology", "C"), ("été", "É"), ("", "#"), ("–", "#")],
)
def test_initials_are_of_the_first_two_words(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_picture_is_shown_with_its_words(tmp_path: Path) -> None:
    one = replace(post(1), picture="a b.png", alt='A "card" & more')

    reader = Reader(page(tmp_path, one, post(2)))

    [picture] = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert (picture["src"], picture["alt"]) == ("pictures/a%20b.png", 'A "card" & more')
    assert 'A "card" & more' in reader.words
