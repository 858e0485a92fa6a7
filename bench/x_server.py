"""X's API as fast as Python answers it, in a process of its own: it takes every post.

`python -m bench.x_server` prints its address. It looks at no signature: what is measured is on the
other side. GET /_control/wait?posts=N answers when so many posts have come, with what came.
"""

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

_CREATED = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


class Account:
    """What came, and who waits for more of it."""

    def __init__(self) -> None:
        self.bodies: list[tuple[float, bytes]] = []
        self.latency = 0.0
        self.tells_instants = False
        self.waiting: list[tuple[int, Callable[[], None]]] = []

    def take(self, body: bytes, now: float) -> bytes:
        self.bodies.append((now, body))
        number = len(self.bodies)
        for wanted, tell in self.waiting:
            if number == wanted:
                tell()
        answer = b'{"data":{"id":"%d","text":"taken"}}' % (1_000_000_000_000_000_000 + number)
        return _CREATED % (len(answer), answer)


class _Connection(asyncio.Protocol):
    def __init__(self, account: Account) -> None:
        self._account = account
        self._loop = asyncio.get_running_loop()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _length(head)
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._serve(head, body)

    def _serve(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"POST /2/tweets"):
            answer = self._account.take(body, time.time())
            if self._account.latency:
                self._loop.call_later(self._account.latency, self._transport.write, answer)
            else:
                self._transport.write(answer)
        elif head.startswith(b"GET /_control/"):
            self._control(head.split(b" ", 2)[1].decode())
        else:
            self._transport.write(_asked(head))

    def _control(self, target: str) -> None:
        said, account = parse_qs(urlsplit(target).query), self._account
        if "latency" in said:
            account.bodies.clear()
            account.latency = float(said["latency"][0])
            account.tells_instants = "instants" in said
        wanted = int(said.get("posts", ["0"])[0])
        if len(account.bodies) >= wanted:
            self._tell()
        else:
            account.waiting.append((wanted, self._tell))

    def _tell(self) -> None:
        instants = [instant for instant, _ in self._account.bodies]
        counted = Counter(body for _, body in self._account.bodies)
        told: dict[str, Any] = {
            "posts": len(instants),
            "duplicates": len(instants) - len(counted),
            "seconds": instants[-1] - instants[0] if instants else 0.0,
        }
        if self._account.tells_instants:
            told["instants"] = instants
        answer = json.dumps(told).encode()
        self._transport.write(_OK % (len(answer), answer))


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _asked(head: bytes) -> bytes:
    """Whose the secrets are (each access token is an account), or a timeline without posts."""
    if b"/2/users/me" in head.split(b"\r\n", 1)[0]:
        token = head.partition(b'oauth_token="')[2].partition(b'"')[0].decode() or "1"
        told: dict[str, Any] = {"data": {"id": token, "username": f"account{token}", "name": "A"}}
    else:
        told = {"meta": {"result_count": 0}}
    answer = json.dumps(told).encode()
    return _OK % (len(answer), answer)


async def serve() -> None:
    account = Account()
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(account), "127.0.0.1", 0, backlog=1024
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


class Server:
    """The process, as the bench sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self, latency: float = 0.0, *, instants: bool = False) -> None:
        """Forget what came; from now on answer after so many seconds, and tell when what came."""
        self._ask(f"latency={latency}" + ("&instants=1" if instants else ""))

    def wait(self, posts: int) -> dict[str, Any]:
        """Wait until so many posts have come; how many, how many twice, and within what time."""
        return self._ask(f"posts={posts}")

    def _ask(self, query: str) -> dict[str, Any]:
        with urlopen(f"{self.url}/_control/wait?{query}", timeout=300) as answer:
            return cast("dict[str, Any]", json.load(answer))


@contextmanager
def running() -> Iterator[Server]:
    command = [sys.executable, "-m", "bench.x_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip())
        finally:
            process.kill()


if __name__ == "__main__":
    gc.disable()  # nothing here is ever a cycle
    asyncio.run(serve())
