"""How long a command takes to start."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, Size, alternating
from bench.season import ROOT
from bench.x_server import Server

COMMANDS = 16
TYPER = (
    "import typer\napp = typer.Typer()\n"
    + "".join(
        f"@app.command()\ndef command{n}(name: str = '') -> None: ...\n" for n in range(COMMANDS)
    )
    + "app()\n"
)


def rows(size: Size, _server: Server) -> Iterator[Figure]:
    rounds = 2 if size.quick else 15
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(TYPER)
        ours, bare = alternating(
            rounds, lambda: _seconds("-m", "bot", "--help"), lambda: _seconds(str(empty), "--help")
        )
    yield Figure(
        row="help",
        measure="`bot --help`",
        ours=ours * 1000,
        unit="ms",
        against=f"an empty Typer app of {COMMANDS} commands",
        reference=bare * 1000,
        target="≤ 1.3",
    )
    ours, bare = alternating(
        rounds,
        lambda: _seconds("-m", "bot", "plan"),
        lambda: _seconds("-c", "import sqlalchemy.orm, jinja2"),
    )
    yield Figure(
        row="plan",
        measure="`bot plan` on the sample season",
        ours=ours * 1000,
        unit="ms",
        against="`import sqlalchemy.orm, jinja2`",
        reference=bare * 1000,
        target="≤ 2",
    )


def _seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began
