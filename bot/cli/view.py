"""What the commands that only look share: the events as the next sync leaves them, and the log."""

import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import typer

from bot.app import App
from bot.core.model import EventRecord, zone
from bot.core.planning import Window
from bot.core.timing import resolve
from bot.errors import UnknownNameError, nearest
from bot.services.known import Known, read_known, recall
from bot.services.sync import merged, unread
from bot.sources.moments import YEARS
from bot.store import events


def look(app: App, *, warn: bool = True) -> tuple[list[EventRecord], Known]:
    """The events by start, and the log; nothing is written, and no database comes into being.

    What of a file source cannot be read is said on standard error, unless the caller says it.
    """
    schedules, now = app.editions.current.schedules, app.clock.now()
    for said in unread(schedules, app.folder) if warn else ():
        sys.stderr.write(f"warning: {said}\n")
    if app.has_store:
        with app.store.reading() as connection:
            refs = events.all_refs(connection)
            found = merged(events.load(connection), schedules, app.folder, now, refs)
            known = read_known(connection, schedules)
            known = recall(connection, known, found, schedules, now)
    else:
        found, known = merged([], schedules, app.folder, now), Known()
    return sorted(found, key=lambda one: (one.event.begins_at, one.event.uid)), known


def find(records: Sequence[EventRecord], uid: str) -> EventRecord:
    """One of the events; UnknownNameError offers the nearest uid."""
    found = {record.event.uid: record for record in records}
    if uid not in found:
        raise UnknownNameError(
            f"there is no event '{uid}'{nearest(uid, found)}: bot events list has them all"
        )
    return found[uid]


def window(start: str | None, end: str | None, zone_name: str) -> Window | None:
    """Days, both inclusive, in the zone of the series; None where neither is given."""
    if start is None and end is None:
        return None
    where = zone(zone_name)
    first = _day(start, "--from") if start else date(1970, 1, 1)
    last = _day(end, "--to") if end else date(9000, 1, 1)
    if last < first:
        raise typer.BadParameter("it is before --from", param_hint="--to")
    return Window(resolve(first, time(0), where), resolve(last + timedelta(days=1), time(0), where))


def moment(text: str, zone_name: str) -> datetime:
    """An instant given on the command line, in the zone of the series unless it names its own."""
    try:
        found = datetime.fromisoformat(text)
        _check_year(found)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not a time: write it as 2021-06-09T10:00, with +01:00 behind it where"
            " it is not in the zone of the series",
            param_hint="--at",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone(zone_name))


def _day(text: str, option: str) -> date:
    try:
        return _check_year(date.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not a day: write it as 2021-06-09", param_hint=option
        ) from None


def _check_year(day: date) -> date:
    """Days of other centuries are slips, and the calendar's ends have no zones."""
    if day.year not in YEARS:
        raise ValueError(day)
    return day
