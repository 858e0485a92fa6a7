"""Marks in a rendered text: where something may be shortened or left out, and what is a link.

They are private-use characters. None can come from outside: neutral() takes them out of everything
a template can reach, and a template that holds one itself is refused.
"""

import re
from datetime import date, time

from jinja2 import Undefined

from bot.core.fitting import SOFT_END, Piece

SHRINK, SHRINK_END = "\ue000", "\ue001"
LINK, LINK_END = "\ue002", "\ue003"
OPTIONAL_END = "\ue004"
_OPTIONAL = 0xE100
MOST_OPTIONAL = 99

RESERVED = re.compile("[\ue000-\ue1ff]")
_MARK = re.compile("([\ue000-\ue004\ue100-\ue1ff])")


class Link(str):
    """An address that may become a link, and is never cut."""

    __slots__ = ()


class Shrinkable(str):
    """A text that may be cut where there is no room for it."""

    __slots__ = ()


def marked(value: object) -> object:
    """What Jinja2 writes for a value. TypeError for what is no text and has none."""
    if isinstance(value, Shrinkable):
        return f"{SHRINK}{value}{SHRINK_END}"
    if isinstance(value, Link):
        return f"{LINK}{value}{LINK_END}"
    if value is None:
        return ""
    if isinstance(value, str | int | float | date | time | Undefined):
        return value
    raise TypeError("this is no text: name one of its fields, or join a list")


def optional(number: int) -> str:
    """The mark that opens optional part `number`."""
    return chr(_OPTIONAL + number)


def pieces(text: str) -> tuple[list[Piece], tuple[str, ...]]:
    """A rendered text as pieces for fit(), and the links in it."""
    found: list[Piece] = []
    links: list[str] = []
    groups: list[int] = []
    shrinkable = linked = False
    for part in _MARK.split(text):
        if part in {SHRINK, SHRINK_END}:
            shrinkable = part == SHRINK
        elif part in {LINK, LINK_END}:
            linked = part == LINK
        elif part == OPTIONAL_END:
            groups.pop()
        elif _MARK.match(part):
            groups.append(ord(part) - _OPTIONAL)
        elif part:
            found.append(Piece(part, shrinkable, tuple(groups)))
            if linked:
                links.append(part)
    return found, tuple(links)


_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def soft_ends(source: str) -> str:
    """A template's source whose lines with code end softly: they go where they come out empty.

    Lines keep their numbers.
    """
    softened: list[str] = []
    position, after_code = 0, False
    for code in _CODE.finditer(source):
        softened += (_soft(source[position : code.start()], after_code), code[0])
        position, after_code = code.end(), code[0][-3] != "-"
    return "".join([*softened, _soft(source[position:], after_code)])


def _soft(plain: str, after_code: bool) -> str:  # noqa: FBT001 - one caller, two lines up
    return plain.replace("\n", SOFT_END + "\n", 1) if after_code else plain
