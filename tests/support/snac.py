"""snac, a real server that speaks Mastodon's API, from the packages of Debian."""

import json
import platform
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.support.servers import installed, ran

_LIBRARIES = {"libcurl.so.4": "libcurl4", "libssl.so.3": "libssl3"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Snac:
    """A running server and one account on it."""

    url: str
    token: str
    folder: Path

    def statuses(self) -> list[dict[str, Any]]:
        """The account's posts as the server lists them, newest first."""
        me = self._get("/api/v1/accounts/verify_credentials")["id"]
        return list(self._get(f"/api/v1/accounts/{me}/statuses?limit=400"))

    def another(self, name: str) -> "Snac":
        """The same server with an account of its own."""
        return _account(_binary(), self.url, self.folder, name)

    def _get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        with urlopen(Request(self.url + path, headers=headers), timeout=30) as answer:
            return json.load(answer)


@contextmanager
def running_snac() -> Iterator[Snac]:
    """Start one; skips the test where it cannot be installed."""
    snac = _binary()
    with tempfile.TemporaryDirectory(prefix="snac-") as above:
        folder, port = Path(above) / "data", _free_port()
        answers = f"127.0.0.1\n{port}\n127.0.0.1:{port}\n\n\n"
        ran(snac, "init", folder, given=answers.encode())
        _speak_plain_http(folder / "server.json")
        process = subprocess.Popen(
            [str(snac), "httpd", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield _account(snac, url, folder, "midlands")
        finally:
            process.kill()  # nothing of it is needed any more
            process.wait()


def _binary() -> Path:
    return installed("snac", _install) / "usr" / "bin" / "snac"


def _install(folder: Path) -> None:
    """The package as Debian has it, unpacked here: nothing of the machine is changed."""
    release = platform.freedesktop_os_release()
    if release.get("ID") != "debian":
        pytest.skip(f"snac comes from Debian; this is {release.get('PRETTY_NAME')}")
    code = release["VERSION_CODENAME"]
    sources = ran("apt-get", "update", "--print-uris").decode()
    debian = re.search(rf"'(\S+)/dists/{code}/InRelease'", sources)
    if debian is None:
        pytest.skip("apt has no source of Debian packages")
    suites = "".join(f"deb {debian[1]} {code}{suite} main\n" for suite in ("", "-backports"))
    (folder / "sources.list").write_text(suites)
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Default-Release": "",
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
    ran(*apt, "update")
    ran(*apt, "download", "snac2", folder=folder)
    [package] = folder.glob("snac2_*.deb")
    ran("dpkg-deb", "-x", package, folder)
    lacking = re.findall(r"(\S+) => not found", ran("ldd", folder / "usr/bin/snac").decode())
    if lacking:
        names = " ".join(_LIBRARIES.get(name, name) for name in lacking)
        pytest.skip(f"snac needs libraries: apt-get install {names}")


def _speak_plain_http(path: Path) -> None:
    settings = json.loads(path.read_text())
    settings |= {"protocol": "http", "disable_email_notifications": True}
    path.write_text(json.dumps(settings))


def _account(snac: Path, url: str, folder: Path, name: str) -> Snac:
    said = ran(snac, "adduser", folder, name).decode()
    found = re.search(r"User password is (\S+)", said)
    assert found is not None, said
    login = urlencode({"login": name, "passwd": found[1]}).encode()
    with urlopen(f"{url}/oauth/x-snac-get-token", data=login, timeout=30) as answer:
        return Snac(url=url, token=answer.read().decode().strip(), folder=folder)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urlopen(f"{url}/api/v1/instance", timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)
