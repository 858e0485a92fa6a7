"""The command line: every command is a thin shell over a service."""

import io
import sys
from collections.abc import Sequence

import typer

from bot.errors import BotError, MistakesError

app = typer.Typer(
    name="bot",
    help="Post the reminders and recaps of an event series: never twice, never lost, never untrue.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command (of the process's own arguments, unless others are given), and exit.

    What went wrong is one sentence on standard error, and exit code 1.
    """
    from bot.cli import commands  # noqa: F401 - registers them

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal lacks stops nobody
            stream.reconfigure(errors="backslashreplace")
    try:
        app(arguments, prog_name="bot")
    except MistakesError as error:
        print(error, file=sys.stderr)  # noqa: T201 - file:line:column first, as editors read it
        sys.exit(1)
    except BotError as error:
        print(f"bot: {error}", file=sys.stderr)  # noqa: T201 - this is where people are told
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"bot: {where}{error.strerror or error}", file=sys.stderr)  # noqa: T201 - as above
        sys.exit(1)
