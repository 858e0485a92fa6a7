"""Mastodon and what speaks its API, by Mastodon.py.

Mastodon.py knows the calls, each in a thread; the sending is ours: below its session there is no
network but `Http`, so that nothing is waited for, repeated or followed, every call ends in time,
and it is known when the first byte left and what came back, whatever Mastodon.py makes of that (it
raises for statuses that were made: with an unreadable rate limit, for one).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime

from mastodon import Mastodon
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from bot.errors import ConfigError
from bot.platforms import Setup
from bot.platforms.answers import unanswered, unasked, unclear, unheard
from bot.platforms.base import Account, Outcome, Parcel, Phase, RefusedError, RemotePost
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import Departure, Http, Reply, departing
from bot.platforms.mastodon_answers import NOT_THERE, not_told, posted, taken_down
from bot.platforms.mastodon_timeline import posts_of

log = logging.getLogger(__name__)

CONNECTIONS = 8
"""A server allows an account 300 requests in 5 minutes."""

_PAGE = 40  # statuses: the most a server lists at once
_MOST_PAGES = 50
_MOMENT = 0.05  # seconds in which what is cancelled lets go of its connection


class MastodonPublisher:
    """One account on one server. An instance serves one event loop."""

    def __init__(
        self,
        url: str,
        access_token: str,
        *,
        now: Callable[[], datetime],
        timeout: float,
        visibility: str | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        if not access_token:
            raise ConfigError("MASTODON_ACCESS_TOKEN is empty.")
        url = endpoint("MASTODON_URL", url)
        self.connections = connections
        self._token = access_token
        self._visibility = visibility
        self._now = now
        self._host = host(url)
        # a small server drops idle connections without a word, and the post on them is UNKNOWN
        self._http = Http(connections=connections, timeout=timeout, keep_alive=False)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="mastodon")
        self._session = _Session(self._http, patience=2 * timeout)
        self._client = _client(url, access_token, self._session, timeout)
        self._account: Account | None = None

    async def account(self) -> Account:
        """Asked once: the token decides it."""
        if self._account is None:
            reply = await self._ask(self._client.account_verify_credentials, Phase.AUTH)
            match reply.json():
                case {"id": str(user), "username": str(handle)} if user:
                    self._account = Account(
                        platform="mastodon", host=self._host, id=user, handle=handle
                    )
                case _:
                    what = f"{self._host} did not say whose the token is"
                    raise RefusedError(unclear(what, reply, Phase.AUTH))
        return self._account

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One POST /api/v1/statuses. Cancelled before the check was asked, it does not leave."""
        failure, departure = await self._call(
            lambda: self._client.status_post(
                parcel.text,
                visibility=self._visibility,
                idempotency_key=parcel.idempotency_key,
            ),
            check,
        )
        if departure.refusal is not None:
            raise departure.refusal
        if departure.reply is not None:
            outcome = posted(departure.reply, self._now())
        else:
            error = failure or TimeoutError()
            outcome = unanswered(self._host, error, left=departure.left)
        return self._without_secrets(outcome)

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        """Boosts left out. All of it, or RefusedError: a part would look like "not there"."""
        found: dict[str, RemotePost] = {}
        oldest: str | None = None
        for _ in range(_MOST_PAGES):
            reply = await self._page(oldest)
            try:
                page = [one for one in posts_of(reply.json()) if one.remote_id not in found]
            except ValueError as error:
                what = f"{self._host}'s list is not understood: {error}"
                raise RefusedError(unclear(what, reply, Phase.LOOKUP)) from None
            found |= {one.remote_id: one for one in page}
            if not page or page[-1].created_at < since:
                recent = [one for one in found.values() if one.created_at >= since]
                return sorted(recent, key=lambda one: one.created_at, reverse=True)
            oldest = page[-1].remote_id
        raise RefusedError(unclear(f"{self._host}'s list does not end", reply, Phase.LOOKUP))

    async def delete(self, remote_id: str) -> Outcome:
        """One DELETE; a 404 is asked about, as some servers do not delete at all."""
        failure, departure = await self._call(
            lambda: self._client.status_delete(remote_id), lambda: None
        )
        if (reply := departure.reply) is None:
            outcome = unheard(self._host, failure or TimeoutError(), left=departure.left)
        elif reply.status in NOT_THERE:
            _, asked = await self._call(lambda: self._client.status(remote_id), lambda: None)
            outcome = taken_down(self._host, reply, asked.reply)
        else:
            outcome = taken_down(self._host, reply)
        return self._without_secrets(outcome)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if given_up := tuple(self._session.asked):
            for each in given_up:
                each.cancel()
            await asyncio.sleep(_MOMENT)
        await self._http.close()

    async def _page(self, oldest: str | None) -> Reply:
        account = await self.account()
        return await self._ask(
            lambda: self._client.account_statuses(
                account.id, exclude_reblogs=True, limit=_PAGE, max_id=oldest
            ),
            Phase.LOOKUP,
        )

    async def _ask(self, question: Callable[[], object], phase: Phase) -> Reply:
        failure, departure = await self._call(question, lambda: None)
        if (reply := departure.reply) is None:
            outcome = unasked(self._host, failure or TimeoutError(), phase)
        elif not reply.ok:
            outcome = not_told(reply, self._now(), phase=phase)
        else:
            return reply
        raise RefusedError(self._without_secrets(outcome))

    async def _call(
        self, call: Callable[[], object], check: Callable[[], None]
    ) -> tuple[Exception | None, Departure]:
        """Call the SDK in a thread: what it raised, and what really happened."""
        loop = asyncio.get_running_loop()
        self._session.loop = loop
        with departing(check) as departure:
            context = copy_context()  # with the departure, which goes back to the loop with it
            try:
                await loop.run_in_executor(self._threads, context.run, call)
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                log.debug("Mastodon.py: %s", type(error).__name__)
                cause = error.__context__  # Mastodon.py turns all into a sentence of its own
                return (cause if isinstance(cause, Exception) else error), departure
        return None, departure

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        """Nobody promised that an answer does not repeat the request."""
        if self._token not in outcome.error:
            return outcome
        return replace(outcome, error=outcome.error.replace(self._token, "…"))


class _Session(Session):
    """For Mastodon.py: requests that leave by `Http`, in the loop that waits for them."""

    def __init__(self, http: Http, *, patience: float) -> None:
        super().__init__()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.asked: set[Future[Reply]] = set()  #: what nobody has an answer to yet
        self.trust_env = False  # no proxies, and no .netrc in place of the token
        for prefix in ("https://", "http://"):
            self.mount(prefix, _Adapter(self, http, patience))

    def get_redirect_target(self, resp: Response) -> None:
        """None is followed: a POST would be sent twice."""


class _Adapter(BaseAdapter):
    def __init__(self, session: _Session, http: Http, patience: float) -> None:
        super().__init__()
        self._session = session
        self._http = http
        self._patience = patience  # seconds; `Http` keeps the time, unless its loop is gone

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        assert self._session.loop is not None
        given = request.body
        body = given.encode() if isinstance(given, str) else given
        assert body is None or isinstance(body, bytes)
        asked = self._http.request(
            request.method or "GET", request.url or "", headers=_sent(request.headers), body=body
        )
        try:
            reply = asyncio.run_coroutine_threadsafe(asked, self._session.loop)
        except RuntimeError:  # the loop is closed: this thread came late
            asked.close()
            raise
        self._session.asked.add(reply)
        reply.add_done_callback(self._session.asked.discard)
        return _response(request, reply.result(self._patience))

    def close(self) -> None:
        """The connections are the publisher's."""


def _sent(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    """Without what `Http` or aiohttp says better itself."""
    own = {"accept-encoding", "connection", "content-length"}
    return {name: str(value) for name, value in headers.items() if name.lower() not in own}


def _response(request: PreparedRequest, reply: Reply) -> Response:
    response = Response()
    response.request = request
    response.url = request.url or ""
    response.status_code = reply.status
    response.headers = CaseInsensitiveDict(reply.headers)
    response._content = reply.body or b""  # noqa: SLF001 - the way requests' own stand-ins do it
    response.encoding = "utf-8"
    return response


def _client(url: str, access_token: str, session: Session, timeout: float) -> Mastodon:
    """Mastodon.py with all of its own initiative off.

    The token is set afterwards: it would be taken for the name of a file, were there one.
    """
    client = Mastodon(
        api_base_url=url,
        session=session,
        request_timeout=timeout,
        ratelimit_method="throw",
        version_check_mode="none",
        user_agent="announcement-bot",
    )
    client.access_token = access_token
    return client


def publisher(setup: Setup) -> MastodonPublisher:
    """The publisher of one channel."""
    given = setup.credentials
    return MastodonPublisher(
        given["URL"],
        given["ACCESS_TOKEN"],
        now=setup.now,
        timeout=setup.timeout,
        visibility=setup.visibility,
        connections=min(setup.connections or CONNECTIONS, CONNECTIONS),
    )
