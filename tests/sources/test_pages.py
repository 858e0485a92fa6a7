import pytest

from bot.sources.pages import Part, lines


def shown(text: str) -> list[tuple[int, str]]:
    return [(line.number, " ".join(line.text.split())) for line in lines(text)]


def test_plain_text_is_its_lines_without_blank_ones() -> None:
    assert shown("a\n\n \r\nb\rc\u2028d\n") == [(1, "a"), (4, "b"), (5, "c d")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>a\nb</p>\n<p>c<br>d<br/>e", [(1, "a b"), (3, "c"), (3, "d"), (3, "e")]),
        ("<div>\n\n a<div>b</div>c</div>", [(3, "a"), (3, "b"), (3, "c")]),
        ("<p><b>a</b><i>b</i> &amp;&nbsp;c", [(1, "ab & c")]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</table>", [(1, "a | b"), (1, "c")]),
        ("<pre>a\n b\n\nc</pre><p>d\ne</p>", [(1, "a"), (2, "b"), (4, "c"), (4, "d e")]),
        ("<pre>a\n<b>b\nc</b></pre>", [(1, "a"), (2, "b"), (3, "c")]),
        ("<head><title>a</title></head><p>b<template>c</template>", [(1, "b")]),
        ("<p>a <s>b</s> c<del>d</del>", [(1, "a c")]),
        ("<p><s>a</p><p>b</p>", [(1, "b")]),
        ("<p><s>a<br>b</s></p>c", [(1, "c")]),
    ],
)
def test_html_is_what_a_reader_of_the_page_sees(text: str, expected: list[tuple[int, str]]) -> None:
    assert shown(text) == expected


def test_links_keep_their_targets() -> None:
    (line,) = lines("<p>a <a href='/b'>c <b>d</b></a> e")
    assert line.parts == (
        Part(text="a "),
        Part(text="c ", href="/b"),
        Part(text="d", href="/b"),
        Part(text=" e"),
    )
