"""A real Bluesky PDS, from npm."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.support.servers import installed, ran

_HOME = Path(__file__).parent / "pds"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pds:
    """A running PDS and one account on it."""

    url: str
    handle: str
    password: str
    did: str
    token: str

    def records(self) -> list[dict[str, Any]]:
        """The account's posts as they are stored, newest first."""
        query = urlencode({"repo": self.did, "collection": "app.bsky.feed.post", "limit": 100})
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = _call(f"{self.url}/xrpc/com.atproto.repo.listRecords?{query}{cursor}")
            found += page["records"]
            if not page["records"] or "cursor" not in page:
                return found
            cursor = "&" + urlencode({"cursor": page["cursor"]})

    def texts(self) -> list[str]:
        return [record["value"]["text"] for record in self.records()]

    def another(self, name: str) -> "Pds":
        """The same server with an account of its own."""
        return _account(self.url, name)


@contextmanager
def running_pds(*, rate_limits: bool = False) -> Iterator[Pds]:
    """Start one; skips the test where it cannot be installed."""
    lock = (_HOME / "package-lock.json").read_bytes()
    modules = installed(f"pds-{hashlib.sha256(lock).hexdigest()[:12]}", _install) / "node_modules"
    with tempfile.TemporaryDirectory(prefix="pds-") as folder:
        process = subprocess.Popen(
            ["node", str(_HOME / "start.mjs"), str(modules), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(rate_limits=rate_limits),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            yield _account(url, "midlands")
        finally:
            process.kill()  # nothing of it is needed any more
            process.wait()
            process.stdin.close()
            process.stdout.close()


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HOME / name, folder)
    ran("npm", "ci", "--no-fund", "--no-audit", folder=folder)


def _environment(*, rate_limits: bool) -> dict[str, str]:
    path = shutil.which("node") or "node"
    return {"PATH": str(Path(path).parent), "RATE_LIMITS": str(rate_limits).lower()}


def _account(url: str, name: str) -> Pds:
    handle, password = f"{name}.test", "a-fixed-password"
    given = {"handle": handle, "password": password, "email": f"{name}@example.org"}
    made = _call(f"{url}/xrpc/com.atproto.server.createAccount", given)
    return Pds(url=url, handle=handle, password=password, did=made["did"], token=made["accessJwt"])


def _call(url: str, given: dict[str, str] | None = None) -> Any:
    body = json.dumps(given).encode() if given is not None else None
    request = Request(url, data=body, headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)
