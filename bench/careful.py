"""A bare loop that is as careful as the plan: zones, gaps of summer time, grace, quiet hours, bars.

Plain tuples in and out, one function, nothing looked up twice: what the arithmetic itself costs.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Row = tuple[str, datetime, datetime, str, str]  # uid, starts, ends, zone, title
Planned = tuple[datetime, int, str, str, datetime, datetime, str]

DAY, MIDNIGHT = timedelta(days=1), time(0)


def plan(
    rows: Iterable[Row], rules: list[tuple[int | None, time | timedelta, bool]], where: str
) -> list[Planned]:
    """For every row and rule: release, rank, uid, reference, due, deadline, why not.

    `rules`: days and clock time, or None and an exact offset; and whether they count from the end.
    """
    zones: dict[str, ZoneInfo] = {}
    home, quiet_from, quiet_until = ZoneInfo(where), time(21), time(8)
    found: list[Planned] = []
    for uid, starts, ends, name, title in rows:
        zone = zones.setdefault(name, ZoneInfo(name)) if name not in zones else zones[name]
        first, end = starts.astimezone(zone).date(), ends.astimezone(zone)
        last = end.date() - DAY if end.time() == MIDNIGHT and ends > starts else end.date()
        silenced = "its title is still to be announced" if "TBA" in title else ""
        for rank, (days, at, from_end) in enumerate(rules):
            anchor = ends if from_end else starts
            if days is None:
                assert isinstance(at, timedelta)
                due = anchor + at
                reference = anchor.isoformat()
                grace = min(max(abs(at) / 2, timedelta(minutes=10)), timedelta(hours=1))
                deadline = due + grace
                if at < timedelta(0):
                    deadline = min(deadline, anchor)
            else:
                assert isinstance(at, time)
                day = last if from_end else first
                reference = day.isoformat()
                due = _local(day + timedelta(days=days), at, zone)
                deadline = due + timedelta(hours=12)
                if days <= 0:
                    deadline = min(deadline, anchor)
            local = due.astimezone(home)
            clock = local.time()
            release = due
            if clock >= quiet_from:
                release = _local(local.date() + DAY, quiet_until, home)
            elif clock < quiet_until:
                release = _local(local.date(), quiet_until, home)
            why = silenced
            if not why and deadline <= due:
                why = "too late"
            elif not why and deadline <= release:
                why = "quiet hours"
            found.append((release, rank, uid, reference, due, deadline, why))
    found.sort()
    return found


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time in the gap of summer time moves on by the gap; of two, the first."""
    naive = datetime.combine(day, at)
    utc = naive.replace(tzinfo=zone).astimezone(UTC)
    back = utc.astimezone(zone).replace(tzinfo=None)
    return utc if back == naive else naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
