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
    from bot.services.diagnose import diagnose

    bot = App(environment=Environment.load())
    findings = asyncio.run(diagnose(bot.probes()))
    for finding in findings:
        sys.stdout.write(f"{'ok  ' if finding.fine else 'FAIL'}  {finding.what}: {finding.said}\n")
    if not all(finding.fine for finding in findings):
        raise typer.Exit(1)
