"""`bot channels`: which account each channel is bound to."""

import sys
from typing import Annotated

import typer

from bot.cli import app

channels = typer.Typer(help="Which account each channel is bound to.", no_args_is_help=True)
app.add_typer(channels, name="channels")


@channels.command("list")
def list_channels(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
) -> None:
    """Every account the bot has posted with, and who serves it."""
    from bot.app import App
    from bot.cli import output
    from bot.config import Environment
    from bot.store import channels as store
    from bot.store.channels import ChannelRecord

    bot = App(environment=Environment.load())
    found: list[ChannelRecord] = []
    if bot.has_store:
        with bot.store.reading() as connection:
            found = store.load(connection)
    rows = [
        {
            "channel": one.nickname or "",
            "platform": one.platform,
            "account": one.account,
            "handle": one.handle,
            "bound_at": one.bound_at,
            "served_by": one.lease_holder,
            "paused_until": one.paused_until,
            "paused_why": one.paused_why,
        }
        for one in found
    ]
    if as_json:
        output.print_json(rows)
    else:
        output.print_table(rows, empty="No channel is bound yet: `bot run` does it.")


@channels.command()
def rebind(name: Annotated[str, typer.Argument(help="The channel's name")]) -> None:
    """Let a channel be bound to the account its credentials belong to now."""
    from bot.app import App
    from bot.config import Environment
    from bot.services.decide import known
    from bot.store import channels as store

    bot = App(environment=Environment.load())
    with bot.store.writing() as connection:
        known(connection, name)
        for one in store.load(connection):
            if one.nickname == name:
                store.unbind(connection, name, one.platform)
    sys.stdout.write(f"Channel '{name}' is bound anew when the worker next reaches its platform.\n")
