"""`bot check`: are the files in order?"""

import sys

import typer

from bot.cli import app


@app.command()
def check() -> None:
    """Validate schedules.yaml, and every template for every event and channel."""
    from bot.app import App
    from bot.cli.progress import drawing
    from bot.cli.view import look
    from bot.config import Environment
    from bot.services.check import check as checked

    bot = App(environment=Environment.load())
    edition = bot.editions.current
    records, _ = look(bot, warn=False)
    with drawing("drawing cards") as passed:
        findings = checked(records, edition, bot.folder, bot.clock.now(), passed=passed)
    for finding in findings:
        kind = "error" if finding.is_error else "note"
        out = sys.stderr if finding.is_error else sys.stdout
        where = f"{finding.where}: " if finding.where else ""
        out.write(f"{kind}: {where}{finding.what}\n")
    errors = sum(finding.is_error for finding in findings)
    schedules = edition.schedules
    sys.stdout.write(
        f"{bot.editions.path}: {len(schedules.rules)} posts on {len(schedules.channels)}"
        f" channels, {len(records)} events: "
        + (f"{errors} errors.\n" if errors else "all in order.\n")
    )
    if errors:
        raise typer.Exit(1)
