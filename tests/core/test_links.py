import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.links import links
from tests.support.referee import x_links
from tests.support.words import texts


def linked(text: str) -> list[str]:
    return [text[start:end] for start, end in links(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11:00-12:00.In person", ["00.In"]),
        ("an M.Sc course", ["M.Sc"]),
        ("éa.com éb.com\néc.com", ["a.com", "éb.com", "éc.com"]),
        ("see bio.tools, data.world and genome.zip", ["bio.tools", "data.world", "genome.zip"]),
        ("E.coli, Ph.D, Node.js, i.e., U.K., St.Andrews", []),
        ("(https://a.org/x_(y)).", ["https://a.org/x_(y)"]),
        ("jo@uni.ac.uk", []),
        (
            "example.com中国語t.co/abcde한국twitter.com",
            ["example.com", "t.co/abcde", "twitter.com"],
        ),
        ("http://あ-あ.com", ["http://あ-あ.com"]),
        ("http://xn--はじめよう.com/index.html", []),
        ("http://domain.com-that-you-should-have-put-a-space-after", []),
        ("a.b.c.foo.co.uk?x=1", ["a.b.c.foo.co.uk"]),
        ("http://twitter_underscore.com", []),
        ("http://sub_domain-dash.twitter.com", ["http://sub_domain-dash.twitter.com"]),
        ("https://t.co/abc,x", ["https://t.co/abc"]),
        ("https://t.co/" + "a" * 41, []),
        ("x" * 64 + ".com", []),
        ("https://a.com/" + "x" * 4074, ["https://a.com/" + "x" * 4074]),
        ("https://a.com/" + "x" * 4075, []),
        ("Kभारत中国.xn--p1aixn--.САЙТ`", []),
        ("", []),
    ],
)
def test_x_links_what_it_takes_for_a_domain(text: str, expected: list[str]) -> None:
    assert linked(text) == expected


@settings(max_examples=1500, deadline=None)
@given(texts())
@example("Kभारतम्日本中国.xn--p1aixn--.САЙТ`;\nрф")
@example("t.co/~.(a);みんな:80_рф")
@example("ß.भारतम्İnonion日本#onion")
@example("рфt.co/рфt.co/")
def test_links_are_those_the_reference_finds(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert linked(text) == x_links(text)


@pytest.mark.parametrize(
    "atom",
    [
        "a.",
        "中.",
        "a.com-.",
        "a.com中",
        "a.co/((a(",
        "us_.",
        "xn--.",
        "é.é",
        "a.co?!!!!",
        "a.co/!!!",
    ],
)
@pytest.mark.timeout(30)  # without the guard it takes minutes
def test_a_long_text_comes_to_an_end(atom: str) -> None:
    text = (atom * 100_000)[:100_000]
    assert all(0 <= span.start < span.end <= len(text) for span in links(text))


PARTS = [
    *"a.-_@#/()：é",
    "b.com",
    "http://",
    "https://",
    "x.org.uk",
    " ",
    "\t",
    "\u00a0",
    ".рф",
    "?q=",
]


@given(*(st.lists(st.sampled_from(PARTS), max_size=10).map("".join) for _ in range(2)))
def test_a_line_has_the_links_it_has_by_itself(first: str, second: str) -> None:
    below = [(start + len(first), end + len(first)) for start, end in links(f"\n{second}")]
    assert list(links(f"{first}\n{second}")) == [*links(first), *below]
