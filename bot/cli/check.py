"""`bot check`: are the files in order?"""

import sys

import typer

from bot.cli import app


@app.command()
def check() -> None:
    """Validate schedules.yaml, and every template for every event and channel."""
    from bot.app import App
    from bot.cli.progress import steps
    from bot.cli.view import look
    from bot.config import Environment
    from bot.services.check import check as checked
    from bot.services.questions.findings import Level

    bot = App(environment=Environment.load())
    edition = bot.edition
    records, _ = look(bot, warn=False)
    with steps() as progress:
        found = checked(
            records,
            edition,
            bot.folder,
            bot.clock.now(),
            tells_people=bool(bot.settings.bot_alerts),
            progress=progress,
        )
    for matter in found:
        out = sys.stderr if matter.level is Level.ERROR else sys.stdout
        out.write(f"{matter.level.name.lower()}: {matter}\n")
    errors = sum(matter.level is Level.ERROR for matter in found)
    warnings = sum(matter.level is Level.WARNING for matter in found)
    schedules = edition.schedules
    posts = sum(rule.wait is None or not rule.wait.inverted for rule in schedules.rules)
    sys.stdout.write(
        f"{bot.editions.path}: {posts} posts on {len(schedules.channels)}"
        f" channels, {len(records)} events: {_summed_up(errors, warnings)}.\n"
    )
    if errors:
        raise typer.Exit(1)


def _summed_up(errors: int, warnings: int) -> str:
    counted = [
        f"{count} {what}{'' if count == 1 else 's'}"
        for count, what in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return " and ".join(counted) or "all in order"
