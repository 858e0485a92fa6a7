"""YAML as people write it: nodes with their positions, every scalar a text as written.

YAML 1.1 would read `on` as true, `12:30` as 750 and `no` as false, take the last of two equal
keys, and let ten lines of aliases grow to gigabytes. None of that happens here: what a text means
is for its reader to say. Anchors, aliases, tags and a second document are refused.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bot.core import slips
from bot.errors import Mistake, MistakesError

MAX_CHARACTERS = 10_000_000
MAX_DEPTH = 30
MAX_MISTAKES = 100

# libyaml's parser is ten times as fast; the other one is there where PyYAML came without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # YAML 1.1, c-printable
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """A text, as written."""

    line: int  #: 1-based, as is the column
    column: int
    text: str
    quoted: bool = False  #: in quotes, or a block of lines: surely meant as a text

    @property
    def blank(self) -> bool:
        """Nothing was said: `key:`, `key: ~` or `key: null`."""
        return not self.quoted and self.text in {"", "~", "null"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; no key stands there twice."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, "Node"], ...]

    def get(self, key: str) -> "Node | None":
        """The value of a key; None where there is none."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def parse(text: str, name: str) -> Node:
    """Read the one document of a file called `name`. Raises MistakesError."""
    text = text.removeprefix("\ufeff")
    _check(text, name)
    reader = _Reader(text, name)
    try:
        node = reader.document()
    except yaml.MarkedYAMLError as error:
        reader.refuse(*slips.explain(error, text))
    except yaml.YAMLError as error:
        reader.refuse(1, 1, f"this is not YAML: {error}")
    else:
        reader.finish()
        return node
    raise MistakesError(reader.mistakes)


def _check(text: str, name: str) -> None:
    if len(text) > MAX_CHARACTERS:
        message = f"the file has {len(text):,} characters; {MAX_CHARACTERS:,} are the most"
        raise MistakesError([Mistake(name, 1, 1, message)])
    if found := _UNPRINTABLE.search(text):
        before = text[: found.start()].split("\n")
        message = f"the invisible character U+{ord(found[0]):04X} cannot stand here: delete it"
        raise MistakesError([Mistake(name, len(before), len(before[-1]) + 1, message)])


class _Reader:
    """Builds nodes from PyYAML's events, one at a time: depth is bounded before it is built."""

    def __init__(self, text: str, name: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._name = name
        self.mistakes: list[Mistake] = []

    def refuse(self, line: int, column: int, message: str) -> None:
        self.mistakes.append(Mistake(self._name, line, column, message))
        if len(self.mistakes) >= MAX_MISTAKES:
            raise MistakesError(self.mistakes)

    def finish(self) -> None:
        if self.mistakes:
            raise MistakesError(self.mistakes)

    def document(self) -> Node:
        content = (e for e in self._events if not isinstance(e, _FRAME))
        first = next(content, None)
        if first is None:
            return Scalar(line=1, column=1, text="")
        self._events = itertools.chain([first], content)
        node = self._node(next(self._events), depth=0)
        if second := next(self._events, None):
            self.refuse(*_place(second), "a second document begins here; a file holds only one")
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line, column = _place(event)
        if depth > MAX_DEPTH:
            self.refuse(line, column, f"this is nested deeper than {MAX_DEPTH} levels")
            raise MistakesError(self.mistakes)
        self._check_extras(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(
                self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)
            )
            return Sequence(line=line, column=column, items=items)
        if isinstance(event, yaml.MappingStartEvent):
            return Mapping(line=line, column=column, entries=self._entries(depth + 1))
        if isinstance(event, yaml.ScalarEvent):
            quoted = event.style not in {None, ""}
            return Scalar(line=line, column=column, text=event.value, quoted=quoted)
        return Scalar(line=line, column=column, text="")  # an alias, refused above

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        return iter(lambda: self._next_before(end), None)

    def _next_before(self, end: type[yaml.Event]) -> yaml.Event | None:
        event = next(self._events)
        return None if isinstance(event, end) else event

    def _entries(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in self._until(yaml.MappingEndEvent):
            key, value = self._node(event, depth), self._node(next(self._events), depth)
            if not isinstance(key, Scalar):
                self.refuse(key.line, key.column, "a key is a word, not a list or a mapping")
            elif key.text in entries:
                first = entries[key.text][0].line
                message = f"'{key.text}' stands here twice: it is already in line {first}"
                self.refuse(key.line, key.column, message)
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())

    def _check_extras(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.refuse(*_place(event), f"*{event.anchor}: {_NO_ALIASES}")
        elif getattr(event, "anchor", None):
            self.refuse(*_place(event), f"&{getattr(event, 'anchor', '')}: {_NO_ALIASES}")
        if tag := getattr(event, "tag", None):
            message = f"the tag {tag} is not understood; put a text that begins with ! in quotes"
            self.refuse(*_place(event), message)


_FRAME = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
)
_NO_ALIASES = (
    "anchors and aliases (& and *) are not understood; write the value out, "
    "and put a text that begins with one in quotes"
)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
