"""X, by tweepy's asynchronous client.

tweepy knows the calls; the sending is ours: to the configured address, signed for it, with time
limits, never waiting and never repeating, and nothing secret in the log.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model import Image
from bot.platforms import Setup
from bot.platforms.answers import discreet, unanswered, unasked, unclear, unheard
from bot.platforms.base import (
    Account,
    Answer,
    Outcome,
    Parcel,
    Phase,
    RefusedError,
    Remark,
    RemotePost,
)
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import CONNECT_TIMEOUT, Departure, Http, Reply
from bot.platforms.x_answers import not_told, posted, refuses_the_reply, taken_down
from bot.platforms.x_client import Client, Credentials
from bot.platforms.x_media import described, not_attached, unfit, uploaded
from bot.platforms.x_standing import remarks
from bot.platforms.x_timeline import next_page, posts_of

CONNECTIONS = 64
_MOST_PAGES = 32  # of a hundred: X lists no more than the newest 3,200 posts


class XPublisher:
    """One account on X. An instance serves one event loop."""

    readable = True

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
        self._secrets = credentials.secrets
        self._now = now
        self._timeout = timeout  # seconds for all requests of one try
        self._host = host(base_url)
        self._http = Http(
            connections=connections,
            timeout=None,  # below: all requests of a try share its time
            connect_timeout=connect_timeout,
            secrets=lambda: credentials.secrets,
        )
        self._client = Client(credentials, base_url, self._http, now)
        self._account: Account | None = None
        self._remarks: Sequence[Remark] = ()

    async def account(self) -> Account:
        """Asked once: the secrets decide it, and each answer costs money."""
        if self._account is None:
            asked = self._client.get_me(user_fields=["protected"], user_auth=True)
            reply = await self._ask(asked, Phase.AUTH)
            self._remarks = remarks(reply, self._now())
            match reply.json():
                case {"data": {"id": str(user), "username": str(handle)}} if user:
                    self._account = Account(platform="x", host=self._host, id=user, handle=handle)
                case _:
                    raise _unclear("X did not say whose the secrets are", reply, Phase.AUTH)
        return self._account

    async def standing(self) -> Sequence[Remark]:
        """As told together with the account."""
        await self.account()
        return self._remarks

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """The picture, if there is one; then POST /2/tweets.

        Refused as an answer to another post, which proves that it is not there, it is sent once
        more to stand alone. Cancelled, it proves nothing: take it for UNKNOWN.
        """
        ends = asyncio.get_running_loop().time() + self._timeout
        media: list[str] = []
        if parcel.image is not None:
            attached = await self._attached(parcel.image, ends)
            if isinstance(attached, Outcome):
                return self._discreet(attached)
            media = [attached]
        outcome, again = await self._posted(parcel, media, parcel.reply_to, check, ends)
        if again:
            refusal, (outcome, _) = outcome, await self._posted(parcel, media, None, check, ends)
            if outcome.answer is Answer.SENT:
                why = f"It stands alone: {refusal.error}"
                outcome = replace(outcome, error=why)
        return self._discreet(outcome)

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
        with Departure(lambda: None) as departure:
            try:
                async with asyncio.timeout(self._timeout):
                    reply = await self._client.delete_tweet(remote_id, user_auth=True)
                outcome = taken_down(reply)
            except Exception as error:  # noqa: BLE001 - as above
                outcome = unheard("X", error, left=departure.left)
        return self._discreet(outcome)

    async def close(self) -> None:
        await self._http.close()

    async def _posted(
        self,
        parcel: Parcel,
        media: Sequence[str],
        reply_to: str | None,
        check: Callable[[], None],
        ends: float,
    ) -> tuple[Outcome, bool]:
        """One POST; and whether it was refused as the answer it was to be."""
        with Departure(check) as departure:
            try:
                async with asyncio.timeout_at(ends):
                    reply = await self._client.create_tweet(
                        text=parcel.text,
                        media_ids=media or None,
                        in_reply_to_tweet_id=reply_to,
                        user_auth=True,
                    )
                outcome = posted(reply, self._now())
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                if departure.refusal is not None:  # aiohttp may have wrapped it
                    raise departure.refusal from None
                return unanswered("X", error, left=departure.left), False
        return outcome, reply_to is not None and refuses_the_reply(outcome, reply)

    async def _attached(self, image: Image, ends: float) -> str | Outcome:
        """The id of the uploaded picture, with its alt text; or why there is none."""
        if (why_not := unfit(image)) is not None:
            return why_not
        try:
            async with asyncio.timeout_at(ends):
                media = uploaded(await self._client.upload(image), self._now())
                if isinstance(media, Outcome) or not image.alt:
                    return media
                reply = await self._client.describe(media, image.alt)
            return described(reply, self._now()) or media
        except Exception as error:  # noqa: BLE001 - as above
            return not_attached(error)

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
            async with asyncio.timeout(self._timeout):
                reply = await question
        except Exception as error:  # noqa: BLE001 - as above
            outcome = unasked("X", error, phase)
            raise RefusedError(self._discreet(outcome)) from None
        if not reply.ok:
            outcome = not_told(reply, self._now(), phase=phase)
            raise RefusedError(self._discreet(outcome))
        return reply

    def _discreet(self, outcome: Outcome) -> Outcome:
        return discreet(outcome, self._secrets)


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
