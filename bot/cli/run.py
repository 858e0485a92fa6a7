"""`bot run`: the worker."""

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


@app.command()
def run(
    local: Annotated[
        bool, typer.Option("--local", help="Post to a timeline on this machine, on all channels.")
    ] = False,
) -> None:
    """Post what falls due, until it is told to stop."""
    import asyncio

    from bot.app import App
    from bot.cli.logs import set_up
    from bot.clock import SystemClock
    from bot.config import Environment
    from bot.worker import Worker

    environment = Environment.load()
    bot = App(environment=environment, clock=SystemClock(environment.settings().clock_offset))
    set_up(bot.settings.bot_log_format)
    worker = Worker(app=bot, local=local, say=lambda line: print(line, flush=True))  # noqa: T201
    _search_garbage_seldom()
    with asyncio.Runner(loop_factory=_quickest_loop()) as runner:
        runner.run(worker.run())


def _search_garbage_seldom() -> None:
    """A burst makes many objects and hardly any garbage, and each search of all there is holds up
    what is due for 70 ms. What was imported is looked through no more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _quickest_loop() -> "Callable[[], AbstractEventLoop] | None":
    """uvloop's, where there is one: a post takes it a quarter less. None: Python's own."""
    try:
        from uvloop import new_event_loop
    except ImportError:  # on Windows
        return None
    return new_event_loop
