"""The candidates of many events, and what an edit and a tick with nothing due cost."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as at
from pathlib import Path
from statistics import median
from typing import Any

from bench import careful
from bench.engine import delivery_of
from bench.figures import Figure, Size, alternating
from bench.season import Season
from bench.x_server import Server
from bot.core.model import Event, EventFields, EventRecord
from bot.core.planning import candidates
from bot.core.rules import Schedules
from bot.core.timetable import Timetable
from bot.schedules import read
from bot.store import events, meta
from bot.store.events import Author

SCHEDULES = b"""\
series: {name: A busy series, hashtag: "#Busy", timezone: Europe/London}
channels: {x1: {platform: x}}
quiet_hours: {from: "21:00", until: "08:00"}
posts:
  starting-soon: {when: 1 hour before start, template: soon}
  on-the-day: {when: "on the day of start at 08:00", template: soon}
  day-before: {when: "1 day before start at 12:00", template: soon}
  week-before: {when: "7 days before start at 09:00", template: soon}
  recap: {when: "1 day after end at 10:00", template: soon}
  thanks: {when: 2 hours after end, template: soon}
"""
RULES: list[tuple[int | None, at | timedelta, bool]] = [
    (None, timedelta(hours=-1), False),
    (0, at(8), False),
    (-1, at(12), False),
    (-7, at(9), False),
    (1, at(10), True),
    (None, timedelta(hours=2), True),
]
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def rows(size: Size, _server: Server) -> Iterator[Figure]:
    count = 5000 if size.quick else 100_000
    schedules = read(SCHEDULES, name="schedules.yaml")
    records = [_record(number) for number in range(count)]
    bare: list[Any] = [
        (one.event.uid, one.event.starts, one.event.ends, one.event.timezone, one.event.title)
        for one in records
    ]
    ours, loop = alternating(
        size.rounds,
        lambda: _seconds(lambda: candidates(records, schedules)),
        lambda: _seconds(lambda: careful.plan(bare, RULES, "Europe/London")),
    )
    yield Figure(
        row="candidates",
        measure=f"candidates of {count:,} events × {len(RULES)} rules",
        ours=ours,
        unit="s",
        against="a bare careful loop",
        reference=loop,
        target="≤ 1.3",
    )
    few, many = asyncio.run(_ticks(100)), asyncio.run(_ticks(2000 if size.quick else 100_000))
    yield Figure(
        row="tick",
        measure=f"a tick with nothing due at {many[2]:,} events",
        ours=many[0],
        unit="µs",
        against="at 100 events",
        reference=few[0],
        target="≤ 1.3",
    )
    yield Figure(
        row="edit",
        measure=f"an edited event among {many[2]:,} is planned anew",
        ours=many[1],
        unit="ms",
        against="at 100 events",
        reference=few[1],
        target="≤ 1.3",
    )
    yield Figure(
        row="replan",
        measure=f"of it: its candidates among those of {count:,} events are replaced",
        ours=_replaced(records, schedules),
        unit="ms",
        target="≤ 1",
    )


def _replaced(records: list[EventRecord], schedules: Schedules) -> float:
    """Milliseconds of processor to take in an event that was moved."""
    timetable, took = Timetable(records, schedules), []
    for number in range(0, len(records), len(records) // 50):
        event = records[number].event
        later = event.starts + timedelta(hours=3)
        moved = replace(records[number], event=replace(event, starts=later, ends=None))
        began = time.process_time()
        timetable.renew([moved])
        took.append(time.process_time() - began)
    return median(took) * 1e3


def _record(number: int) -> EventRecord:
    starts = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=37 * number % 525_600)
    event = Event(
        uid=f"event-{number:06}",
        title=f"Seminar number {number}",
        starts=starts,
        ends=starts + timedelta(hours=1),
        timezone=ZONES[number % len(ZONES)],
    )
    known = datetime(2025, 1, 1, tzinfo=UTC)
    return EventRecord(event=event, revision=1, created_at=known, dated_at=known)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    found = work()
    took = time.process_time() - began
    del found
    return took


async def _ticks(count: int) -> tuple[float, float, int]:
    """Microseconds of a tick, and milliseconds of the one after an edit."""
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        season.fill(count, datetime.now(UTC) + timedelta(days=40), step=timedelta(minutes=1))
        delivery = await delivery_of(season)
        await delivery.tick()
        await delivery.tick()
        idle = [await _timed(delivery.tick) for _ in range(200)]
        edits = []
        for number in range(21):
            _edit(season, number)
            edits.append(await _timed(delivery.tick))
        await delivery.stop(1)
        delivery.store.close()
    return median(idle) * 1e6, median(edits) * 1e3, count


async def _timed(tick: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await tick()
    return time.perf_counter() - began


def _edit(season: Season, number: int) -> None:
    store = season.store()
    said: EventFields = {"title": f"Another title {number}"}
    with store.writing() as connection:
        author = Author(who="bench", at=datetime.now(UTC), revision=meta.bump(connection))
        events.change(connection, f"seminar-{number + 50:07}", said, author)
    store.close()
