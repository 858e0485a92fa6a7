"""Servers that are not part of the project: installed once into .cache, run for a test session."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache"
_PATIENCE = 600.0  # seconds for an installation; another process may be at it


def installed(name: str, install: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, filled by `install` where it is not there yet.

    Skips the test, with the reason, where it cannot be installed.
    """
    folder = CACHE / name
    CACHE.mkdir(exist_ok=True)
    lock = CACHE / f"{name}.lock"
    give_up = time.monotonic() + _PATIENCE
    while not folder.exists():
        try:
            lock.mkdir()
        except FileExistsError:
            if time.monotonic() > give_up:
                pytest.skip(f"{lock} is in the way: remove it")
            time.sleep(1)
            continue
        try:
            _fill(folder, install)
        finally:
            lock.rmdir()
    return folder


def _fill(folder: Path, install: Callable[[Path], None]) -> None:
    if folder.exists():
        return
    growing = folder.with_suffix(".new")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(parents=True)
    try:
        install(growing)
    except FileNotFoundError as error:
        pytest.skip(f"{folder.name} cannot be installed: there is no {error.filename}")
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.output or b"").decode(errors="replace").strip()
        pytest.skip(f"{folder.name} cannot be installed: {said[-300:] or error}")
    except subprocess.TimeoutExpired:
        pytest.skip(f"{folder.name} cannot be installed: it took too long")
    growing.rename(folder)


def ran(*command: str | Path, folder: Path | None = None, given: bytes = b"") -> bytes:
    """What a command printed. Raises what subprocess.run raises."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        input=given,
        capture_output=True,
        check=True,
        timeout=_PATIENCE,
    )
    return done.stdout
