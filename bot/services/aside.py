"""The one thread that talks to the store."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

ALONE = 0.05
"""Seconds the network waits for the store at most; mostly it has let go by then.

Two threads that both want the interpreter hold each other up longer than either needs it; a
store that hangs holds up no answer. A store on a server waits for it at every question, so there
the network does not wait at all.
"""


class Here:
    """Work that is done in the loop itself, where nobody else waits for it: in a rehearsal."""

    async def do(self, work: Callable[[], T]) -> T:
        return work()

    def let_go(self, *, waits: bool = True) -> None: ...

    def close(self) -> None: ...


class Aside:
    """Work that is done outside of the loop, one thing after the other."""

    def __init__(self, *, alone: float = ALONE) -> None:
        self._alone = alone
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._let_go = threading.Event()

    async def do(self, work: Callable[[], T]) -> T:
        self._let_go.clear()
        done = self._thread.submit(work)
        done.add_done_callback(lambda _done: self.let_go())
        self._let_go.wait(self._alone)
        if done.done():
            await asyncio.sleep(0)  # a turn for the others; to be woken again would cost more
            return done.result()
        return await asyncio.wrap_future(done)

    def let_go(self, *, waits: bool = True) -> None:
        """Work says that from here on it waits for a disk or a database: the loop may go on.

        `waits`: if it does; a commit of nothing is over before the loop has gone on.
        """
        if waits:
            self._let_go.set()

    def close(self) -> None:
        self._thread.shutdown()
