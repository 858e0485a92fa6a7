"""Counting, rendering and fitting one post of the sample season, and reading it once more.

What the worker does for a post before it claims it. Each post is written once, for each channel:
seasons go by, and no post of them comes again.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, Size
from bench.season import ROOT, Season
from bench.season import event as busy
from bench.x_server import Server
from bot.core.model import EventRecord
from bot.core.planning import candidates
from bot.core.rules import Channel
from bot.core.timetable import Timetable
from bot.services.consent import NOBODY
from bot.services.edition import Edition, read_edition
from bot.services.ground import Ground
from bot.services.sync import merged
from bot.services.write import write

LONG_AGO = datetime.min.replace(tzinfo=UTC)
YEAR = timedelta(weeks=52)
YEARS = 5


def rows(size: Size, _server: Server) -> Iterator[Figure]:
    edition = read_edition(ROOT / "schedules.yaml", ROOT / "templates")
    sample = merged([], edition.schedules, ROOT, LONG_AGO)
    channels = list(edition.schedules.channels.values())
    turns = range(3 if size.quick else 15)
    for where, some in (("three channels", channels), ("X alone", channels[:1])):
        took = [_written(edition, some, [*_seasons(sample, f"{where} {turn}")]) for turn in turns]
        yield Figure(
            row="writing",
            measure=f"counting, rendering, fitting and reading one post, {where}",
            ours=min(took),  # whatever else the machine does only adds to it
            unit="µs",
            target="≤ 150",
        )
    with TemporaryDirectory() as folder:
        Season(Path(folder))
        burst = read_edition(Path(folder) / "schedules.yaml", Path(folder) / "templates")
    some = list(burst.schedules.channels.values())
    yield Figure(
        row="writing, burst",
        measure="the same of one post of the bursts",
        ours=min(_written(burst, some, [*_burst(turn)]) for turn in turns),
        unit="µs",
    )


def _burst(turn: int) -> Iterator[EventRecord]:
    """Events of one morning, which no post has seen."""
    for number in range(turn * 1000, turn * 1000 + 1000):
        event = busy(number, datetime(2027, 7, 1, 9, tzinfo=UTC))
        yield EventRecord(event=event, revision=1, created_at=LONG_AGO, dated_at=LONG_AGO)


def _seasons(sample: list[EventRecord], turn: str) -> Iterator[EventRecord]:
    """The sample's events in several years, under titles that no post has seen."""
    for year in range(YEARS):
        for record in sample:
            event, later = record.event, YEAR * year
            ends = event.ends and event.ends + later
            title = f"{event.title}, part {year} of {turn}"
            uid = f"{event.uid}-{turn}-{year}"
            moved = replace(event, uid=uid, title=title, starts=event.starts + later, ends=ends)
            yield replace(record, event=moved)


def _written(edition: Edition, channels: list[Channel], records: list[EventRecord]) -> float:
    """Microseconds of processor for each post: other processes do not count."""
    plan = candidates(records, edition.schedules)
    ground = Ground(
        edition=edition,
        revision=1,
        timetable=Timetable(records, edition.schedules),
        log_born=LONG_AGO,
        rules_seen={},
        decided=0,
        hearing=NOBODY,
    )
    posts = [
        (one.key(channel.name), one, channel)
        for one in plan
        if not one.barred
        for channel in channels
    ]
    began = time.process_time()
    for key, candidate, channel in posts:
        write(ground, key, candidate, channel, candidate.release)
    return (time.process_time() - began) / len(posts) * 1e6
