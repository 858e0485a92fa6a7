"""`bot posts`: the post log, and what waits for a person."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.app import App

posts = typer.Typer(help="The post log, and decisions about posts.", no_args_is_help=True)
app.add_typer(posts, name="posts")

Key = Annotated[str, typer.Argument(help="event/post/channel/reference, as `bot plan` prints it")]
Note = Annotated[str, typer.Option("--note", help="Why; kept in the history")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]


@posts.command("list")
def list_posts(
    state: Annotated[
        str | None, typer.Option("--state", help="sending, sent, unknown, retry or dropped")
    ] = None,
    needs_person: Annotated[
        bool, typer.Option("--needs-person", help="Only what waits for a person")
    ] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="What goes out if you approve, or do not stop it")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every post that was claimed, sent or dropped; or those that wait for a word of yours."""
    from bot.cli import output
    from bot.cli.posts_waiting import list_waiting

    if waiting:
        list_waiting(as_json=as_json)
        return
    rows = [
        row
        for row in _rows()
        if state in (None, row["state"]) and (row["needs_person"] or not needs_person)
    ]
    if as_json:
        output.print_json(rows)
        return
    shown = ("due", "state", "event", "post", "channel", "sent_at", "attempts", "reason")
    output.print_table(
        [{name: row[name] for name in shown} for row in rows], empty="The log has no such posts."
    )


@posts.command()
def show(key: Key, as_json: AsJson = False) -> None:
    """One post: what was sent and told, every try, every decision."""
    from bot.cli import output
    from bot.errors import UnknownNameError
    from bot.services.decide import find
    from bot.store import decisions
    from bot.store import posts as log

    bot = app_here()
    if not bot.has_store:
        raise UnknownNameError(f"there is no post '{key}': nothing was claimed or sent so far")
    with bot.store.reading() as connection:
        found, row = find(connection, key)
        tries = log.tries_of(connection, row.id) if row else []
        told = log.told_facts(connection, row.id) if row else []
        decided = decisions.history(connection, str(found))
    whole = {
        **(next(one for one in _rows() if one["id"] == row.id) if row else {"key": key}),
        "told": [{name: fact for name, fact in one.items() if name != "post_id"} for one in told],
        "tries": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in tries],
        "decisions": [
            {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "id"}
            for one in decided
        ],
    }
    if as_json:
        output.print_json(whole)
        return
    for name, value in whole.items():
        if not isinstance(value, list):
            sys.stdout.write(f"{name}: {value if value is not None else ''}\n")
    output.print_table(whole["told"])
    output.print_table(whole["tries"], empty="No try was made.")
    output.print_table(whole["decisions"])


@posts.command()
def export() -> None:
    """The whole log as CSV."""
    from bot.cli import output

    output.print_csv(_rows())


def _rows() -> list[dict[str, Any]]:
    from bot.store import channels
    from bot.store import posts as log

    bot = app_here()
    if not bot.has_store:
        return []
    with bot.store.reading() as connection:
        rows = log.all_posts(connection)
        names = channels.nicknames(channels.load(connection))
    zone = bot.editions.current.schedules.series.zone
    return [
        {
            "id": row.id,
            "key": str(row.key._replace(channel=names.get(row.key.channel, row.key.channel))),
            "event": row.key.event,
            "post": row.key.rule,
            "channel": names.get(row.key.channel, row.key.channel),
            "account": row.key.channel,
            "state": row.state,
            "needs_person": row.needs_person,
            "reason": row.reason,
            "due": row.due.astimezone(zone),
            "sent_at": row.sent_at.astimezone(zone) if row.sent_at else None,
            "attempts": row.tries,
            "text": row.text,
            "remote_id": row.remote_id,
            "remote_url": row.remote_url,
        }
        for row in rows
    ]


def app_here() -> "App":
    """The app, as the environment has it."""
    from bot.app import App
    from bot.config import Environment

    return App(environment=Environment.load())
