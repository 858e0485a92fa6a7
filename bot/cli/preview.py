"""`bot preview`: what exactly a post says."""

import sys
from typing import Annotated

import typer

from bot.cli import app


@app.command()
def preview(
    event: Annotated[str, typer.Argument(help="The event's uid (bot events list)")],
    post: Annotated[str | None, typer.Option("--post", help="Only this rule")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only this channel")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="As if it were sent then: 2021-06-09T10:00")
    ] = None,
) -> None:
    """The exact text of an event's posts, and their length as the platform counts it."""
    from bot.app import App
    from bot.cli.view import look, moment
    from bot.config import Environment
    from bot.services.plan import notices_ahead
    from bot.services.preview import preview as previewed

    bot = App(environment=Environment.load())
    edition = bot.editions.current
    records, known = look(bot)
    notices = notices_ahead(records, edition, known, bot.clock.now())
    instant = moment(at, edition.schedules.series.timezone) if at else None
    for one in previewed(
        records, edition, event, rule=post, channel=channel, at=instant, notices=notices
    ):
        limit = f" of {one.limit}" if one.limit else ""
        price = f", ${one.cost_usd}" if one.cost_usd else ""
        sys.stdout.write(
            f"── {one.rule} on {one.channel}, as of {one.at:%a %d %b %Y %H:%M %Z}"
            f" ({one.length}{limit} characters{price})\n"
            f"{_EXAMPLE if one.is_example else ''}{one.text or one.problem}\n\n"
        )


_EXAMPLE = "(an example: there is no such change to tell)\n"
