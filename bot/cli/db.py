"""`bot db`: the database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.app import App
    from bot.store.session import Store

db = typer.Typer(help="Upgrade, back up and restore the database.", no_args_is_help=True)
app.add_typer(db, name="db")


@db.command()
def upgrade() -> None:
    """Bring the database to the schema of this version; does nothing where it is there already."""
    from bot.config import Environment
    from bot.store import schema
    from bot.store.session import Store

    done = schema.upgrade(Store(Environment.load().settings().database_url))
    print("The database is up to date now." if done else "The database was up to date.")  # noqa: T201


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to: a new file, by habit .jsonl.gz")],
) -> None:
    """Write events, log and decisions into one file, which any database can be restored from."""
    from bot.cli.progress import counting
    from bot.store import backup as store

    with counting("rows") as progress:
        rows = store.backup(_store(), file, progress)
    print(f"{rows} rows were written to {file}.")  # noqa: T201


@db.command()
def restore(file: Annotated[Path, typer.Argument(help="What `bot db backup` wrote")]) -> None:
    """Fill an empty database from a backup."""
    from bot.cli.progress import counting
    from bot.platforms import UNSEEN
    from bot.store import backup as store

    app = _app()
    with counting("rows") as progress:
        rows = store.restore(app.store, file, progress, unseen=UNSEEN, now=app.clock.now())
    print(f"{rows} rows were restored from {file}.")  # noqa: T201


def _store() -> "Store":
    return _app().store


def _app() -> "App":
    from bot.app import App
    from bot.config import Environment

    return App(environment=Environment.load())
