"""The one thread that talks to the store."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")

ALONE = 0.05
"""Seconds the network waits for the store, which is mostly done by then.

Two threads that both want the interpreter hold each other up longer than either needs it; a
store that hangs holds up no answer.
"""


class Aside:
    """Work that is done outside of the loop, one thing after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def do(self, work: Callable[[], T]) -> T:
        done = self._thread.submit(work)
        wait([done], ALONE)
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        self._thread.shutdown()
