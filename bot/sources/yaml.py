"""A YAML file of events: a list, or `events:` with a list.

    - title: Finale
      starts: 2021-11-24 09:30
      ends: 2021-11-24 17:00

`starts` and `ends` are `2021-11-24`, `2021-11-24 09:30` or `2021-11-24T09:30`, local unless they
have an offset. For an all-day event `ends` is its last day.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar, cast

from bot.core import documents
from bot.core.documents import Node, Scalar, Sequence
from bot.core.model import Entry, EventFields, Reading, Refusal, Status
from bot.errors import Mistake, MistakesError, nearest
from bot.sources import moments, twins, wordings
from bot.sources.texts import UnreadableError, decode, shorten
from bot.sources.titles import LONGEST

T = TypeVar("T")

KEYS = ("uid", "title", "starts", "ends", "timezone", *wordings.FIELDS)

LONGEST_UID = 200


def read(
    data: bytes,
    *,
    name: str,
    timezone: str,
    year: int | None = None,  # noqa: ARG001 - every reader is called alike; dates here have years
    defaults: Mapping[str, object],
) -> Reading:
    """The events of a file. Raises SourceError, and MistakesError where it is not such a file."""
    text = decode(data, name)
    file = _File(text, timezone, wordings.defaults(defaults, name))
    for item in _items(documents.parse(text, name), name):
        file.read(item)
    return Reading(entries=twins.once(file.entries), refusals=file.refusals)


class _MistakenError(Exception):
    """An item cannot be read: where, and why."""

    def __init__(self, node: Node, reason: str) -> None:
        self.line = node.line
        super().__init__(reason)


def _items(root: Node, name: str) -> tuple[Node, ...]:
    found: Node | None = root
    if isinstance(root, documents.Mapping):
        found = root.get("events")
        unknown = [key for key, _ in root.entries if key.text != "events"]
        if unknown and found is None:
            hint = " (an event is an item of the list: '- title: …')" if root.get("title") else ""
            raise _mistake(unknown[0], name, f"expected 'events:' with a list{hint}")
        if unknown:
            raise _mistake(unknown[0], name, f"unknown key '{unknown[0].text}'; expected 'events:'")
    if isinstance(found, Sequence):
        return found.items
    raise _mistake(found or root, name, "expected a list of events: '- title: …' for each")


def _mistake(node: Node, name: str, message: str) -> MistakesError:
    return MistakesError([Mistake(name, node.line, node.column, message)])


class _File:
    """Reads item after item."""

    def __init__(self, text: str, timezone: str, defaults: EventFields) -> None:
        self._lines = text.splitlines()
        self._timezone = timezone
        self._defaults = defaults
        self._uids: dict[str, int] = {}
        self.entries: list[Entry] = []
        self.refusals: list[Refusal] = []

    def read(self, item: Node) -> None:
        try:
            self.entries.append(self._event(item))
        except _MistakenError as mistake:
            written = self._lines[mistake.line - 1 : mistake.line] or [""]
            quoted = shorten(written[0])
            self.refusals.append(Refusal(line=mistake.line, text=quoted, reason=str(mistake)))

    def _event(self, item: Node) -> Entry:
        if not isinstance(item, documents.Mapping):
            raise _MistakenError(item, "this is no event; expected keys such as title: and starts:")
        values = {key.text: value for key, value in item.entries}
        for key, _ in item.entries:
            if key.text not in KEYS:
                missing = [name for name in ("title", "starts") if name not in values]
                meant = nearest(key.text, missing) or nearest(key.text, KEYS)
                raise _MistakenError(key, f"unknown key '{shorten(key.text)}'{meant}")
        said: dict[str, Any] = {"title": _title(item, values)}
        said["timezone"] = self._zone(values)
        said |= _dates(item, values, said["timezone"])
        for name in wordings.FIELDS.keys() & values.keys():
            said[name] = _said(name, wordings.FIELDS[name], values[name])
        fields = {"status": Status.CONFIRMED, **self._defaults, **said}
        uid = self._uid(values)
        return Entry(
            line=item.line,
            uid=uid,
            source_id=uid,
            fields=cast("EventFields", fields),
            assumed=frozenset(fields.keys() - said.keys()),
        )

    def _zone(self, values: Mapping[str, Node]) -> str:
        node = values.get("timezone")
        if node is None or (isinstance(node, Scalar) and node.blank):
            return self._timezone
        return _said("timezone", lambda words: moments.check_zone(wordings.text(words)), node)

    def _uid(self, values: Mapping[str, Node]) -> str:
        node = values.get("uid")
        if node is None or (isinstance(node, Scalar) and node.blank):
            return ""
        if not isinstance(node, Scalar) or not re.fullmatch(rf"\S{{1,{LONGEST_UID}}}", node.text):
            expected = f"one word of at most {LONGEST_UID} characters without spaces"
            raise _MistakenError(node, f"a uid is {expected}")
        if node.text == "series":
            raise _MistakenError(node, "the uid 'series' means the series itself; choose another")
        if node.text in self._uids:
            first = self._uids[node.text]
            raise _MistakenError(node, f"the uid '{node.text}' is already that of line {first}")
        self._uids[node.text] = node.line
        return node.text


def _title(item: Node, values: Mapping[str, Node]) -> str:
    node = values.get("title")
    if node is None:
        raise _MistakenError(item, "an event needs a title: and a starts:; there is no title")
    title = _said("title", wordings.text, node)
    if not title:
        raise _MistakenError(node, "the title is empty; text with a # or a colon needs quotes")
    if len(title) > LONGEST:
        reason = f"the title has {len(title):,} characters; {LONGEST} are the most"
        raise _MistakenError(node, reason)
    return title


def _said(name: str, convert: Callable[[wordings.Words], T], node: Node) -> T:
    try:
        return convert(_words(node))
    except UnreadableError as error:
        raise _MistakenError(node, f"{name}: {error}") from None


def _words(node: Node) -> wordings.Words:
    if isinstance(node, Scalar):
        return "" if node.blank else node.text
    if isinstance(node, Sequence) and all(isinstance(each, Scalar) for each in node.items):
        return [each.text for each in node.items if isinstance(each, Scalar) and not each.blank]
    raise UnreadableError("expected a text, or a list of texts")


def _dates(item: Node, values: Mapping[str, Node], zone: str) -> dict[str, date | None]:
    node, until = values.get("starts"), values.get("ends")
    if node is None:
        raise _MistakenError(item, "an event needs a title: and a starts:; there is no starts")
    starts = _moment(node, zone)
    if until is None or (isinstance(until, Scalar) and until.blank):
        return {"starts": starts, "ends": None if isinstance(starts, datetime) else starts}
    ends = _moment(until, zone)
    if isinstance(starts, datetime) != isinstance(ends, datetime):
        raise _MistakenError(until, "starts and ends must both have a clock time, or neither")
    if ends < starts or (ends == starts and isinstance(ends, datetime)):
        raise _MistakenError(until, "it ends before it starts, or at once")
    return {"starts": starts, "ends": ends}


def _moment(node: Node, zone: str) -> date:
    """A date, or an instant in UTC."""
    try:
        return moments.read(node.text if isinstance(node, Scalar) else "", zone)
    except UnreadableError as error:
        raise _MistakenError(node, str(error)) from None
