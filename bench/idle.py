"""A worker with nothing to do: what it holds of memory, and uses of a core."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.figures import Figure, Size
from bench.season import Season, worker
from bench.x_server import Server


def rows(size: Size, server: Server) -> Iterator[Figure]:
    memory, core = _idle(server, 3.0 if size.quick else 40.0, {})
    yield Figure(
        row="idle-cpu",
        measure="a worker idle with 1,000 events: share of a core",
        ours=core,
        unit="%",
        target="≤ 0.1",
    )
    yield Figure(
        row="idle-memory",
        measure="the same: memory, X alone",
        ours=memory,
        unit="MB",
        target="≤ 90",
    )
    if size.quick:
        return
    others = {
        "mastodon": {"MASTODON_URL": server.url, "MASTODON_ACCESS_TOKEN": "t"},
        "bluesky": {"BLUESKY_HANDLE": "a.example", "BLUESKY_APP_PASSWORD": "p"},
    }
    others["bluesky"]["BLUESKY_URL"] = server.url
    memory, _ = _idle(server, 1.0, others)
    yield Figure(
        row="idle-memory-all",
        measure="the same: memory, all three SDKs",
        ours=memory,
        unit="MB",
        target="≤ 140",
    )


def _idle(server: Server, seconds: float, others: dict[str, dict[str, str]]) -> tuple[float, float]:
    """Megabytes, and per cent of a core."""
    with tempfile.TemporaryDirectory() as folder:
        season = Season(Path(folder))
        path, said = season.folder / "schedules.yaml", ""
        for platform in others:
            said += f"  {platform}: {{platform: {platform}}}\n"
        path.write_text(path.read_text().replace("posts:\n", said + "posts:\n"))
        season.fill(1000, datetime.now(UTC) + timedelta(days=40), step=timedelta(hours=7))
        server.reset()
        more = {name: value for one in others.values() for name, value in one.items()}
        with worker(season, season.environment(server.url, **more)) as process:
            time.sleep(5)
            before = _used(process.pid)
            time.sleep(seconds)
            used = _used(process.pid) - before
            memory = psutil.Process(process.pid).memory_info().rss / 1e6
    return memory, used / seconds * 100


def _used(pid: int) -> float:
    """Seconds of a processor so far, where Linux counts them to the nanosecond: psutil's come in
    hundredths, of which a minute of idleness has six.
    """
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in threads) / 1e9
