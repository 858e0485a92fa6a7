"""Mastodon.py over a session of our own: below it there is no network but `Http`.

So nothing is waited for, repeated or followed, and every call ends in time.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mastodon import Mastodon
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from bot.platforms.http import Http, Reply

if TYPE_CHECKING:
    from concurrent.futures import Future


class ServerSession(Session):
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
    def __init__(self, session: ServerSession, http: Http, patience: float) -> None:
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


class _Client(Mastodon):
    """Without questions about the server's version: where it is down, they never end."""

    def verify_minimum_version(self, version_str: str, cached: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002 - Mastodon.py's signature
        return True


def client(url: str, access_token: str, session: Session, timeout: float) -> Mastodon:
    """Mastodon.py with all of its own initiative off.

    The token is set afterwards: it would be taken for the name of a file, were there one.
    """
    client = _Client(
        api_base_url=url,
        session=session,
        request_timeout=timeout,
        ratelimit_method="throw",
        version_check_mode="none",
        user_agent="announcement-bot",
    )
    client.access_token = access_token
    return client
