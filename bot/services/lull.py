"""When a question need not be asked again: nothing was to be said, and nothing has changed."""

from dataclasses import dataclass

LONGEST = 60.0
"""Seconds after which it is asked all the same: what time brings, nobody writes down."""


@dataclass(kw_only=True)
class Lull:
    """The last answer that was none."""

    _seen: tuple[int | None, object] | None = None
    _until: float = 0.0

    def begin(self, seen: tuple[int | None, object], elapsed: float) -> None:
        """There was nothing to say.

        `seen`: the store as it was before it was asked (meta.touched()), and whatever else the
        answer hangs on. `elapsed`: as the clock has it.
        """
        self._seen, self._until = seen, elapsed + LONGEST

    def lasts(self, seen: tuple[int | None, object], elapsed: float) -> bool:
        """Whether the answer would be the same; never where nobody counts what is written."""
        return seen[0] is not None and seen == self._seen and elapsed < self._until
