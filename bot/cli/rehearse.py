"""`bot rehearse`: the whole season, played before anything is live."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.app import App
    from bot.clock import SimulatedClock
    from bot.platforms.base import Publisher
    from bot.services.rehearse import Played, Rehearsal
    from bot.store.claims import Held


WIDTH = 110
"""Characters of a post that are shown as it goes by."""


@app.command()
def rehearse(
    start: Annotated[str | None, typer.Option("--from", help="The first day: 2021-06-01")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The last day: 2021-06-30")] = None,
    speed: Annotated[
        float | None,
        typer.Option("--speed", min=0.001, help="So many times as fast as real time"),
    ] = None,
) -> None:
    """Play the season through the real delivery on a simulated clock, to a local timeline."""
    import asyncio
    import tempfile
    from functools import partial

    from bot.app import App
    from bot.cli.progress import season
    from bot.cli.view import window
    from bot.config import Environment

    bot = App(environment=Environment.load())
    series = bot.editions.current.schedules.series
    days = window(start, end, series.timezone)
    page = bot.settings.bot_timeline / "rehearsal"
    with tempfile.TemporaryDirectory() as scratch:
        rehearsal = _rehearsal(bot, Path(scratch), page, speed)
        whole = rehearsal.prepare(
            days.start if start and days else None, days.end if end and days else None
        )
        with season(*whole) as goes_by:
            show = partial(_show, goes_by, series.zone)
            played = asyncio.run(rehearsal.play(whole, show))
        rehearsal.store.close()
    _summarise(bot, played, page / "timeline.html")


def _rehearsal(bot: "App", scratch: Path, page: Path, speed: float | None) -> "Rehearsal":
    from bot.services.rehearse import Rehearsal, at_speed
    from bot.store import schema
    from bot.store.session import Store

    store = Store(f"sqlite:///{scratch / 'rehearsal.db'}", durable=False)
    schema.check(store)
    for old in page.glob("timeline.*"):
        old.unlink()
    return Rehearsal(
        store=store,
        editions=bot.editions,
        folder=bot.folder,
        publishers=lambda clock: _publishers(bot, clock, page),
        pause=at_speed(speed) if speed else None,
    )


def _publishers(bot: "App", clock: "SimulatedClock", page: Path) -> Mapping[str, "Publisher"]:
    from bot.platforms import Setup, publisher

    schedules = bot.editions.current.schedules
    return {
        name: publisher(
            "local",
            Setup(
                channel=name,
                series=schedules.series,
                now=clock.now,
                folder=page,
                rehearsal=True,
            ),
        )
        for name in schedules.channels
    }


def _show(
    goes_by: "Callable[[datetime, str], None]", where: "ZoneInfo", held: "Held", at: datetime
) -> None:
    said = " / ".join(line for line in held.claim.text.splitlines() if line.strip())
    said = said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"
    key, local = held.claim.key, at.astimezone(where)
    channel = key.channel.rpartition(":")[2]
    goes_by(local, f"{local:%a %d %b %Y %H:%M}  {channel:<8}  {key.rule:<13}  {said}")


def _summarise(bot: "App", played: "Played", page: Path) -> None:
    write = sys.stdout.write
    write(f"\n{played.sent} posts about {played.events} events were sent.\n")
    for reason, number in sorted(played.skipped.items()):
        write(f"{number} not sent: {reason}\n")
    for rule, number in played.untimed.items():
        write(f"{rule} does not apply to {number} events: no clock time is known of them.\n")
    if played.approved:
        write(f"Approvals were taken as given: {', '.join(played.approved)}.\n")
    if played.unsent:
        write(f"{played.unsent} still open when the rehearsal ended.\n")
    write(
        f"\nThe timeline is {page.resolve()} - open it in a browser.\n"
        f"Next: change an offset in {bot.editions.path}, then see what that does: bot plan\n"
    )
