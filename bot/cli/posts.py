"""`bot posts`: the post log, and what a person decides about a post."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.app import App
    from bot.services.decide import Person
    from bot.store.session import Connection

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
    as_json: AsJson = False,
) -> None:
    """Every post that was claimed, sent or dropped."""
    from bot.cli import output

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

    bot = _app()
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
            {name: getattr(one, name) for name in one.__dataclass_fields__} for one in decided
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


@posts.command()
def approve(key: Key, note: Note = "") -> None:
    """Let a post that is held or skipped go out."""
    from bot.services import decide

    _check(key)
    _decide(lambda connection, person: decide.approve(connection, key, person), note)


@posts.command()
def hold(key: Key, note: Note = "") -> None:
    """Keep a post from going out until it is approved."""
    from bot.services import decide

    _check(key)
    _decide(lambda connection, person: decide.hold(connection, key, person), note)


@posts.command()
def skip(key: Key, note: Note = "") -> None:
    """Never send a post."""
    from bot.services import decide

    _check(key)
    _decide(lambda connection, person: decide.skip(connection, key, person), note)


@posts.command()
def retry(key: Key, note: Note = "") -> None:
    """Try a dropped post again, while its deadline lasts."""
    from bot.services import decide

    _decide(lambda connection, person: decide.retry(connection, key, person), note)


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

    def said(connection: "Connection", person: "Person") -> str:
        if outcome == "sent":
            return decide.resolve_sent(connection, key, url, person)
        return decide.resolve_not_sent(connection, key, person)

    _decide(said, note)


def _decide(action: "Callable[[Connection, Person], str]", note: str) -> None:
    from bot.cli.person import user
    from bot.services.decide import Person

    bot = _app()
    person = Person(who=user(), now=bot.clock.now(), note=note)
    with bot.store.writing() as connection:
        said = action(connection, person)
    sys.stdout.write(said + "\n")


def _check(key: str) -> None:
    """Refuse a key that neither the plan nor the log has: nothing would come of it."""
    from bot.cli.view import look
    from bot.core.planning import candidates
    from bot.errors import UnknownNameError, nearest
    from bot.services.decide import find
    from bot.store import channels

    bot = _app()
    schedules = bot.editions.current.schedules
    planned = {
        str(one.key(channel.name))
        for one in candidates(look(bot)[0], schedules)
        for channel in schedules.channels_of(one.rule)
    }
    with bot.store.reading() as connection:
        found, row = find(connection, key)
        names = channels.nicknames(channels.load(connection))
    nicknamed = found._replace(channel=names.get(found.channel, found.channel))
    if row is None and str(nicknamed) not in planned:
        raise UnknownNameError(
            f"'{key}' is neither planned nor in the log{nearest(key, planned)}: copy a key from"
            " `bot plan --json` or `bot posts list`"
        )


def _rows() -> list[dict[str, Any]]:
    from bot.store import channels
    from bot.store import posts as log

    bot = _app()
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


def _app() -> "App":
    from bot.app import App
    from bot.config import Environment

    return App(environment=Environment.load())
