"""tweepy's asynchronous client, sending by `Http`: signed for the address it is really sent to."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from itertools import count
from json import dumps

from aiohttp import ClientResponse
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped]  # it ships no types

from bot.core.model import Image
from bot.errors import ConfigError
from bot.platforms.http import Http, Reply
from bot.platforms.oauth1 import Signer, query_string
from bot.platforms.x_media import DESCRIBE, UPLOAD, description, form

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """The four static secrets of OAuth 1.0a: an app's, and an account's."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not all(astuple(self)):
            raise ConfigError("X needs all four of its secrets; one of them is empty.")

    @property
    def secrets(self) -> tuple[str, ...]:
        return astuple(self)


class Client(AsyncClient):  # type: ignore[misc]  # as above
    """tweepy, with `request` sending by `Http`.

    The pinned version's own goes to a fixed host, has no time limit, waits where it is told to,
    logs its headers, and reads JSON before the status.
    """

    def __init__(
        self, credentials: Credentials, base_url: str, http: Http, now: Callable[[], datetime]
    ) -> None:
        super().__init__(return_type=ClientResponse)  # tweepy's word for: as it came
        self._base_url = base_url
        self._http = http
        self._now = now
        ours = os.urandom(8).hex()  # once: asking for more would let go of the interpreter
        self._nonces = (f"{ours}{number:016x}" for number in count())
        self._signer = Signer(
            api_key=credentials.api_key,
            api_secret=credentials.api_secret,
            access_token=credentials.access_token,
            access_token_secret=credentials.access_token_secret,
        )

    async def request(
        self,
        method: str,
        route: str,
        params: Mapping[str, object] | None = None,
        json: object = None,
        user_auth: bool = True,  # noqa: FBT001, FBT002, ARG002 - tweepy's signature
    ) -> Reply:
        """Send one request, whatever comes back."""
        query = {name: str(value) for name, value in (params or {}).items()}
        body = None if json is None else dumps(json).encode()
        return await self._send(method, route, query, body, "application/json")

    async def upload(self, image: Image) -> Reply:
        """Not among tweepy's calls."""
        body, content_type = form(image)
        return await self._send("POST", UPLOAD, {}, body, content_type)

    async def describe(self, media_id: str, alt: str) -> Reply:
        """As above."""
        return await self.request("POST", DESCRIBE, json=description(media_id, alt))

    async def _send(
        self,
        method: str,
        route: str,
        query: Mapping[str, str],
        body: bytes | None,
        content_type: str,
    ) -> Reply:
        url = self._base_url + route
        headers = {"User-Agent": self.user_agent, "Authorization": self._sign(method, url, query)}
        if body is not None:
            headers["Content-Type"] = content_type
        address = f"{url}?{query_string(query)}" if query else url
        reply = await self._http.request(method, address, headers=headers, body=body)
        log.debug("%s %s: HTTP %s", method, route, reply.status)
        return reply

    def _sign(self, method: str, url: str, query: Mapping[str, str]) -> str:
        timestamp = int(self._now().timestamp())
        return self._signer.header(
            method, url, query, nonce=next(self._nonces), timestamp=timestamp
        )
