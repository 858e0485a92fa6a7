"""Waits for what is bound to happen, and no longer."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, *, within: float = 10.0) -> T:
    """The first true value of a condition, or AssertionError after so many seconds."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {within:g} seconds: {what}"
        time.sleep(0.02)
    return found
