"""`bot preview`: what exactly a post says."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.core.model import Image
    from bot.services.preview import Preview


@app.command()
def preview(
    event: Annotated[str, typer.Argument(help="The event's uid (bot events list), or series")],
    post: Annotated[str | None, typer.Option("--post", help="Only this rule")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only this channel")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="As if it were sent then: 2021-06-09T10:00")
    ] = None,
    card: Annotated[
        Path | None, typer.Option("--card", help="Write the event's card to this PNG file")
    ] = None,
) -> None:
    """The exact text of an event's posts, and their length as the platform counts it."""
    from bot.app import App
    from bot.cli.view import look, moment
    from bot.config import Environment
    from bot.services.plan import notices_ahead, unlinked_ahead
    from bot.services.preview import card_of
    from bot.services.preview import preview as previewed

    bot = App(environment=Environment.load())
    edition = bot.edition
    records, known = look(bot)
    now = bot.clock.now()
    notices = notices_ahead(records, edition, known, now)
    without = unlinked_ahead(records, edition, known, now)
    instant = moment(at, edition.schedules.series.timezone) if at else None
    if card is not None:
        _save(card_of(records, edition, event, rule=post, at=instant or bot.clock.now()), card)
    for one in previewed(
        records,
        edition,
        event,
        rule=post,
        channel=channel,
        at=instant,
        notices=notices,
        unlinked=lambda candidate, one: candidate.key(one.name) in without[one.name],
    ):
        sys.stdout.write(_shown(one))


def _shown(one: "Preview") -> str:
    from bot.core.pricing import dollars

    limit = f" of {one.limit}" if one.limit else ""
    price = f", {dollars(one.cost_usd)}" if one.cost_usd else ""
    return (
        f"── {one.rule} on {one.channel}, as of {one.at:%a %d %b %Y %H:%M %Z}"
        f" ({one.length}{limit} characters{price})\n"
        f"{f'({one.remark}){chr(10)}' if one.remark else ''}{one.text or one.problem}\n\n"
    )


def _save(picture: "Image", path: Path) -> None:
    try:
        path.write_bytes(picture.data)
    except OSError as error:
        raise BotError(f"{path} cannot be written ({error.strerror}): name another file") from None
    sys.stdout.write(
        f"{path}: {picture.width} × {picture.height}, {len(picture.data):,} bytes\n"
        f"Alt text: {picture.alt}\n\n"
    )
