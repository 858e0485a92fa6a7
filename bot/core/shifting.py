"""One entry of a long sorted list instead of another."""

from bisect import bisect_left
from typing import Any, TypeVar

T = TypeVar("T")


def shift(items: list[T], out: int, into: int, item: T) -> None:
    """Put an item where it belongs as the list stands, instead of the one that stands at `out`.

    Only what lies between moves: mostly nothing, where to take out and to put in would each move
    the rest of the list.
    """
    if into > out:
        into -= 1
        items[out:into] = items[out + 1 : into + 1]
    else:
        items[into + 1 : out + 1] = items[into:out]
    items[into] = item


def exchange(items: list[Any], before: Any, after: Any) -> None:
    """In a list that is sorted, and has the one, put the other where it belongs."""
    shift(items, bisect_left(items, before), bisect_left(items, after), after)
