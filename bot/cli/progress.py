"""A line that moves while a person waits; nothing where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Call with how many there are so far."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda count: progress.update(task, completed=count)


@contextmanager
def season(start: datetime, end: datetime) -> Iterator[Callable[[datetime, str], None]]:
    """Call with an instant and a line: the line goes by, and a bar below shows how far it is."""
    if not sys.stdout.isatty():
        yield lambda _at, line: print(line)  # noqa: T201 - plain when piped
        return
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.text import Text

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("", total=(end - start).total_seconds())

        def went_by(at: datetime, line: str) -> None:
            progress.console.print(Text(line), no_wrap=True, overflow="ellipsis")
            done = (at - start).total_seconds()
            progress.update(task, completed=done, description=f"{at:%B %Y}")

        yield went_by


@contextmanager
def steps() -> Iterator[Callable[[str, int, int], None]]:
    """Call with what is done, and how much of how much: a bar each, which go away in the end."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks = dict[str, Any]()

        def moved(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        yield moved
