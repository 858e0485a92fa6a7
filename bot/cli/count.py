"""`bot count`: how long a text is, as a platform counts it."""

import sys
from typing import Annotated

import typer

from bot.cli import app


@app.command()
def count(platform: Annotated[str, typer.Argument(help="x, mastodon, bluesky or local")]) -> None:
    """Print the length of the text on standard input as the platform counts it."""
    from bot.core.counting import MEASURES
    from bot.errors import UnknownNameError, nearest

    if platform not in MEASURES:
        raise UnknownNameError(
            f"there is no platform '{platform}'{nearest(platform, MEASURES)}:"
            f" one of {', '.join(MEASURES)}"
        )
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    print(MEASURES[platform].length(text.removesuffix("\n")))  # noqa: T201
