"""X, by tweepy's asynchronous client.

tweepy knows the calls; the sending is ours: to the configured address, signed for it, with time
limits, never waiting and never repeating, and nothing secret in the log.
"""

import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from json import dumps

from aiohttp import ClientResponse
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped]  # it ships no types

from bot.errors import ConfigError
from bot.platforms import Setup
from bot.platforms.answers import unanswered, unasked, unclear, unheard
from bot.platforms.base import (
    Account,
    Outcome,
    Parcel,
    Phase,
    RefusedError,
    RemotePost,
)
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import CONNECT_TIMEOUT, Http, Reply, departing
from bot.platforms.oauth1 import Signer, query_string
from bot.platforms.x_answers import not_told, posted, taken_down
from bot.platforms.x_timeline import next_page, posts_of

log = logging.getLogger(__name__)

CONNECTIONS = 64
_MOST_PAGES = 32  # of a hundred: X lists no more than the newest 3,200 posts


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

    def hidden_in(self, text: str) -> str:
        """The text without any of them."""
        for secret in astuple(self):
            text = text.replace(secret, "…")
        return text


class XPublisher:
    """One account on X. An instance serves one event loop."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        timeout: float,
        base_url: str = "https://api.x.com",
        connections: int = CONNECTIONS,
        connect_timeout: float = CONNECT_TIMEOUT,
    ) -> None:
        base_url = endpoint("X_API_URL", base_url)
        self.connections = connections
        self._credentials = credentials
        self._now = now
        self._host = host(base_url)
        self._http = Http(connections=connections, timeout=timeout, connect_timeout=connect_timeout)
        self._client = _Client(credentials, base_url, self._http, now)
        self._account: Account | None = None

    async def account(self) -> Account:
        """Asked once: the secrets decide it, and each answer costs money."""
        if self._account is None:
            reply = await self._ask(self._client.get_me(user_auth=True), Phase.AUTH)
            match reply.json():
                case {"data": {"id": str(user), "username": str(handle)}} if user:
                    self._account = Account(platform="x", host=self._host, id=user, handle=handle)
                case _:
                    raise _unclear("X did not say whose the secrets are", reply, Phase.AUTH)
        return self._account

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One POST /2/tweets. Cancelled, it proves nothing: take it for UNKNOWN."""
        with departing(check) as departure:
            try:
                reply = await self._client.create_tweet(text=parcel.text, user_auth=True)
                outcome = posted(reply, self._now())
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                if departure.refusal is not None:  # aiohttp may have wrapped it
                    raise departure.refusal from None
                outcome = unanswered("X", error, left=departure.left)
        return self._without_secrets(outcome)

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        """Reposts left out. All of it, or RefusedError: a part would look like "not there"."""
        posts: list[RemotePost] = []
        token: str | None = None
        for _ in range(_MOST_PAGES):
            reply = await self._page(since, token)
            try:
                posts += posts_of(reply.json())
            except ValueError as error:
                raise _unclear(f"X's timeline is unclear: {error}", reply, Phase.LOOKUP) from None
            token = next_page(reply.json())
            if token is None:
                return sorted(posts, key=lambda post: post.created_at, reverse=True)
        raise _unclear("X's timeline does not end", reply, Phase.LOOKUP)

    async def delete(self, remote_id: str) -> Outcome:
        """One DELETE /2/tweets/:id."""
        with departing(lambda: None) as departure:
            try:
                reply = await self._client.delete_tweet(remote_id, user_auth=True)
                outcome = taken_down(reply)
            except Exception as error:  # noqa: BLE001 - as above
                outcome = unheard("X", error, left=departure.left)
        return self._without_secrets(outcome)

    async def close(self) -> None:
        await self._http.close()

    async def _page(self, since: datetime, token: str | None) -> Reply:
        account = await self.account()
        question = self._client.get_users_tweets(
            account.id,
            start_time=since,
            max_results=100,
            tweet_fields=["created_at", "entities"],
            exclude=["retweets"],
            pagination_token=token,
            user_auth=True,
        )
        return await self._ask(question, Phase.LOOKUP)

    async def _ask(self, question: Awaitable[Reply], phase: Phase) -> Reply:
        try:
            reply = await question
        except Exception as error:  # noqa: BLE001 - as above
            outcome = unasked("X", error, phase)
            raise RefusedError(self._without_secrets(outcome)) from None
        if not reply.ok:
            outcome = not_told(reply, self._now(), phase=phase)
            raise RefusedError(self._without_secrets(outcome))
        return reply

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        """Nobody promised that an answer does not repeat the request."""
        if not outcome.error:
            return outcome
        return replace(outcome, error=self._credentials.hidden_in(outcome.error))


class _Client(AsyncClient):  # type: ignore[misc]  # as above
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
        url = self._base_url + route
        query = {name: str(value) for name, value in (params or {}).items()}
        headers = {"User-Agent": self.user_agent, "Authorization": self._sign(method, url, query)}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = dumps(json).encode()
        address = f"{url}?{query_string(query)}" if query else url
        reply = await self._http.request(method, address, headers=headers, body=body)
        log.debug("%s %s: HTTP %s", method, route, reply.status)
        return reply

    def _sign(self, method: str, url: str, query: Mapping[str, str]) -> str:
        timestamp = int(self._now().timestamp())
        nonce = os.urandom(16).hex()
        return self._signer.header(method, url, query, nonce=nonce, timestamp=timestamp)


def _unclear(what: str, reply: Reply, phase: Phase) -> RefusedError:
    return RefusedError(unclear(what, reply, phase))


def publisher(setup: Setup) -> XPublisher:
    """The publisher of one channel."""
    given = setup.credentials
    return XPublisher(
        Credentials(
            api_key=given["API_KEY"],
            api_secret=given["API_SECRET"],
            access_token=given["ACCESS_TOKEN"],
            access_token_secret=given["ACCESS_TOKEN_SECRET"],
        ),
        base_url=given["API_URL"],
        now=setup.now,
        timeout=setup.timeout,
        connections=setup.connections or CONNECTIONS,
    )
