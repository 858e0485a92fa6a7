import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.markup import Token, tokens


def test_tags_and_texts_come_in_order_with_their_lines() -> None:
    assert list(tokens("a<P class='x>y'>b\n</p><br/>")) == [
        Token(line=1, text="a"),
        Token(line=1, tag="p"),
        Token(line=1, text="b\n"),
        Token(line=2, tag="p", closing=True),
        Token(line=2, tag="br"),
    ]


@pytest.mark.parametrize(
    ("tag", "href"),
    [
        ('<a href="/a?b=1&amp;c=2">', "/a?b=1&c=2"),
        ("<a class=x href = ' b '>", "b"),
        ("<A HREF=c>", "c"),
        ("<a data-href='d'>", None),
        ("<a>", None),
    ],
)
def test_a_link_has_its_target(tag: str, href: str | None) -> None:
    assert [token.href for token in tokens(tag)] == [href]


@pytest.mark.parametrize(
    "text", ["<!-- <p>x</p> -->", "<!doctype html>", "<?xml?>", "<!-- never closed <p>x"]
)
def test_comments_and_declarations_are_left_out(text: str) -> None:
    assert list(tokens(text)) == []


def test_scripts_are_left_out() -> None:
    found = list(tokens("<script>if (a<b) '<p>'</SCRIPT>x"))
    assert [(token.tag, token.closing, token.text) for token in found] == [
        ("script", False, ""), ("script", True, ""), ("", False, "x"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["a < b", "x <3", "1 <> 2", "<", "<<"])
def test_a_less_than_sign_is_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


def test_a_quote_that_is_never_closed_does_not_swallow_the_page() -> None:
    found = list(tokens('<a href="x>one</a><p>two</p>'))
    assert [token.text for token in found if token.text] == ["one", "two"]


@pytest.mark.parametrize("part", ["<a ", "<a", "<!--", "<![", "<a href='", "<a '\">", "</", '<a "'])
@pytest.mark.timeout(30)  # without the guard it never ends
def test_broken_markup_comes_to_an_end(part: str) -> None:
    assert len(list(tokens(part * 200_000))) <= 200_000


@given(st.text(alphabet="<>/!-?ap '\"=\nx", max_size=30))
def test_any_text_is_taken_apart(text: str) -> None:
    for token in tokens(text):
        assert 1 <= token.line <= text.count("\n") + 1
