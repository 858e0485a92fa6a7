"""The plots of docs/performance.md, from the figures."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pygal  # type: ignore[import-untyped]  # it ships no types
from pygal.style import CleanStyle  # type: ignore[import-untyped]  # as above

FOLDER = Path(__file__).parents[1] / "docs/performance"
EDGES = (0, 1, 2, 3, 4, 5, 7, 10, 15, 25, 50)  # milliseconds
_LOOK = {"style": CleanStyle, "width": 640, "height": 360, "js": (), "no_prefix": True}


def draw(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Whatever the rows have figures for."""
    FOLDER.mkdir(exist_ok=True)
    if one := rows.get("grown"):
        _bars("store", one, "posts in the log", "Throughput by posts already in the log")
    if one := rows.get("postgresql"):
        _bars("workers", one, "workers", "Throughput on PostgreSQL by workers, 8 channels")
    if one := rows.get("trickle-p50"):
        _lateness(one["series"])
    if (none := rows.get("burst-2000")) and (late := rows.get("latency-50")):
        chart = pygal.Bar(title="Throughput by latency of the platform", y_title="posts/s", **_LOOK)
        chart.x_labels = ["0 ms", "50 ms"]
        chart.add("bot run", [round(one["ours"]) for one in (none, late)])
        chart.add("the SDK alone", [round(one["reference"]) for one in (none, late)])
        _write(chart, "latency")


def _bars(name: str, one: Mapping[str, Any], over: str, title: str) -> None:
    chart = pygal.Bar(title=title, x_title=over, y_title="posts/s", show_legend=False, **_LOOK)
    chart.x_labels = [f"{value:,.0f}" for value in one["series"][over]]
    chart.add("posts/s", [round(value) for value in one["series"]["posts/s"]])
    _write(chart, name)


def _lateness(series: Mapping[str, list[float]]) -> None:
    title = "Lateness of a post every 200 ms"
    chart = pygal.Bar(title=title, x_title="milliseconds", y_title="% of posts", **_LOOK)
    bounds = [*pairwise(EDGES), (EDGES[-1], float("inf"))]
    chart.x_labels = [f"{low}–{high}" if high < 1e9 else f"> {low}" for low, high in bounds]
    for name, values in series.items():
        inside = [sum(low <= value < high for value in values) for low, high in bounds]
        chart.add(name, [round(100 * count / len(values), 1) for count in inside])
    _write(chart, "lateness")


def _write(chart: Any, name: str) -> None:
    (FOLDER / f"{name}.svg").write_bytes(chart.render())
