"""`bot db`: the database."""

import typer

from bot.cli import app

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
