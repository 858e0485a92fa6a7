"""Marks in a rendered text: where something may be shortened or left out, and what is a link.

They are private-use characters. None can come from outside: neutral() takes them out of everything
a template can reach, and a template that holds one itself is refused.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import NamedTuple

from jinja2 import Undefined

from bot.core.fitting import SOFT_END, Piece, tidied
from bot.core.lists import Listed

SHRINK, SHRINK_END = "\ue000", "\ue001"
LINK, LINK_END = "\ue002", "\ue003"
OPTIONAL_END = "\ue004"
LIST, LIST_END = "\ue005", "\ue006"
ITEM, ITEM_END = "\ue007", "\ue008"
BEYOND = "\ue009"  #: an item that is not written out
MORE = "\ue00a"  #: from here to the end of the list: said where not all of it is shown
_OPTIONAL = 0xE100
MOST_OPTIONAL = 99

RESERVED = re.compile("[\ue000-\ue1ff]")
_MARK = re.compile("([\ue000-\ue00a\ue100-\ue1ff])")
_LINKED = re.compile(f"{LINK}([^{LINK_END}]+)")


class Link(str):
    """An address that may become a link, and is never cut."""

    __slots__ = ()


class Shrinkable(str):
    """A text that may be cut where there is no room for it."""

    __slots__ = ()


def marked(value: object) -> object:
    """What Jinja2 writes for a value. TypeError for what is no text and has none."""
    if type(value) is str:  # as most
        return value
    if isinstance(value, Shrinkable):
        return value and SHRINK + value + SHRINK_END
    if isinstance(value, Link):
        return value and LINK + value + LINK_END
    if value is None:
        return ""
    if isinstance(value, str | int | float | date | time | Undefined):
        return value
    raise TypeError("this is no text: name one of its fields, or join a list")


def optional(number: int) -> str:
    """The mark that opens optional part `number`."""
    return chr(_OPTIONAL + number)


class Marked(NamedTuple):
    """A rendered text."""

    text: str  #: with its marks
    links: tuple[str, ...]
    whole: str | None  #: without its marks, all of it; None: it has lists, which may show less


def read(text: str) -> Marked:
    """A rendered text, as it is where all of it fits."""
    links = tuple(_LINKED.findall(text)) if LINK in text else ()
    return Marked(text, links, None if LIST in text else tidied(_MARK.sub("", text)))


class Parts(NamedTuple):
    """A rendered text, taken apart."""

    pieces: list[Piece]
    beyond: Mapping[int, int]  #: by list, how many of its items were not written out


def parts(text: str) -> Parts:
    """A rendered text as pieces for fit()."""
    reader = _Reader()
    split = _MARK.split(text.replace(LINK, "").replace(LINK_END, ""))
    for mark, part in zip(["", *split[1::2]], split[::2], strict=True):
        if mark:
            reader.take_mark(mark)
        if part:
            reader.take_text(part)
    return Parts(reader.pieces, reader.beyond)


class _Reader:
    """Goes through a rendered text from mark to mark."""

    def __init__(self) -> None:
        self.beyond: dict[int, int] = {}
        self._found: list[Piece] = []
        self._written: set[int] = set()  # items that say something
        self._groups: tuple[int, ...] = ()
        self._shrinkable = False
        self._lists = self._items = 0
        self._place: Listed | None = None

    @property
    def pieces(self) -> list[Piece]:
        """Without those of items that came out empty: they are none, then."""
        blank = {*range(1, self._items + 1)} - self._written
        if not blank:
            return self._found
        return [piece for piece in self._found if not piece.place or piece.place.item not in blank]

    def take_mark(self, mark: str) -> None:
        if mark in (SHRINK, SHRINK_END):
            self._shrinkable = mark == SHRINK
        elif mark == OPTIONAL_END:
            self._groups = self._groups[:-1]
        elif mark in _OF_LISTS:
            self._take_list(mark)
        else:
            self._groups += (ord(mark) - _OPTIONAL,)

    def take_text(self, text: str) -> None:
        place = self._place
        self._found.append(Piece(text, self._shrinkable, self._groups, place))
        if place and place.item and text.replace(SOFT_END, "").strip():
            self._written.add(place.item)

    def _take_list(self, part: str) -> None:
        if part == LIST:
            self._lists += 1
        elif part == ITEM:
            self._items += 1
            self._place = Listed(self._lists, self._items)
        elif part == MORE:
            self._place = Listed(self._lists, None)
        elif part == BEYOND:
            self.beyond[self._lists] = self.beyond.get(self._lists, 0) + 1
        else:
            self._place = None


_OF_LISTS = {LIST, LIST_END, ITEM, ITEM_END, BEYOND, MORE}


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
