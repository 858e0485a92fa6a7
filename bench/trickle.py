"""One post every 200 ms: how long after its due instant each arrives at the platform."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, Size, percentile
from bench.season import ROOT, Season, worker
from bench.x_server import Server

STEP = timedelta(milliseconds=200)


def rows(size: Size, server: Server) -> Iterator[Figure]:
    posts = 10 if size.quick else 150
    ours, theirs = _bot(server, posts), _apscheduler(server, posts)
    for share, target in ((0.5, "≤ 4"), (0.99, "≤ 10")):
        yield Figure(
            row=f"trickle-p{share * 100:.0f}",
            measure=f"trickle, a post every 200 ms: lateness, p{share * 100:.0f}",
            ours=percentile(ours, share),
            unit="ms",
            target=target,
            others={"apscheduler": percentile(theirs, share)},
            series={"bot run": ours, "APScheduler": theirs},
        )


def _bot(server: Server, posts: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        due = (datetime.now(UTC) + timedelta(seconds=5)).replace(microsecond=0)
        season.fill(posts, due, step=STEP)
        server.reset(instants=True)
        with worker(season, season.environment(server.url)):
            instants = server.wait(posts)["instants"]
    return _late(instants, due)


def _apscheduler(server: Server, posts: int) -> list[float]:
    server.reset(instants=True)
    due = datetime.now(UTC) + timedelta(seconds=2 + posts / 15)  # a job is written for each
    command = [sys.executable, "-m", "bench.apscheduler_trickle", server.url]
    with subprocess.Popen([*command, str(posts), due.isoformat()], cwd=ROOT) as process:
        instants = server.wait(posts)["instants"]
        process.kill()
    return _late(instants, due)


def _late(instants: list[float], due: datetime) -> list[float]:
    first, step = due.timestamp(), STEP.total_seconds()
    return [(at - first - number * step) * 1000 for number, at in enumerate(sorted(instants))]
