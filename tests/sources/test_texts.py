import pytest

from bot.errors import SourceError
from bot.sources.texts import MAX_BYTES, decode, shorten


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "p is empty; if there are no events any more, remove the source"),
        (b"\xef\xbb\xbf \r\n", "p is empty; if there are no events any more, remove the source"),
        (b"PK\x03\x04\x00", "p is not text (it holds a zero byte); save it as UTF-8 text"),
        ("x".encode("utf-16"), "p is UTF-16, not UTF-8; save it as UTF-8 text"),
        (
            b"one\nna\xc3\xafve caf\xe9",
            "p is not UTF-8: byte 0xE9 in line 2, column 10; save it as UTF-8 text",
        ),
        (
            b"x" * (MAX_BYTES + 1),
            "p has 10,000,001 bytes; a source of events may have 10,000,000 at most",
        ),
    ],
)
def test_what_is_no_text_is_said_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data, "p")
    assert str(caught.value) == message


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbf9th June", "p") == "9th June"


def test_a_line_is_shortened_at_its_end() -> None:
    assert shorten("  a \t b ") == "a b"
    assert shorten("x" * 81) == "x" * 79 + "…"
    assert shorten("x" * 80) == "x" * 80
