"""An HTTP/1.1 server on a raw loopback socket, which can break an answer anywhere.

It knows nothing of what it serves: a handler turns each Request into an Answer. Written by hand
because real servers take care never to do what is needed here.
"""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Self, cast
from urllib.parse import parse_qsl, urlsplit


class Ending(StrEnum):
    """How an answer ends."""

    WHOLE = "whole"
    TRUNCATE = "truncate"  #: half of the body, then a close
    RESET = "reset"  #: RST instead of an answer
    CLOSE = "close"  #: a close instead of an answer
    HANG = "hang"  #: no answer, for ever
    HANG_UP_LATER = "hang-up-later"  #: the whole answer, then a close nobody was told of


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    at: datetime
    method: str
    target: str  #: path and query, as sent
    headers: Mapping[str, str]  #: names in lower case
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def url(self) -> str:
        return f"http://{self.headers.get('host', '')}{self.target}"

    def json(self) -> object:
        """ValueError for what is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.WHOLE
    delay: float = 0.0

    def head(self) -> bytes:
        reason = HTTPStatus(self.status).phrase if self.status in _STATUSES else "Unknown"
        headers = {
            "Date": format_datetime(datetime.now(UTC), usegmt=True),
            "Content-Type": "application/json; charset=utf-8",
            **self.headers,
            "Content-Length": str(len(self.body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} {reason}\r\n{lines}\r\n".encode()


_STATUSES = {int(status) for status in HTTPStatus}


def as_json(status: int, value: object, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status=status, body=json.dumps(value).encode(), headers=named)


class _Connection(asyncio.Protocol):
    def __init__(self, server: "WireServer") -> None:
        self._server = server
        self._buffer = bytearray()
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.open.add(self._transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._server.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._buffer[:1].isalpha() or not self._buffer:
            self._serve()
        else:  # TLS, for one
            self._transport.close()

    def _serve(self) -> None:
        while not self._busy and (request := self._parsed()) is not None:
            answer = self._server.handle(request)
            if answer.delay:
                self._busy = True
                asyncio.get_running_loop().call_later(answer.delay, self._late, answer)
            else:
                self._send(answer)

    def _late(self, answer: Answer) -> None:
        self._busy = False
        if not self._transport.is_closing():
            self._send(answer)
            self._serve()

    def _parsed(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        if len(self._buffer) < end + 4 + length:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        method, target, _ = first.split(" ")
        now = datetime.now(UTC)
        return Request(at=now, method=method, target=target, headers=headers, body=body)

    def _send(self, answer: Answer) -> None:
        match answer.ending:
            case Ending.WHOLE:
                self._transport.write(answer.head() + answer.body)
            case Ending.HANG_UP_LATER:
                self._transport.write(answer.head() + answer.body)
                self._transport.close()
            case Ending.TRUNCATE:
                self._transport.write(answer.head() + answer.body[: len(answer.body) // 2])
                self._transport.close()
            case Ending.CLOSE:
                self._transport.close()
            case Ending.RESET:
                self._reset()
            case Ending.HANG:
                self._busy = True

    def _reset(self) -> None:
        connected = self._transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


_LAST_TURNS = 5  #: of the loop, for what was accepted to be open, and for all to be closed


class WireServer:
    """Serves a handler from a thread of its own, within `with`."""

    def __init__(self, handle: Callable[[Request], Answer], *, port: int = 0) -> None:
        self.handle = handle
        self.port = port
        self.open: set[asyncio.Transport] = set()
        self._started = threading.Event()
        self._failure: OSError | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.run, name="wire", daemon=True)
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        self._thread.join()

    def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Serve in this thread until `stop`."""
        asyncio.run(self._run(started))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _run(self, started: Callable[[], None]) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await self._loop.create_server(
                lambda: _Connection(self), "127.0.0.1", self.port, backlog=1024
            )
        except OSError as failure:
            self._failure = failure
            self._started.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        started()
        await self._stop.wait()
        # What was accepted is open a turn or two later; after a close asyncio would leave it open.
        self._loop.remove_reader(server.sockets[0].fileno())
        for _turn in range(_LAST_TURNS):
            for transport in tuple(self.open):
                transport.abort()
            await asyncio.sleep(0)
        server.close()
