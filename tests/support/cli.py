"""The command line as a person uses it: in this process where that will do, else in its own."""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    code: int
    out: str
    err: str


def bot(*arguments: str) -> Result:
    """Run a command with this process's environment and folder."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as exit_:
            code = exit_.code
    return Result(code=code if isinstance(code, int) else 0, out=out.getvalue(), err=err.getvalue())


def process(*arguments: str | bytes, **options: Any) -> Result:
    """Run a command as a process of its own."""
    options.setdefault("stdin", subprocess.DEVNULL if "input" not in options else None)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})},
        **options,
    )
    return Result(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def copy_sample(folder: Path) -> None:
    """The files a person starts from: schedules.yaml (but for X alone), events, templates."""
    sample = (ROOT / "schedules.yaml").read_text(encoding="utf-8")
    alone = re.sub(r"(?<=\nchannels:\n)(?:  .*\n)+", "  x: {platform: x}\n\n\n", sample)
    (folder / "schedules.yaml").write_text(alone, encoding="utf-8")
    for name in ("events", "templates"):
        shutil.copytree(ROOT / name, folder / name)
