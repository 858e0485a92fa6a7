"""Bluesky, by the asynchronous client of the AT Protocol SDK.

The SDK knows the calls; the sending is ours, as for the other platforms. Its own sessions are not
used: they refresh inside the call that posts, where a failure would look like the post's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model import Image
from bot.core.tid import instant_of
from bot.errors import ConfigError
from bot.platforms import Setup
from bot.platforms.answers import unanswered, unclear, unheard
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
from bot.platforms.bluesky_answers import is_absent, posted, taken_down
from bot.platforms.bluesky_client import BlueskyClient
from bot.platforms.bluesky_embed import blob_of, link_card, picture, thread_of
from bot.platforms.bluesky_record import posts_of, record
from bot.platforms.bluesky_session import Login, Session, called
from bot.platforms.bluesky_standing import remarks
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import Http, Reply

CONNECTIONS = 16
_MOST_PAGES = 50


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
        session: str | None = None,
        keep: Callable[[str], None] | None = None,
    ) -> None:
        """`session`: what `keep` was given by an earlier one of the same account."""
        if not (handle and app_password):
            raise ConfigError("Bluesky needs a handle and an app password; one of them is empty.")
        pds = endpoint("BLUESKY_PDS", pds)
        self.connections = connections
        self._now = now
        self._host = host(pds)
        self._http = Http(connections=connections, timeout=timeout, secrets=self._secrets)
        self._client = BlueskyClient(pds, self._http)
        self._login = Login(
            self._client,
            handle=handle.removeprefix("@"),
            password=app_password,
            host=self._host,
            now=now,
            sealed=session,
            keep=keep,
        )

    async def account(self) -> Account:
        session = await self._login.session()
        return Account(platform="bluesky", host=self._host, id=session.did, handle=session.handle)

    async def standing(self) -> Sequence[Remark]:
        session = await self._login.session()
        _, answered = await called(self._client.profile(session.did, session.headers))
        return remarks(session.access, answered.reply, self._now())

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One putRecord, after what it needs. Cancelled, it proves nothing: take it for UNKNOWN."""
        if instant_of(parcel.idempotency_key) is None:
            return _not_sent(Trouble.CONTENT, "Its key is none that Bluesky takes.")
        try:
            session = await self._login.session()
            post = await self._record(session, parcel)
        except RefusedError as refusal:  # nothing of the post has left
            return replace(refusal.outcome, answer=Answer.NOT_SENT)
        if isinstance(post, Outcome):
            return post
        put = self._client.put(session.did, parcel.idempotency_key, post, session.headers)
        failure, departure = await called(put, check)
        if departure.refusal is not None:
            raise departure.refusal
        if (reply := departure.reply) is None:
            lost = unanswered("Bluesky", failure or TimeoutError(), left=departure.left)
            return self._login.discreet(lost)
        self._login.doubt(session, reply)
        return self._login.discreet(posted(reply, self._now()))

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
            session = await self._login.session()
        except RefusedError as refusal:
            return replace(refusal.outcome, answer=Answer.NOT_SENT)
        asked = self._client.delete(session.did, remote_id, session.headers)
        failure, departure = await called(asked)
        if (reply := departure.reply) is None:
            lost = unheard("Bluesky", failure or TimeoutError(), left=departure.left)
            return self._login.discreet(lost)
        self._login.doubt(session, reply)
        return self._login.discreet(taken_down(reply))

    async def close(self) -> None:
        await self._http.close()

    def _secrets(self) -> Sequence[str]:
        return self._login.secrets()

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
        reply = await self._login.ask(asked, Phase.MEDIA, session)
        if (blob := blob_of(reply.json())) is None:
            raise RefusedError(unclear("Bluesky did not say what it kept", reply, Phase.MEDIA))
        return blob

    async def _stored(self, session: Session, key: str) -> Reply | None:
        """One of our posts; None where there is none. Raises RefusedError."""
        asked = self._client.get(session.did, key, session.headers)
        failure, departure = await called(asked)
        if departure.reply is not None and is_absent(departure.reply):
            return None
        return self._login.heard(failure, departure, Phase.LOOKUP, session)

    async def _page(self, cursor: str | None) -> Reply:
        session = await self._login.session()
        asked = self._client.page(session.did, cursor, session.headers)
        return await self._login.ask(asked, Phase.LOOKUP)


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
        session=setup.session,
        keep=setup.keep,
    )
