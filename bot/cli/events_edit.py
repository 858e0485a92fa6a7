"""`bot events add|edit|cancel`: what a person says of an event, a sync leaves."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.events import Uid, events

if TYPE_CHECKING:
    from bot.app import App
    from bot.services.edit import Edited, Editing

Text = str | None
Starts = Annotated[
    Text, typer.Option("--starts", help="2021-06-09, or 2021-06-09 11:00 in the event's zone")
]
Ends = Annotated[Text, typer.Option("--ends", help="The last day, or the time it ends")]
Zone = Annotated[Text, typer.Option("--timezone", help="Such as Europe/London")]
Format = Annotated[Text, typer.Option("--format", help="virtual, in-person or hybrid")]
Location = Annotated[Text, typer.Option("--location", help="Where people meet")]
Url = Annotated[Text, typer.Option("--url", help="Where its details are: https://…")]
Recording = Annotated[Text, typer.Option("--recording", help="Where to watch it: https://…")]
Kind = Annotated[Text, typer.Option("--kind", help="Such as seminar or conference")]
Status = Annotated[
    Text, typer.Option("--status", help="confirmed, tentative, postponed or cancelled")
]
Summary = Annotated[Text, typer.Option("--summary", help="A sentence about it")]
Hosts = Annotated[list[str] | None, typer.Option("--host", help="Who hosts it; again for more")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A word for it; again for more")]


@events.command()
def add(
    *,
    title: Annotated[str, typer.Option("--title", help="What it is called")],
    starts: Annotated[
        str, typer.Option("--starts", help="2021-06-09, or 2021-06-09 11:00 in its zone")
    ],
    ends: Ends = None,
    timezone: Zone = None,
    format: Format = None,  # noqa: A002 - the field's name
    location: Location = None,
    url: Url = None,
    recording_url: Recording = None,
    kind: Kind = None,
    status: Status = None,
    summary: Summary = None,
    hosts: Hosts = None,
    tags: Tags = None,
) -> None:
    """Add an event that no source lists; its uid is made of its date and title."""
    words = dict(locals())  # by the names of an event's fields
    from bot.cli import fields
    from bot.cli.view import look

    bot = _app()
    said = fields.said(words, bot.editions.current.schedules.series.timezone)
    records, _ = look(bot)
    event = _editing(bot).add(said, records)
    sys.stdout.write(f"Added {event.uid}. What will be posted about it: bot preview {event.uid}\n")


@events.command()
def edit(
    uid: Uid,
    *,
    title: Annotated[Text, typer.Option("--title", help="What it is called")] = None,
    starts: Starts = None,
    ends: Ends = None,
    timezone: Zone = None,
    format: Format = None,  # noqa: A002 - the field's name
    location: Location = None,
    url: Url = None,
    recording_url: Recording = None,
    kind: Kind = None,
    status: Status = None,
    summary: Summary = None,
    hosts: Hosts = None,
    tags: Tags = None,
) -> None:
    """Set fields of an event; "" empties one. With a new start alone it keeps its length."""
    words = {name: value for name, value in locals().items() if name != "uid"}
    from bot.cli import fields
    from bot.cli.view import find, look

    bot = _app()
    record = find(look(bot)[0], uid)
    said = fields.said(words, record.event.timezone)
    if not said:
        raise typer.BadParameter("say what to change, such as --starts or --url")
    edited = _editing(bot).edit(uid, said)
    sys.stdout.write(
        _told(edited) or f"{uid} is so already, and stays so whatever a source says.\n"
    )


@events.command()
def cancel(uid: Uid) -> None:
    """Say that an event does not take place; those who were told of it are told, nothing else."""
    from bot.cli.view import find, look
    from bot.core.model import EventFields
    from bot.core.model import Status as Known

    bot = _app()
    find(look(bot)[0], uid)
    edited = _editing(bot).edit(uid, EventFields(status=Known.CANCELLED))
    sys.stdout.write(
        f"Cancelled {uid}: {edited.event.title}.\n"
        if edited.after
        else f"{uid} was cancelled already.\n"
    )


def _told(edited: "Edited") -> str:
    """A line for each field that is another now."""
    from bot.cli.events import steps

    changed = steps(edited.before, edited.after, edited.event.zone)
    return "".join(
        f"{name}: {was or 'nothing'} → {now or 'nothing'}\n" for name, was, now in changed
    )


def _editing(bot: "App") -> "Editing":
    from bot.cli.person import user
    from bot.services.edit import Editing

    return Editing(
        store=bot.store,
        clock=bot.clock,
        folder=bot.folder,
        schedules=bot.editions.current.schedules,
        who=user(),
    )


def _app() -> "App":
    from bot.app import App
    from bot.config import Environment

    return App(environment=Environment.load())
