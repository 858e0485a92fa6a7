"""The calls to a PDS, by the AT Protocol SDK, each given the tokens of a session."""

from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlencode

from atproto_client.client.async_raw import (  # type: ignore[import-untyped]  # it has no types
    AsyncClientRaw,
)
from atproto_client.models.dot_dict import DotDict  # type: ignore[import-untyped]  # as above
from atproto_client.request import (  # type: ignore[import-untyped]  # as above
    AsyncRequest,
    Response,
)

from bot.core.model import Image
from bot.platforms.bluesky_record import COLLECTION
from bot.platforms.http import Http

PAGE = 100  # records: the most a PDS lists at once

Headers = Mapping[str, str]


class BlueskyClient:
    """What the SDK makes of an answer is no matter: what came back is told by its departure."""

    def __init__(self, pds: str, http: Http) -> None:
        self._raw = AsyncClientRaw(pds, request=_Request(http))

    def login(self, handle: str, password: str) -> Awaitable[object]:
        given = {"identifier": handle, "password": password}
        return self._called(self._raw.com.atproto.server.create_session(given))

    def refresh(self, headers: Headers) -> Awaitable[object]:
        return self._called(self._raw.com.atproto.server.refresh_session(headers=headers))

    def put(
        self, repo: str, key: str, record: Mapping[str, object], headers: Headers
    ) -> Awaitable[object]:
        """The SDK's models are left out: they add to a record what their version thinks of."""
        put = {"repo": repo, "collection": COLLECTION, "rkey": key, "record": record}
        return self._procedure("putRecord", DotDict(put), "application/json", headers)

    def upload(self, image: Image, headers: Headers) -> Awaitable[object]:
        return self._procedure("uploadBlob", image.data, image.media_type, headers)

    def get(self, repo: str, key: str, headers: Headers) -> Awaitable[object]:
        given = {"repo": repo, "collection": COLLECTION, "rkey": key}
        return self._called(self._raw.com.atproto.repo.get_record(given, headers=headers))

    def profile(self, repo: str, headers: Headers) -> Awaitable[object]:
        given = {"repo": repo, "collection": "app.bsky.actor.profile", "rkey": "self"}
        return self._called(self._raw.com.atproto.repo.get_record(given, headers=headers))

    def delete(self, repo: str, key: str, headers: Headers) -> Awaitable[object]:
        given = {"repo": repo, "collection": COLLECTION, "rkey": key}
        return self._called(self._raw.com.atproto.repo.delete_record(given, headers=headers))

    def page(self, repo: str, cursor: str | None, headers: Headers) -> Awaitable[object]:
        given = {"repo": repo, "collection": COLLECTION, "limit": PAGE, "cursor": cursor}
        return self._called(self._raw.com.atproto.repo.list_records(given, headers=headers))

    def _procedure(
        self, name: str, data: object, encoding: str, headers: Headers
    ) -> Awaitable[object]:
        asked = self._raw.invoke_procedure(
            f"com.atproto.repo.{name}",
            data=data,
            input_encoding=encoding,
            headers=dict(headers),
        )
        return self._called(asked)

    @staticmethod
    def _called(asked: Any) -> Awaitable[object]:
        """What has no types is Any from here on to nowhere."""
        awaitable: Awaitable[object] = asked
        return awaitable


class _Request(AsyncRequest):  # type: ignore[misc]  # as above
    """For the SDK: requests that leave by `Http`, whose departure tells what came back.

    The SDK is given the bytes alone, which it refuses to read: what it makes of an answer is no
    matter here.
    """

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http

    async def get(self, *_: Any, **given: Any) -> Response:
        return await self._send("GET", **given)

    async def post(self, *_: Any, **given: Any) -> Response:
        return await self._send("POST", **given)

    async def _send(
        self,
        method: str,
        *,
        url: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, object] | None = None,
        content: str | bytes | None = None,
        data: bytes | None = None,
    ) -> Response:
        query = {name: str(value) for name, value in (params or {}).items() if value is not None}
        address = f"{url}?{urlencode(query)}" if query else url
        body = content.encode() if isinstance(content, str) else content or data
        sent = self.get_headers(dict(headers or {}))
        reply = await self._http.request(method, address, headers=sent, body=body)
        return Response(
            success=reply.ok,
            status_code=reply.status,
            content=reply.body or b"",
            headers=dict(reply.headers),
        )
