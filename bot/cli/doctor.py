"""`bot doctor`: is everything there that the worker needs?"""

import sys

import typer

from bot.cli import app


@app.command()
def doctor() -> None:
    """Check credentials (without posting), clock, zone data, database, disk and templates."""
    import asyncio

    from bot.app import App
    from bot.config import Environment
    from bot.platforms.base import Verdict
    from bot.services.diagnose import diagnose

    marks = {Verdict.FINE: "ok  ", Verdict.HINT: "hint", Verdict.WRONG: "FAIL"}
    bot = App(environment=Environment.load())
    findings = asyncio.run(diagnose(bot.probes()))
    for finding in findings:
        sys.stdout.write(f"{marks[finding.verdict]}  {finding.what}: {finding.said}\n")
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(1)
