"""`bot events`: the events there are, and how they came to be so."""

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.core.model import EventRecord
    from bot.store.events import ChangeRecord

events = typer.Typer(help="The events, and changes to them.", no_args_is_help=True)
app.add_typer(events, name="events")

Uid = Annotated[str, typer.Argument(help="The event's uid, as `bot events list` prints it")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text")]


@events.command("list")
def list_events(
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects")] = False,
) -> None:
    """Every event, past ones too: those of the store, and what the file sources list now."""
    from bot.app import App
    from bot.cli import output
    from bot.cli.view import look
    from bot.config import Environment

    bot = App(environment=Environment.load())
    records, _ = look(bot)
    if as_json:
        output.print_json(as_object(record) for record in records)
        return
    output.print_table(
        [_row(record, bot.clock.now()) for record in records],
        empty="There are no events: name a source in schedules.yaml, or see bot events add --help.",
    )


@events.command()
def show(uid: Uid, as_json: AsJson = False) -> None:
    """One event, with everything that is known of it."""
    from bot.app import App
    from bot.cli import output
    from bot.cli.view import find, look
    from bot.config import Environment

    bot = App(environment=Environment.load())
    record = find(look(bot)[0], uid)
    if as_json:
        output.print_json(as_object(record))
        return
    shown = {"when": _when(record, bot.clock.now()), **as_object(record)}
    for name, value in shown.items():
        if value not in (None, "", []):
            text = ", ".join(value) if isinstance(value, list) else value
            sys.stdout.write(f"{name}: {text}\n")


@events.command()
def history(uid: Uid, as_json: AsJson = False) -> None:
    """Who changed what of an event, and when; the oldest change first."""
    from bot.app import App
    from bot.cli import output
    from bot.cli.view import find, look
    from bot.config import Environment
    from bot.store import events as store

    bot = App(environment=Environment.load())
    record = find(look(bot)[0], uid)
    changes: list[ChangeRecord] = []
    if bot.has_store:
        with bot.store.reading() as connection:
            changes = store.history(connection, uid)
    if as_json:
        output.print_json(_change(one, record) for one in changes)
        return
    output.print_table(
        [row for one in changes for row in _rows_of(one, record)],
        empty=f"Nothing was done to it yet: so far {uid} is only in {', '.join(record.sources)}.",
    )


@events.command()
def export() -> None:
    """Every event as YAML, as a file of events that `bot events import` reads back."""
    from bot.app import App
    from bot.cli.view import look
    from bot.config import Environment
    from bot.services.export import as_yaml

    records, _ = look(App(environment=Environment.load()))
    sys.stdout.write(as_yaml(one.event for one in records if one.vanished_at is None))


def as_object(record: "EventRecord") -> dict[str, Any]:
    """An event as JSON has it."""
    event, zone = record.event, record.event.zone
    return {
        "uid": event.uid,
        "title": event.title,
        "starts": _local(event.starts, zone),
        "ends": _local(event.ends, zone),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "format": event.format,
        "kind": event.kind,
        "status": event.status,
        "url": event.url,
        "recording_url": event.recording_url,
        "source": ", ".join(record.sources) or None,
        "location": event.location,
        "summary": event.summary,
        "hosts": list(event.hosts),
        "tags": list(event.tags),
        "image": event.image,
        "by_hand": sorted(record.by_hand),
        "vanished_at": _local(record.vanished_at, zone),
    }


def steps(
    before: Mapping[str, Any], after: Mapping[str, Any], zone: tzinfo
) -> Iterator[tuple[str, str, str]]:
    """Field, what it was, what it is now: in words, times as the clocks of the zone show them."""
    for name, value in after.items():
        yield name, _word(before.get(name), zone), _word(value, zone)


def _row(record: "EventRecord", now: datetime) -> dict[str, Any]:
    event = record.event
    return {
        "when": _when(record, now),
        "title": event.title,
        "format": event.format or "",
        "status": "no longer listed" if record.vanished_at else event.status,
        "uid": event.uid,
    }


def _when(record: "EventRecord", now: datetime) -> str:
    from bot.core.dates import when

    return when(record.event, now)


def _change(one: "ChangeRecord", record: "EventRecord") -> dict[str, Any]:
    return {
        "at": one.at.astimezone(record.event.zone),
        "who": one.who,
        "what": one.what,
        "before": {name: _local(value, record.event.zone) for name, value in one.before.items()},
        "after": {name: _local(value, record.event.zone) for name, value in one.after.items()},
    }


def _rows_of(one: "ChangeRecord", record: "EventRecord") -> list[dict[str, Any]]:
    """A row for each field that changed, or one for a change of none."""
    changed = [step for step in steps(one.before, one.after, record.event.zone) if any(step[1:])]
    return [
        {
            "at": one.at.astimezone(record.event.zone),
            "who": one.who,
            "what": one.what,
            "field": name,
            "before": before,
            "after": after,
        }
        for name, before, after in changed or [("", "", "")]
    ]


def _word(value: Any, zone: tzinfo) -> str:
    local = _local(value, zone)
    if isinstance(local, datetime):
        return f"{local:%Y-%m-%d %H:%M %Z}"
    if isinstance(local, list | tuple):
        return ", ".join(local)
    return "" if local is None else str(local)


def _local(value: Any, zone: tzinfo) -> Any:
    """A time as the clocks of the zone show it; anything else as it is."""
    return value.astimezone(zone) if isinstance(value, datetime) else value
