"""`bot run`: the worker."""

from typing import Annotated

import typer

from bot.cli import app

SWITCH = 0.0005
"""Seconds after which the thread that speaks to the store may go on while another is busy.

It lets go of the interpreter at every row; with Python's own 5 ms a burst takes half as long again.
"""


@app.command()
def run(
    local: Annotated[
        bool, typer.Option("--local", help="Post to a timeline on this machine, on all channels.")
    ] = False,
) -> None:
    """Post what falls due, until it is told to stop."""
    import asyncio
    import sys

    from bot.app import App
    from bot.cli.logs import set_up
    from bot.clock import SystemClock
    from bot.config import Environment
    from bot.worker import Worker

    environment = Environment.load()
    bot = App(environment=environment, clock=SystemClock(environment.settings().clock_offset))
    set_up(bot.settings.bot_log_format)
    worker = Worker(app=bot, local=local, say=lambda line: print(line, flush=True))  # noqa: T201
    sys.setswitchinterval(SWITCH)
    asyncio.run(worker.run())
