"""`bot posts delete`: takes a post down that is out."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.posts import Key, Note, posts

if TYPE_CHECKING:
    from bot.services.delete import Deletion


@posts.command()
def delete(
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    note: Note = "",
) -> None:
    """Delete a post from its platform. It stays in the log as sent, and is never sent again."""
    import asyncio

    from bot.app import App
    from bot.cli.person import user
    from bot.config import Environment
    from bot.errors import BotError
    from bot.services import delete as deleting
    from bot.services.decide import Person

    bot = App(environment=Environment.load())
    schedules = bot.editions.current.schedules
    if not bot.has_store:
        raise BotError(f"there is no post '{key}': nothing was sent so far")
    with bot.store.reading() as connection:
        found = deleting.deletable(connection, key, schedules)
    _confirm(found, yes=yes)
    person = Person(who=user(), now=bot.clock.now(), note=note)
    publisher = bot.publisher(schedules.channels[found.channel], local=found.local)
    outcome = asyncio.run(deleting.delete(publisher, found))
    with bot.store.writing() as connection:
        gone = deleting.note(connection, found, outcome, person, bot.clock.now())
    if not gone:
        raise BotError(f"{outcome.error} Try it again, or delete it by hand: {found.where}")
    sys.stdout.write(f"{key} is deleted, and is never sent again.\n")


def _confirm(found: "Deletion", *, yes: bool) -> None:
    from bot.errors import BotError

    if yes:
        return
    if not sys.stdin.isatty():
        raise BotError("a deleted post does not come back: say --yes if that is meant")
    sys.stdout.write(f"On {found.channel}, {found.where}\n\n{found.row.text}\n\n")
    if not typer.confirm("Delete this post for good?"):
        sys.stdout.write("Nothing was deleted.\n")
        raise typer.Exit(1)
