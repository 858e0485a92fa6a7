"""`bot posts approve|hold|skip|retry|resolve`: what a person decides about a post."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.posts import Key, Note, app_here, posts

if TYPE_CHECKING:
    from bot.core.model import EventRecord
    from bot.services.approve import Subject
    from bot.services.decide import Person
    from bot.store.session import Connection

Keys = Annotated[
    list[str], typer.Argument(metavar="KEY...", help="Keys, as `bot posts list --waiting` has them")
]


@posts.command()
def approve(keys: Keys, note: Note = "") -> None:
    """Let posts go out that wait for it, or that are held or skipped."""
    from bot.services import decide
    from bot.services.approve import approved

    bot = app_here()
    records, found = _planned(keys)
    about = {
        key: approved(one, records, bot.edition, bot.clock.now())
        for key, one in found.items()
        if one is not None
    }

    def said(connection: "Connection", person: "Person", key: str) -> str:
        what = about.get(key)
        if what is None:
            return decide.approve(connection, key, person)
        answer = decide.approve(connection, key, person, about=what.about)
        if what.but:
            return f"{key} is approved, and does not go out all the same: {what.but}."
        return "\n    ".join([answer, *what.text.splitlines()]) if what.about else answer

    _decide(keys, said, note)


@posts.command()
def hold(keys: Keys, note: Note = "") -> None:
    """Keep posts from going out until they are approved."""
    from bot.services import decide

    _planned(keys)
    _decide(keys, lambda connection, person, key: decide.hold(connection, key, person), note)


@posts.command()
def skip(keys: Keys, note: Note = "") -> None:
    """Never send posts."""
    from bot.services import decide

    _planned(keys)
    _decide(keys, lambda connection, person, key: decide.skip(connection, key, person), note)


@posts.command()
def retry(key: Key, note: Note = "") -> None:
    """Try a dropped post again, while its deadline lasts."""
    from bot.services import decide

    _decide([key], lambda connection, person, key: decide.retry(connection, key, person), note)


@posts.command()
def resolve(
    key: Key,
    outcome: Annotated[str, typer.Argument(help="sent or not-sent")],
    url: Annotated[str, typer.Option("--url", help="Where the post is, if it was sent")] = "",
    note: Note = "",
) -> None:
    """Say what became of a post that nobody knows about."""
    from bot.services import decide

    if outcome not in ("sent", "not-sent"):
        raise typer.BadParameter("say sent or not-sent")
    if outcome == "sent" and not url.startswith(("https://", "http://")):
        raise typer.BadParameter("say where it is: --url https://…")

    def said(connection: "Connection", person: "Person", key: str) -> str:
        if outcome == "sent":
            return decide.resolve_sent(connection, key, url, person)
        return decide.resolve_not_sent(connection, key, person)

    _decide([key], said, note)


def _decide(
    keys: Sequence[str], action: "Callable[[Connection, Person, str], str]", note: str
) -> None:
    """About all of them, or none."""
    from bot.cli.person import user
    from bot.services.decide import Person

    bot = app_here()
    person = Person(who=user(), now=bot.clock.now(), note=note)
    with bot.store.writing() as connection:
        said = [action(connection, person, key) for key in dict.fromkeys(keys)]
    sys.stdout.write("\n".join(said) + "\n")


def _planned(keys: "Sequence[str]") -> "tuple[list[EventRecord], dict[str, Subject | None]]":
    """The events, and what is planned under these keys; None where only the log has one.

    A key that neither has is refused: nothing would come of it.
    """
    from bot.cli.view import look
    from bot.errors import UnknownNameError, nearest
    from bot.services.approve import subjects
    from bot.services.decide import find
    from bot.store import channels

    bot = app_here()
    records, known = look(bot)
    planned = subjects(records, bot.edition, known, bot.clock.now())
    found: dict[str, Subject | None] = {}
    with bot.store.reading() as connection:
        names = channels.nicknames(channels.load(connection))
        for key in keys:
            named, row = find(connection, key)
            nicknamed = named._replace(channel=names.get(named.channel, named.channel))
            found[key] = planned.get(nicknamed)
            if row is None and nicknamed not in planned:
                raise UnknownNameError(
                    f"'{key}' is neither planned nor in the log{nearest(key, map(str, planned))}:"
                    " copy a key from `bot plan --json` or `bot posts list`"
                )
    return records, found
