"""Bluesky, by the asynchronous client of the AT Protocol SDK.

The SDK knows the calls; the sending is ours, as for the other platforms. Its own sessions are not
used: they refresh inside the call that posts, where a failure would look like the post's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.model import Image
from bot.core.tid import instant_of
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
    Remark,
    RemotePost,
    Trouble,
)
from bot.platforms.bluesky_answers import is_absent, is_stale, not_told, posted, taken_down
from bot.platforms.bluesky_client import BlueskyClient
from bot.platforms.bluesky_embed import blob_of, link_card, picture, thread_of
from bot.platforms.bluesky_record import posts_of, record
from bot.platforms.bluesky_standing import remarks
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import Departure, Http, Reply, departing

CONNECTIONS = 16
AGE = 60 * 60.0
"""Seconds after which a session is refreshed: its access token is good for two hours."""

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

    readable = True

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
        self._client = BlueskyClient(pds, self._http)
        self._session: Session | None = None
        self._opening = asyncio.Lock()

    async def account(self) -> Account:
        session = await self._open()
        return Account(platform="bluesky", host=self._host, id=session.did, handle=session.handle)

    async def standing(self) -> Sequence[Remark]:
        session = await self._open()
        _, answered = await self._called(self._client.profile(session.did, session.headers))
        return remarks(session.access, answered.reply, self._now())

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One putRecord, after what it needs. Cancelled, it proves nothing: take it for UNKNOWN."""
        if instant_of(parcel.idempotency_key) is None:
            return _not_sent(Trouble.CONTENT, "Its key is none that Bluesky takes.")
        try:
            session = await self._open()
            post = await self._record(session, parcel)
        except RefusedError as refusal:  # nothing of the post has left
            return replace(refusal.outcome, answer=Answer.NOT_SENT)
        if isinstance(post, Outcome):
            return post
        put = self._client.put(session.did, parcel.idempotency_key, post, session.headers)
        failure, departure = await self._called(put, check)
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
        asked = self._client.delete(session.did, remote_id, session.headers)
        failure, departure = await self._called(asked)
        if (reply := departure.reply) is None:
            lost = unheard("Bluesky", failure or TimeoutError(), left=departure.left)
            return self._without_secrets(lost)
        self._doubt(session, reply)
        return self._without_secrets(taken_down(reply))

    async def close(self) -> None:
        await self._http.close()

    async def _record(self, session: Session, parcel: Parcel) -> Mapping[str, object] | Outcome:
        """The post as it is to be stored; or that it is stored already. Raises RefusedError.

        The same parcel gives the same bytes, unless what it answers is gone meanwhile: put again
        without it, the post would be edited, so it is looked for first.
        """
        embed = link_card(parcel)
        if parcel.image is not None:
            embed = picture(parcel.image, await self._blob(session, parcel.image))
        reply = None
        if parcel.reply_to is not None:
            answered = await self._stored(session, parcel.reply_to)
            if answered is not None:
                reply = thread_of(answered)
            elif there := await self._stored(session, parcel.idempotency_key):
                return posted(there, self._now())
        return record(
            parcel.text,
            parcel.links,
            parcel.idempotency_key,
            language=parcel.language,
            embed=embed,
            reply=reply,
        )

    async def _blob(self, session: Session, image: Image) -> Mapping[str, object]:
        """A picture as the server keeps it: the same bytes, the same blob. Raises RefusedError."""
        asked = self._client.upload(image, session.headers)
        reply = await self._ask(asked, Phase.MEDIA, session)
        if (blob := blob_of(reply.json())) is None:
            raise RefusedError(unclear("Bluesky did not say what it kept", reply, Phase.MEDIA))
        return blob

    async def _stored(self, session: Session, key: str) -> Reply | None:
        """One of our posts; None where there is none. Raises RefusedError."""
        asked = self._client.get(session.did, key, session.headers)
        failure, departure = await self._called(asked)
        if departure.reply is not None and is_absent(departure.reply):
            return None
        return self._heard(failure, departure, Phase.LOOKUP, session)

    async def _page(self, cursor: str | None) -> Reply:
        session = await self._open()
        asked = self._client.page(session.did, cursor, session.headers)
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
            refreshed = await self._ask(self._client.refresh(headers), Phase.AUTH)
            return self._session_of(refreshed)
        except RefusedError:
            return None

    async def _logged_in(self) -> Session:
        asked = self._client.login(self._handle, self._password)
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
    async def _called(
        question: Awaitable[object], check: Callable[[], None] = lambda: None
    ) -> tuple[Exception | None, Departure]:
        with departing(check) as departure:
            try:
                await question
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                return error, departure
        return None, departure

    async def _ask(
        self, question: Awaitable[object], phase: Phase, session: Session | None = None
    ) -> Reply:
        return self._heard(*await self._called(question), phase, session)

    def _heard(
        self,
        failure: Exception | None,
        departure: Departure,
        phase: Phase,
        session: Session | None = None,
    ) -> Reply:
        """The answer to a question asked with a session, or without. Raises RefusedError."""
        if (reply := departure.reply) is None:
            outcome = unasked("Bluesky", failure or TimeoutError(), phase)
        elif reply.ok:
            return reply
        else:
            outcome = not_told(reply, self._now(), phase=phase)
            if session is not None:
                self._doubt(session, reply)
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
