"""Records, names and lists: what may stand where, for the reader and for the JSON Schema alike."""

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.documents import Mapping, Node, Scalar, Sequence
from bot.errors import nearest
from bot.schedules.page import Page, Place, found, quote
from bot.schedules.pending import NOT_YET
from bot.schedules.texts import NAME_RULE, SAFE_NAME


class Shape(Protocol):
    """What a value may be."""

    def read(self, node: Node, place: Place, page: Page) -> Any:
        """The value of a node; its mistakes are noted on the page."""
        ...

    def schema(self, path: str) -> dict[str, Any]:
        """The same as JSON Schema, without what is not built yet."""
        ...


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record, described for whoever writes it."""

    shape: Shape
    about: str
    required: str = ""  #: what to add where it is missing
    needs: str = ""  #: another key without which this one says nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Known keys, each with its own shape."""

    what: str
    fields: MappingOf[str, Field]
    one_of: tuple[str, ...] = ()  #: exactly one of these keys must stand
    some: bool = False  #: at least one key must stand
    unknown: str = ""  #: said of every key that is not known

    def read(self, node: Node, place: Place, page: Page) -> dict[str, Any] | None:
        if not isinstance(node, Mapping):
            page.refuse(node, f"{found(node)} stands here; expected {self._keys(place.path)}")
            return None
        values = {}
        for key, value in node.entries:
            page.nodes[(*place.location, key.text)] = value
            if key.text in self.fields:
                values[key.text] = self._entry(key, value, node, place, page)
            else:
                self._refuse_key(key, place, page)
        self._check_missing(node, place, page)
        return values

    def schema(self, path: str) -> dict[str, Any]:
        built = {k: f for k, f in self.fields.items() if _key_path(path, k) not in NOT_YET}
        one = [key for key in self.one_of if key in built]
        required = [key for key, each in built.items() if each.required or one == [key]]
        needs = {key: [each.needs] for key, each in built.items() if each.needs}
        return {
            "type": "object",
            "additionalProperties": False,
            **({"required": required} if required else {}),
            **({"oneOf": [{"required": [key]} for key in one]} if len(one) > 1 else {}),
            **({"dependentRequired": needs} if needs else {}),
            **({"minProperties": 1} if self.some else {}),
            "properties": {
                key: {"description": each.about, **each.shape.schema(_key_path(path, key))}
                for key, each in built.items()
            },
        }

    def _entry(self, key: Scalar, value: Node, whole: Mapping, place: Place, page: Page) -> Any:
        mistakes = len(page.mistakes)
        here = place.key(key.text)
        page.keys[here.location] = key
        read = self.fields[key.text].shape.read(value, here, page)
        needs = self.fields[key.text].needs
        if needs and whole.get(needs) is None:
            page.refuse(key, f"'{key.text}' says nothing without '{needs}'; add it beside")
        if here.path in NOT_YET and len(page.mistakes) == mistakes:
            page.refuse(key, f"'{key.text}' is not yet built; take it out for now")
        return read

    def _refuse_key(self, key: Scalar, place: Place, page: Page) -> None:
        guess = nearest(key.text.lower(), self.fields)
        expected = f"expected {self._keys(place.path)}{self.unknown}"
        page.refuse(key, f"{quote(key.text)} is not a key of {self.what}{guess}; {expected}")

    def _check_missing(self, node: Mapping, place: Place, page: Page) -> None:
        where = page.keys.get(place.location, node)
        for key, each in self.fields.items():
            if each.required and not self._stands(key, node):
                page.refuse(where, f"{self.what} has no '{key}'; add {each.required}")
        if self.some and not node.entries:
            page.refuse(node, f"nothing stands here; expected {self._keys(place.path)}")
        if self.one_of and not any(self._stands(key, node) for key in self.one_of):
            page.refuse(where, f"{self.what} has no {self._choice(place.path)}; add one")
        standing = [key for key, _ in node.entries if key.text in self.one_of]
        for other in standing[1:]:
            message = f"'{other.text}' cannot stand beside '{standing[0].text}'; keep one"
            page.refuse(other, message)

    def _stands(self, key: str, node: Mapping) -> bool:
        """Is the key there? One that is only misspelt has been told of already."""
        unknown = [each.text.lower() for each, _ in node.entries if each.text not in self.fields]
        return node.get(key) is not None or any(nearest(each, [key]) for each in unknown)

    def _choice(self, path: str) -> str:
        return " or ".join(f"{k}:" for k in self.one_of if _key_path(path, k) not in NOT_YET)

    def _keys(self, path: str) -> str:
        return ", ".join(f"{k}:" for k in self.fields if _key_path(path, k) not in NOT_YET)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Any number of names, each with a value of one shape."""

    what: str  #: one of them
    shape: Shape

    def read(self, node: Node, place: Place, page: Page) -> dict[str, Any] | None:
        if not isinstance(node, Mapping):
            page.refuse(node, f"{found(node)} stands here; expected {self.what} under its name")
            return None
        if not node.entries:
            page.refuse(node, f"nothing stands here; expected {self.what} under its name")
        return {key.text: self._entry(key, value, place, page) for key, value in node.entries}

    def schema(self, path: str) -> dict[str, Any]:
        return {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{SAFE_NAME}$"},
            "additionalProperties": self.shape.schema(f"{path}.*"),
        }

    def _entry(self, key: Scalar, value: Node, place: Place, page: Page) -> Any:
        if not re.fullmatch(SAFE_NAME, key.text):
            tidy = re.sub("[^A-Za-z0-9._]+", "-", key.text).strip("-._")[:54]
            guess = f" (did you mean '{tidy}'?)" if tidy else ""
            message = f"{quote(key.text)} cannot be the name of {self.what}{guess}"
            page.refuse(key, f"{message}; expected {NAME_RULE}")
        here = place.item(key.text)
        page.keys[here.location] = key
        return self.shape.read(value, here, page)


@dataclass(frozen=True, kw_only=True, slots=True)
class Several:
    """A list of at least one; where `alone`, a single value may stand without its list."""

    what: str  #: one of them
    shape: Shape
    alone: bool = False

    def read(self, node: Node, place: Place, page: Page) -> list[Any]:
        if isinstance(node, Sequence):
            items = node.items
        elif self.alone:
            items = (node,)
        else:
            expected = f"expected a list, {self.what} after each '-'"
            page.refuse(node, f"{found(node)} stands here; {expected}")
            return []
        if not items:
            page.refuse(node, f"the list is empty; expected {self.what}")
        self._check_twice(items, page)
        return [self._item(item, place.item(index), page) for index, item in enumerate(items)]

    def schema(self, path: str) -> dict[str, Any]:
        one = self.shape.schema(f"{path}.*")
        several = {"type": "array", "minItems": 1, "items": one}
        return {"anyOf": [one, several]} if self.alone else several

    def _item(self, node: Node, place: Place, page: Page) -> Any:
        page.nodes[place.location] = node
        return self.shape.read(node, place, page)

    def _check_twice(self, items: tuple[Node, ...], page: Page) -> None:
        seen = set[str]()
        for item in items:
            if isinstance(item, Scalar) and not item.blank:
                if item.text in seen:
                    page.refuse(item, f"{quote(item.text)} stands here twice; keep one")
                seen.add(item.text)


def _key_path(path: str, key: str) -> str:
    return Place(path=path).key(key).path
