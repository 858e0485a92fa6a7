"""Everything that is measured: `python -m bench [--quick] [ROW …]`.

A row is a file of this folder. Figures go to bench/results.json, plots to docs/performance/.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import (
    burst,
    grown,
    idle,
    planning,
    plots,
    rehearsal,
    startup,
    trickle,
    workers,
    writing,
    x_server,
)
from bench.figures import Figure, Size

ROWS: dict[str, Callable[[Size, x_server.Server], Iterator[Figure]]] = {
    "burst": burst.rows,
    "grown": grown.rows,
    "workers": workers.rows,
    "trickle": trickle.rows,
    "planning": planning.rows,
    "rehearsal": rehearsal.rows,
    "idle": idle.rows,
    "startup": startup.rows,
    "writing": writing.rows,
}
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="ROW")
    parser.add_argument(
        "--quick", action="store_true", help="less of everything, in about a minute"
    )
    options = parser.parse_args()
    size, began = Size(quick=options.quick), time.monotonic()
    figures: list[Figure] = []
    for name in options.rows or ROWS:
        try:
            with x_server.running() as server:
                for figure in ROWS[name](size, server):
                    figures.append(figure)
                    print(line(figure), flush=True)
        except Exception as error:  # noqa: BLE001 - the other rows are still worth their time
            print(f"{name}: {type(error).__name__}: {error}", flush=True)
    print(f"\n{time.monotonic() - began:.0f} seconds")
    if not options.quick:
        keep(figures)


def line(figure: Figure) -> str:
    """A row of the table."""
    ratio = f"{figure.ratio:5.2f}" if figure.ratio is not None else "     "
    mark = {True: "yes", False: "NO ", None: "   "}[figure.reached]
    others = ", ".join(f"{name} {value:,.0f}" for name, value in figure.others.items())
    return (
        f"{figure.measure:<62} {figure.ours:>10,.2f} {figure.unit:<8} {ratio}"
        f"  {figure.target:<7} {mark}  {others}"
    )


def keep(figures: list[Figure]) -> None:
    """Into results.json, with what was measured before of other rows; then the plots of it all."""
    known = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    now = {one.row: asdict(one) | {"ratio": one.ratio, "reached": one.reached} for one in figures}
    rows = {one["row"]: one for one in known} | now
    told: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "figures": list(rows.values()),
    }
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    plots.draw(rows)
    document = Path(__file__).parents[1] / "docs/performance.md"
    before, start, rest = document.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, end, after = rest.partition("<!-- /figures -->")
    table = "\n".join(markdown(list(rows.values()), told["at"]))
    document.write_text(f"{before}{start}{table}\n{end}{after}", encoding="utf-8")


def markdown(rows: Iterable[Mapping[str, Any]], at: str) -> Iterator[str]:
    """The table of docs/performance.md."""
    python, cores = platform.python_version(), os.cpu_count()
    yield f"Measured on {at[:10]} with Python {python}, {cores} cores.\n"
    yield "| measure | measured | held against | ratio | target | reached | others |"
    yield "|---|---|---|---|---|---|---|"
    for one in rows:
        reference = f"{one['against']}: {one['reference']:,.4g}" if one["reference"] else ""
        ratio = f"{one['ratio']:.2f}" if one["ratio"] is not None else ""
        others = ", ".join(f"{name} {value:,.4g}" for name, value in one["others"].items())
        told = f"{one['ours']:,.4g} {one['unit']}"
        reached = {True: "yes", False: "**no**", None: ""}[one["reached"]]
        yield (
            f"| {one['measure']} | {told} | {reference} | {ratio} | {one['target']} | {reached}"
            f" | {others} |"
        )
    yield ""
    for plot in sorted(plots.FOLDER.glob("*.svg")):
        yield f"![{plot.stem}](performance/{plot.name})"


if __name__ == "__main__":
    main()
