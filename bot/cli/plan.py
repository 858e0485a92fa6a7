"""`bot plan`: what goes out when, and why the rest does not."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.app import App
    from bot.services.plan import Line


@app.command()
def plan(
    start: Annotated[str | None, typer.Option("--from", help="The first day: 2021-06-01")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The last day: 2021-06-30")] = None,
    event: Annotated[str | None, typer.Option("--event", help="An event (uid), or series")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, html or ics")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects")] = False,
) -> None:
    """Every post, when it goes out, and the reason where it will not or did not."""
    from bot.app import App
    from bot.cli import output
    from bot.cli.view import find, look, window
    from bot.config import Environment
    from bot.core.digests import SERIES
    from bot.services.plan import plan as planned

    if form not in _FORMATS:
        raise typer.BadParameter(
            f"'{form}' is none of {', '.join(_FORMATS)}", param_hint="--format"
        )
    bot = App(environment=Environment.load())
    edition = bot.edition
    records, known = look(bot)
    if event not in (None, SERIES):
        find(records, event)
    days = window(start, end, edition.schedules.series.timezone)
    whole = planned(
        records, edition, known, bot.clock.now(), days, writes_skipped=as_json or form != "table"
    )
    lines = [line for line in whole if event is None or line.key.event == event]
    if as_json:
        output.print_json(as_object(line) for line in lines)
    elif form == "csv":
        output.print_csv([as_object(line) for line in lines])
    elif form in ("html", "ics"):
        _write(form, lines, bot)
    else:
        output.print_table(_rows(lines), empty="Nothing is planned then.")
        _summarise(lines)


_FORMATS = ("table", "csv", "html", "ics")


def _write(form: str, lines: "list[Line]", bot: "App") -> None:
    """A page or a calendar, to be kept in a file and sent on."""
    import sys

    from bot.services.plan_calendar import calendar
    from bot.services.plan_page import page

    made = page if form == "html" else calendar
    sys.stdout.write(made(lines, bot.editions.current.schedules.series, bot.clock.now()))


def as_object(line: "Line") -> dict[str, Any]:
    """A line of the plan as JSON and CSV have it."""
    return {
        "key": str(line.key),
        "event": line.key.event,
        "title": line.record.event.title if line.record else "",
        "post": line.post,
        "channel": line.channel,
        "due": line.due,
        "at": line.at,
        "state": line.state,
        "reason": line.reason,
        "text": line.text,
        "length": line.length,
        "limit": line.limit,
        "cost_usd": line.cost_usd,
    }


def _rows(lines: "list[Line]") -> list[dict[str, Any]]:
    """The table; prices only where anything has one."""
    rows = [_row(line) for line in lines]
    if not any(row["price"] for row in rows):
        for row in rows:
            del row["price"]
    return rows


def _row(line: "Line") -> dict[str, Any]:
    from bot.core.pricing import dollars

    return {
        "due": f"{line.due:%a %d %b %Y %H:%M %Z}",
        "channel": line.channel,
        "post": line.post,
        "event": line.key.event,
        "state": line.state,
        "price": dollars(line.cost_usd) if line.cost_usd and line.at else "",
        "why": line.reason,
    }


def _summarise(lines: "list[Line]") -> None:
    import sys
    from collections import Counter

    from bot.core.pricing import dollars

    states = Counter(line.state for line in lines)
    cost = sum(line.cost_usd for line in lines if line.state in ("planned", "due"))
    counted = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    if lines:
        priced = f"; what is still to go out costs {dollars(cost)}" if cost else ""
        sys.stdout.write(f"\n{len(lines)} posts: {counted}{priced}.\n")
        if all(line.reason.startswith("not owed") for line in lines):
            sys.stdout.write("All of it is past. See it played as if it were not: bot rehearse\n")
