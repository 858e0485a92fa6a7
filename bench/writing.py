"""Counting, rendering and fitting one post of the sample season."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.figures import Figure, Size, percentile
from bench.season import ROOT
from bench.x_server import Server
from bot.core.planning import candidates
from bot.core.programme import Programme
from bot.services.edition import read_edition
from bot.services.sync import merged


def rows(size: Size, _server: Server) -> Iterator[Figure]:
    edition = read_edition(ROOT / "schedules.yaml", ROOT / "templates")
    channel = next(one for one in edition.schedules.channels.values() if one.platform == "x")
    long_ago = datetime.min.replace(tzinfo=UTC)
    records = list(merged([], edition.schedules, ROOT, long_ago))
    programme = Programme(records)
    found = [one for one in candidates(records, edition.schedules) if not one.barred]
    took: list[float] = []
    for _ in range(3 if size.quick else 30):
        began = time.perf_counter()
        for one in found:
            edition.post(one, channel, one.release, programme)
        took.append((time.perf_counter() - began) / len(found) * 1e6)
    yield Figure(
        row="writing",
        measure="counting, rendering and fitting one post",
        ours=percentile(took, 0.5),
        unit="µs",
        target="≤ 150",
    )
