"""Bluesky, by the asynchronous client of the AT Protocol SDK.

The SDK knows the calls; the sending is ours, as for the other platforms. Its own sessions are not
used: they refresh inside the call that posts, where a failure would look like the post's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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

from bot.errors import ConfigError
from bot.platforms import Setup
from bot.platforms.answers import unanswered, unasked, unclear, unheard
from bot.platforms.base import (
    Account,
    Answer,
    Outcome,
    Parcel,
    Phase,
    RefusedError,
    RemotePost,
    Trouble,
)
from bot.platforms.bluesky_answers import is_stale, not_told, posted, taken_down
from bot.platforms.bluesky_record import COLLECTION, posts_of, record
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import Departure, Http, Reply, departing

CONNECTIONS = 16
AGE = 60 * 60.0
"""Seconds after which a session is refreshed: its access token is good for two hours."""

_PAGE = 100  # records: the most a PDS lists at once
_MOST_PAGES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Who is logged in, and by what. Tokens are secrets."""

    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    since: float  #: by the clock of the event loop

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


class BlueskyPublisher:
    """One account on one PDS. An instance serves one event loop."""

    def __init__(
        self,
        handle: str,
        app_password: str,
        *,
        now: Callable[[], datetime],
        timeout: float,
        pds: str = "https://bsky.social",
        connections: int = CONNECTIONS,
    ) -> None:
        if not (handle and app_password):
            raise ConfigError("Bluesky needs a handle and an app password; one of them is empty.")
        pds = endpoint("BLUESKY_PDS", pds)
        self.connections = connections
        self._handle = handle.removeprefix("@")
        self._password = app_password
        self._now = now
        self._host = host(pds)
        self._http = Http(connections=connections, timeout=timeout)
        self._client = AsyncClientRaw(pds, request=_Request(self._http))
        self._session: Session | None = None
        self._opening = asyncio.Lock()

    async def account(self) -> Account:
        session = await self._open()
        return Account(platform="bluesky", host=self._host, id=session.did, handle=session.handle)

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One putRecord. Cancelled, it proves nothing: take it for UNKNOWN."""
        post = record(parcel.text, parcel.links, parcel.idempotency_key)
        if post is None:
            return _not_sent(Trouble.CONTENT, "Its key is none that Bluesky takes.")
        try:
            session = await self._open()
        except RefusedError as refusal:  # of the login: nothing of the post has left
            return replace(refusal.outcome, answer=Answer.NOT_SENT)
        failure: Exception | None = None
        with departing(check) as departure:
            try:
                await self._put(session, parcel.idempotency_key, post)
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                failure = error
        if departure.refusal is not None:
            raise departure.refusal
        if (reply := departure.reply) is None:
            lost = unanswered("Bluesky", failure or TimeoutError(), left=departure.left)
            return self._without_secrets(lost)
        self._doubt(session, reply)
        return self._without_secrets(posted(reply, self._now()))

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        """All of it, or RefusedError: a part would look like "not there"."""
        found: list[RemotePost] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            reply = await self._page(cursor)
            try:
                page, cursor = posts_of(reply.json())
            except ValueError as error:
                what = f"Bluesky's list is not understood: {error}"
                raise RefusedError(unclear(what, reply, Phase.LOOKUP)) from None
            found += page
            if cursor is None or (page and page[-1].created_at < since):
                recent = [one for one in found if one.created_at >= since]
                return sorted(recent, key=lambda one: one.created_at, reverse=True)
        raise RefusedError(unclear("Bluesky's list does not end", reply, Phase.LOOKUP))

    async def delete(self, remote_id: str) -> Outcome:
        """One deleteRecord, which is as fine where there is nothing to delete."""
        try:
            session = await self._open()
        except RefusedError as refusal:
            return replace(refusal.outcome, answer=Answer.NOT_SENT)
        given = {"repo": session.did, "collection": COLLECTION, "rkey": remote_id}
        asked = self._client.com.atproto.repo.delete_record(given, headers=session.headers)
        failure, departure = await self._called(asked)
        if (reply := departure.reply) is None:
            lost = unheard("Bluesky", failure or TimeoutError(), left=departure.left)
            return self._without_secrets(lost)
        self._doubt(session, reply)
        return self._without_secrets(taken_down(reply))

    async def close(self) -> None:
        await self._http.close()

    async def _put(self, session: Session, key: str, post: Mapping[str, object]) -> None:
        """The SDK's models are left out: they add to a record what their version thinks of."""
        put = {"repo": session.did, "collection": COLLECTION, "rkey": key, "record": post}
        await self._client.invoke_procedure(
            "com.atproto.repo.putRecord",
            data=DotDict(put),
            input_encoding="application/json",
            headers=session.headers,
        )

    async def _page(self, cursor: str | None) -> Reply:
        session = await self._open()
        asked = self._client.com.atproto.repo.list_records(
            {"repo": session.did, "collection": COLLECTION, "limit": _PAGE, "cursor": cursor},
            headers=session.headers,
        )
        return await self._ask(asked, Phase.LOOKUP)

    async def _open(self) -> Session:
        """The session, fresh enough for a try. Raises RefusedError."""
        async with self._opening:
            if self._session is None or self._time() - self._session.since > AGE:
                self._session = await self._refreshed() or await self._logged_in()
            return self._session

    async def _refreshed(self) -> Session | None:
        """The session with new tokens; None where only the password helps."""
        old, self._session = self._session, None
        if old is None:
            return None
        headers = {"Authorization": f"Bearer {old.refresh}"}
        try:
            asked = self._client.com.atproto.server.refresh_session(headers=headers)
            return self._session_of(await self._ask(asked, Phase.AUTH))
        except RefusedError:
            return None

    async def _logged_in(self) -> Session:
        given = {"identifier": self._handle, "password": self._password}
        asked = self._client.com.atproto.server.create_session(given)
        return self._session_of(await self._ask(asked, Phase.AUTH))

    def _session_of(self, reply: Reply) -> Session:
        match reply.json():
            case {
                "did": str(did),
                "handle": str(handle),
                "accessJwt": str(access),
                "refreshJwt": str(refresh),
            } if did:
                return Session(
                    did=did, handle=handle, access=access, refresh=refresh, since=self._time()
                )
        what = "Bluesky did not say whose the password is"
        raise RefusedError(unclear(what, reply, Phase.AUTH))

    def _doubt(self, session: Session, reply: Reply) -> None:
        if is_stale(reply) and self._session is session:
            self._session = replace(session, since=self._time() - AGE - 1)

    @staticmethod
    async def _called(question: Awaitable[object]) -> tuple[Exception | None, Departure]:
        with departing(lambda: None) as departure:
            try:
                await question
            except Exception as error:  # noqa: BLE001 - as above
                return error, departure
        return None, departure

    async def _ask(self, question: Awaitable[object], phase: Phase) -> Reply:
        failure, departure = await self._called(question)
        if (reply := departure.reply) is None:
            outcome = unasked("Bluesky", failure or TimeoutError(), phase)
        elif not reply.ok:
            outcome = not_told(reply, self._now(), phase=phase)
        else:
            return reply
        raise RefusedError(self._without_secrets(outcome))

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        """Nobody promised that an answer does not repeat the request."""
        secrets = [self._password]
        if self._session is not None:
            secrets += [self._session.access, self._session.refresh]
        error = outcome.error
        for secret in secrets:
            error = error.replace(secret, "…")
        return outcome if error == outcome.error else replace(outcome, error=error)


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
        data: None = None,  # noqa: ARG002 - where there is no content
    ) -> Response:
        query = {name: str(value) for name, value in (params or {}).items() if value is not None}
        address = f"{url}?{urlencode(query)}" if query else url
        body = content.encode() if isinstance(content, str) else content
        sent = self.get_headers(dict(headers or {}))
        reply = await self._http.request(method, address, headers=sent, body=body)
        return Response(
            success=reply.ok,
            status_code=reply.status,
            content=reply.body or b"",
            headers=dict(reply.headers),
        )


def _not_sent(trouble: Trouble, why: str) -> Outcome:
    return Outcome(answer=Answer.NOT_SENT, trouble=trouble, error=why)


def publisher(setup: Setup) -> BlueskyPublisher:
    """The publisher of one channel."""
    given = setup.credentials
    return BlueskyPublisher(
        given["HANDLE"],
        given["APP_PASSWORD"],
        now=setup.now,
        timeout=setup.timeout,
        pds=given["PDS"],
        connections=min(setup.connections or CONNECTIONS, CONNECTIONS),
    )
