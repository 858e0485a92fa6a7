"""Bytes from outside as text, or one sentence on why not."""

from bot.errors import SourceError

MAX_BYTES = 10_000_000
"""A source larger than this is not read."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableError(Exception):
    """One event cannot be read; its text is the sentence of the refusal."""


def decode(data: bytes, name: str) -> str:
    """The text of a source called `name`. Raises SourceError."""
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"{name} has {len(data):,} bytes; a source of events may have {MAX_BYTES:,} at most"
        )
    if data.startswith(_UTF16):
        raise SourceError(f"{name} is UTF-16, not UTF-8; save it as UTF-8 text")
    if b"\0" in data:
        raise SourceError(f"{name} is not text (it holds a zero byte); save it as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(_bad_byte(error, name)) from None
    if not text.strip():
        raise SourceError(f"{name} is empty; if there are no events any more, remove the source")
    return text


def shorten(line: str, most: int = 80) -> str:
    """A line of the source, to be quoted in a message."""
    plain = " ".join(line[: 10 * most].split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def _bad_byte(error: UnicodeDecodeError, name: str) -> str:
    data, at = bytes(error.object), error.start
    line = data.count(b"\n", 0, at) + 1
    column = len(data[data.rfind(b"\n", 0, at) + 1 : at].decode(errors="replace")) + 1
    return (
        f"{name} is not UTF-8: byte 0x{data[at]:02X} in line {line}, column {column}; "
        "save it as UTF-8 text"
    )
