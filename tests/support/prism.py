"""Prism, from npm: a way to a server that lets through what an OpenAPI document allows."""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import installed, ran
from tests.support.waiting import until

_HOME = Path(__file__).parent / "prism"
_LISTENING = re.compile(r"listening on (http://[\d.]+:\d+)")


@contextmanager
def running_prism(document: Mapping[str, object], upstream: str) -> Iterator[str]:
    """Its address; skips the test where it cannot be installed.

    A request that the document refuses is a 422 and goes no further; an answer that it refuses is
    a 500. Query parameters it does not name pass, and bytes that are not UTF-8 are passed on
    spoiled. OAuth 1.0a it does not know.
    """
    lock = (_HOME / "package-lock.json").read_bytes()
    folder = installed(f"prism-{hashlib.sha256(lock).hexdigest()[:12]}", _install)
    with tempfile.TemporaryDirectory(prefix="prism-") as name:
        file, log = Path(name) / "openapi.json", Path(name) / "log"
        file.write_text(json.dumps(document), encoding="utf-8")
        command = [str(folder / "node_modules/.bin/prism"), "proxy", str(file), upstream]
        with log.open("wb") as written:
            process = subprocess.Popen(
                [*command, "--errors", "--host", "127.0.0.1", "--port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        try:
            until(lambda: _LISTENING.search(log.read_text("utf-8")) is not None, "Prism is up")
            found = _LISTENING.search(log.read_text("utf-8"))
            assert found is not None
            yield found[1]
        finally:
            process.kill()
            process.wait()


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HOME / name, folder)
    ran("npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts", folder=folder)
