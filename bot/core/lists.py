"""Lists in a post: as many whole items as there is room for, then how many more there are.

A list is never left without its first item. Of several, the one that shows most gives way first.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

COUNT = "\ue00b"
"""Stands where a post says how many items of a list are not shown."""


class Listed(NamedTuple):
    """Where a piece of a post stands in a list."""

    list: int  #: which of the lists, from 1
    item: int | None  #: which item, counted over all lists of the post; None: said if some are left


class Lists:
    """The lists of a post: what they hold, and how short they may become."""

    def __init__(self, places: Iterable[Listed], beyond: Mapping[int, int]) -> None:
        """`beyond`: how many items a list has that are never shown."""
        self._items: dict[int, list[int]] = {}
        for place in places:
            if place.item is not None:
                items = self._items.setdefault(place.list, [])
                if place.item not in items[-1:]:
                    items.append(place.item)
        self._beyond = beyond
        self.longest = sum(map(len, self._items.values()))
        self.shortest = len(self._items)

    def showing(self, total: int) -> "Showing":
        """What is shown when so many items are, of all lists together."""
        if not self._items and not self._beyond:  # as in most posts
            return _NONE
        left = {number: len(items) for number, items in self._items.items()}
        over = self.longest - total
        while over > 0:
            number = max(left, key=lambda one: (left[one], one))
            others = [count for other, count in left.items() if other != number]
            step = max(1, min(over, left[number] - max([1, *others])))
            left[number] -= step
            over -= step
        shown = [item for number, items in self._items.items() for item in items[: left[number]]]
        more = dict(self._beyond)
        for number, items in self._items.items():
            more[number] = more.get(number, 0) + len(items) - left[number]
        return Showing(frozenset(shown), more)


class Showing(NamedTuple):
    """Some of the items of the lists of a post."""

    items: frozenset[int]
    more: Mapping[int, int]  #: by list, how many items it has besides

    def has(self, place: Listed) -> bool:
        """Whether what stands there is shown."""
        if place.item is None:
            return self.more.get(place.list, 0) > 0
        return place.item in self.items

    def counted(self, text: str, place: Listed) -> str:
        """A text that stands there, with how many items are not shown in it."""
        return text.replace(COUNT, str(self.more.get(place.list, 0)))


_NONE = Showing(frozenset(), {})
