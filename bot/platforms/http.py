"""One HTTP request: what came back, and whether anything had left at all.

The moment the first byte leaves is watched here, between the connection and the write. So "nothing
left" is seen, not concluded from the class of an exception.
"""

import io
import json
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import replace
from http import HTTPStatus
from typing import Self

import aiohttp
from aiohttp.connector import Connection
from yarl import URL

from bot.core.record import record

CONNECT_TIMEOUT = 10.0
"""Seconds to a connection: a place in the pool, DNS, TCP and TLS together."""

HIDDEN = "…"
"""Stands where a secret was."""

LARGEST = 4_000_000
"""Bytes of an answer that are read; a page of a hundred posts has about 300,000."""

_LARGE = 500_000  # bytes
_OK, _NOT_OK = HTTPStatus.OK.value, HTTPStatus.MULTIPLE_CHOICES.value

# An idle connection the server closes just as we write is an UNKNOWN post: keep none for long.
_KEEP_ALIVE = 4.0


class Departure:
    """Within it, `check` is called just before the first byte of a request is written.

    It tells whether it came to that, and what came back.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self.left = False
        self.over = False  #: nobody waits any more, though a thread may still be on its way here
        self.refusal: BaseException | None = None
        self.reply: Reply | None = None  #: as it came, whatever an SDK makes of it
        self._check = check
        self._token: Token[Departure | None] | None = None

    def __enter__(self) -> Self:
        self._token = _departure.set(self)
        return self

    def __exit__(self, *_raised: object) -> None:
        self.over = True
        if self._token is not None:
            _departure.reset(self._token)

    def __call__(self) -> None:
        if self.left or self.over:  # a repeat by aiohttp or an SDK ends here, should there be one
            raise RuntimeError("a request must not leave twice, nor when it was given up")
        try:
            self._check()
        except BaseException as refusal:
            self.refusal = refusal
            raise
        self.left = True


_departure: ContextVar[Departure | None] = ContextVar("departure", default=None)


class _Request(aiohttp.ClientRequest):
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if (departure := _departure.get()) is not None:
            departure()
        return await super().send(conn)


@record
class Reply:
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]  #: case does not matter
    body: bytes | None  #: None: it was cut off, or is larger than is read

    def without(self, secrets: Iterable[str]) -> "Reply":
        """As it may be quoted: once a quote is cut short, a secret is not found any more."""
        body = self.body or b""
        for secret in secrets:
            body = body.replace(secret.encode(), HIDDEN.encode())
        return self if body == (self.body or b"") else replace(self, body=body)

    @property
    def ok(self) -> bool:
        return _OK <= self.status < _NOT_OK

    def json(self) -> object:
        """The body's JSON value; None where there is none."""
        try:
            return json.loads(self.body) if self.body else None
        except (ValueError, RecursionError):
            return None


class Http:
    """Requests over one pool of connections: no redirects, no cookies, no proxies, no retries."""

    def __init__(
        self,
        *,
        connections: int,
        timeout: float | None,
        connect_timeout: float = CONNECT_TIMEOUT,
        keep_alive: bool = True,
        secrets: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`timeout`: seconds for one request; None where whoever asks limits it.

        `secrets`: what no answer that tells of a failure may repeat; it will be quoted.
        """
        self._connections = connections
        self._keep_alive = keep_alive
        self._secrets = secrets
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=connect_timeout)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """Send it once. `url` is taken as it is: already encoded. Raises what aiohttp raises."""
        async with self._open().request(
            method, URL(url, encoded=True), headers=headers, data=_data(body), allow_redirects=False
        ) as response:
            reply = Reply(
                status=response.status, headers=response.headers, body=await _body(response)
            )
        if not reply.ok:
            reply = reply.without(self._secrets())
        if (departure := _departure.get()) is not None:
            departure.reply = reply
        return reply

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # only possible where a loop runs
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
                request_class=_Request,
            )
        return self._session

    def _connector(self) -> aiohttp.TCPConnector:
        if not self._keep_alive:
            return aiohttp.TCPConnector(limit=self._connections, force_close=True)
        return aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEEP_ALIVE)


def _data(body: bytes | None) -> bytes | io.BytesIO | None:
    """What aiohttp sends in pieces, where it is large."""
    return io.BytesIO(body) if body is not None and len(body) > _LARGE else body


async def _body(response: aiohttp.ClientResponse) -> bytes | None:
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > LARGEST:
                response.close()
                return None
    except (aiohttp.ClientError, OSError):  # the status has been read, and may be proof enough
        return None
    return bytes(body)
