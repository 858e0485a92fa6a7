"""`bot events import`: takes the events of a file or page in, line by line."""

import sys
from collections import Counter
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.events import events

if TYPE_CHECKING:
    from bot.core.syncing import Change, Sync


@events.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="A file or a URL")],
    kind: Annotated[
        str | None, typer.Option("--as", help="listing or yaml, where its name does not say so")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="For lines under a heading that names none")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Add and update events from a file. What it does not list stays as it is."""
    from bot.app import App
    from bot.config import Environment
    from bot.services import import_ as importing

    bot = App(environment=Environment.load())
    schedules = bot.editions.current.schedules
    said = importing.read(file, schedules, bot.folder, kind=kind, year=year)
    found = importing.foresee(bot.store if bot.has_store else None, said, bot.clock.now())
    asks = bool(importing.news(found)) and sys.stdin.isatty() and not yes
    if asks:
        _show(file, found, schedules.series.zone)
        if not typer.confirm("Write this into the store?"):
            sys.stdout.write("Nothing was written.\n")
            raise typer.Exit(1)
    if importing.news(found):
        found = importing.write(bot.store, said, bot.clock.now())
    if not asks:
        _show(file, found, schedules.series.zone)
    if importing.unread(found):
        raise typer.Exit(1)


def _show(file: str, found: "Sync", zone: tzinfo) -> None:
    from bot.services.import_ import news, unread

    for one in unread(found):
        sys.stderr.write(f"{file}:{one.line}: {one.message}\n")
    for change in news(found):
        sys.stdout.write(f"{change.kind} {change.uid}: {_what(change, zone)}\n")
    sys.stdout.write(_counted(found))


def _what(change: "Change", zone: tzinfo) -> str:
    """Of a new event its title, of a known one what is another now."""
    from bot.cli.events import steps

    if not change.before:
        return change.title
    changed = steps(change.before, change.after, zone)
    return "; ".join(
        f"{name} {was or 'nothing'} → {now or 'nothing'}" for name, was, now in changed
    )


def _counted(found: "Sync") -> str:
    from bot.core.syncing import Kind

    kinds = Counter(change.kind for change in found.changes)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in Kind if kind in kinds)
    return f"{counted or 'No events'}.\n"
