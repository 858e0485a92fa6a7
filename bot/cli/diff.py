"""`bot diff`: what edited files would change, before they do."""

import sys
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.core.comparing import Difference, Outlook
    from bot.core.rules import Schedules
    from bot.services.compare import Comparison


@app.command()
def diff(
    other: Annotated[
        Path | None, typer.Argument(help="An edited copy of schedules.yaml", metavar="OTHER.yaml")
    ] = None,
    templates: Annotated[
        Path | None, typer.Option("--templates", help="An edited copy of the template folder")
    ] = None,
    events: Annotated[
        list[str] | None,
        typer.Option("--events", help="An edited copy of an event file, or OLD=NEW"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects")] = False,
) -> None:
    """What edited files would change: which posts, when, and in which words. Exit code 1 if any."""
    from bot.app import App
    from bot.cli import output
    from bot.config import Environment
    from bot.services.compare import Files, compared
    from bot.services.edition import read_edition

    if other is None and templates is None and not events:
        raise typer.BadParameter(
            "name an edited schedules.yaml, --templates or --events", param_hint="OTHER.yaml"
        )
    bot = App(environment=Environment.load())
    home, old = bot.settings.bot_schedules, bot.editions.current
    new = read_edition(other or home, templates or bot.settings.bot_templates, home)
    instead = _instead(events or [], new.schedules)
    found = compared(
        bot.store if bot.has_store else None,
        Files(edition=old, folder=bot.folder, events={}),
        Files(edition=new, folder=bot.folder, events=instead),
        bot.clock.now(),
    )
    if as_json:
        output.print_json(_as_object(one) for one in found.differences)
    else:
        _tell(found)
    if found.differences or found.resent:
        raise typer.Exit(1)


def _instead(said: Sequence[str], schedules: "Schedules") -> dict[str, Path]:
    """By the location of its source, each file that stands in for another."""
    files = [source.location for source in schedules.sources]
    found: dict[str, Path] = {}
    for one in said:
        old, _, new = one.rpartition("=")
        path = Path(new)
        named = [
            file for file in files if old in (file, "") and (old or Path(file).name == path.name)
        ]
        if len(named) != 1:
            raise typer.BadParameter(
                f"'{one}' stands in for no source: write OLD=NEW, with OLD one of"
                f" {', '.join(files)}",
                param_hint="--events",
            )
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {path}", param_hint="--events")
        found[named[0]] = path
    return found


def _as_object(one: "Difference") -> dict[str, Any]:
    before, after = one.before, one.after
    shown = one.shown
    return {
        "change": str(one.verdict),
        "key": str(shown.key),
        "event": shown.key.event,
        "post": shown.post,
        "channel": shown.key.channel,
        "before": before.at if before else None,
        "after": after.at if after else None,
        "text_before": before.text if before and before.at else None,
        "text_after": after.text if after and after.at else None,
        "reason": after.reason if after and (after.held or not after.at) else "",
    }


def _tell(found: "Comparison") -> None:
    from collections import Counter

    write = sys.stdout.write
    if found.is_over:
        write("All of it is past: compared as if it were still ahead.\n\n")
    for one in found.differences:
        write(_headline(one) + "\n" + _wording(one) + "\n")
    for line in (*found.guarded, *found.resent):
        write(f"{line.post} of {line.key.event} on {line.channel}: {line.reason or 'sent AGAIN'}\n")
    counts = Counter(str(one.verdict) for one in found.differences)
    said = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    write(f"{said or 'Nothing changes'}; {len(found.resent)} sent again.\n")


def _headline(one: "Difference") -> str:
    shown = one.shown
    times = [_at(side) for side in (one.before, one.after) if side is not None and side.at]
    when = " → ".join(dict.fromkeys(times))
    why = one.after.reason if one.after and (one.after.held or not one.after.at) else ""
    return f"{one.verdict}: {shown.post} of {shown.key.event} on {shown.key.channel}, {when}" + (
        f" ({why})" if why else ""
    )


def _at(side: "Outlook") -> str:
    return f"{side.at:%a %d %b %Y %H:%M %Z}"


def _wording(one: "Difference") -> str:
    """The words that go and come, as a unified diff; of a post that only moves none."""
    before = one.before.text.splitlines() if one.before and one.before.at else []
    after = one.after.text.splitlines() if one.after and one.after.at else []
    lines = list(unified_diff(before, after, lineterm="", n=99))[3:]
    return "".join(f"    {line}\n" for line in lines)
