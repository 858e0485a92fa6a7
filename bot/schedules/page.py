"""The file being read: where everything stands in it, and what is wrong with it."""

from dataclasses import dataclass

from bot.core.documents import Mapping, Node, Scalar
from bot.errors import Mistake, MistakesError

Location = tuple[str | int, ...]
"""The keys and list indices that lead to a value."""

MAX_MISTAKES = 100
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A location, and its path in the language: names and list items are stars in it."""

    location: Location = ()
    path: str = ""

    def key(self, key: str) -> "Place":
        return Place((*self.location, key), f"{self.path}.{key}".removeprefix("."))

    def item(self, name: str | int) -> "Place":
        return Place((*self.location, name), f"{self.path}.*")


class Page:
    """Collects mistakes, each with the line and column of what it is about."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.removeprefix("\ufeff").splitlines()
        self._name = name
        self.nodes: dict[Location, Node] = {}
        self.keys: dict[Location, Scalar] = {}
        self.mistakes: list[Mistake] = []

    def refuse(self, node: Node, message: str, at: int = 0) -> None:
        """Note a mistake at a node, `at` characters into its text. The hundredth is the last."""
        column = node.column + self._shift(node, at)
        self.mistakes.append(Mistake(self._name, node.line, column, message))
        if len(self.mistakes) >= MAX_MISTAKES:
            self.finish()

    def finish(self) -> None:
        """Raise MistakesError if there were any."""
        if self.mistakes:
            raise MistakesError(self.mistakes)

    def _shift(self, node: Node, at: int) -> int:
        if not at or not isinstance(node, Scalar):
            return 0
        opening = 1 if node.quoted else 0
        rest = self._lines[node.line - 1][node.column - 1 + opening :]
        # With escapes, or over several lines, the text is not what stands in the file.
        return opening + at if rest.startswith(node.text) else 0


def found(node: Node) -> str:
    """What stands there, for the beginning of a message."""
    if isinstance(node, Scalar):
        return "nothing" if node.blank else quote(node.text)
    return "a group of keys" if isinstance(node, Mapping) else "a list"


def quote(text: str) -> str:
    """A text in quotes, shortened to fit a message."""
    return f"'{text}'" if len(text) <= _SHOWN else f"'{text[:_SHOWN]}…'"
