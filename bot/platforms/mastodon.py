"""Mastodon and what speaks its API, by Mastodon.py.

Mastodon.py knows the calls, each in a thread; the sending is ours: below its session there is no
network but `Http`, so that nothing is waited for, repeated or followed, every call ends in time,
and it is known when the first byte left and what came back, whatever Mastodon.py makes of that (it
raises for statuses that were made: with an unreadable rate limit, for one).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from datetime import datetime
from functools import partial

from bot.core.limits import UNHEARD, Limits
from bot.core.model import Image
from bot.errors import ConfigError
from bot.platforms import Setup
from bot.platforms.answers import discreet, reason_of, unanswered, unasked, unclear, unheard
from bot.platforms.base import (
    Account,
    Outcome,
    Parcel,
    Phase,
    RefusedError,
    Remark,
    RemotePost,
    Trouble,
)
from bot.platforms.endpoint import endpoint, host
from bot.platforms.http import Departure, Http, Reply
from bot.platforms.mastodon_answers import NOT_THERE, not_told, posted, taken_down
from bot.platforms.mastodon_client import ServerSession, client
from bot.platforms.mastodon_limits import limits_of
from bot.platforms.mastodon_media import (
    LONGEST_ALT,
    Upload,
    described,
    file_name,
    refused_upload,
    upload_of,
)
from bot.platforms.mastodon_standing import remarks
from bot.platforms.mastodon_timeline import posts_of

log = logging.getLogger(__name__)

CONNECTIONS = 8
"""A server allows an account 300 requests in 5 minutes."""

_PAGE = 40  # statuses: the most a server lists at once
_MOST_PAGES = 50
_BETWEEN_LOOKS = 0.5  # seconds, at a picture the server is still working on
_MOST_LOOKS = 60
_MOMENT = 0.05  # seconds in which what is cancelled lets go of its connection


class MastodonPublisher:
    """One account on one server. An instance serves one event loop."""

    readable = True

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
        self._http = Http(
            connections=connections,
            timeout=timeout,
            keep_alive=False,
            secrets=lambda: [access_token],
        )
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="mastodon")
        self._session = ServerSession(self._http, patience=2 * timeout)
        self._client = client(url, access_token, self._session, timeout)
        self._account: Account | None = None

    async def account(self) -> Account:
        """Asked once: the token decides it."""
        if self._account is None:
            reply = await self._ask(self._client.account_verify_credentials, Phase.AUTH)
            match reply.json():
                case {"id": str(user), "username": str(handle)} if user:
                    self._account = Account(
                        platform="mastodon",
                        host=self._host,
                        id=user,
                        handle=handle,
                        limits=await self._limits(),
                    )
                case _:
                    what = f"{self._host} did not say whose the token is"
                    raise RefusedError(unclear(what, reply, Phase.AUTH))
        return self._account

    async def standing(self) -> Sequence[Remark]:
        account = await self._ask(self._client.account_verify_credentials, Phase.AUTH)
        now = self._now()
        _, asked = await self._call(self._client.app_verify_credentials, lambda: None)
        return remarks(self._host, account, asked.reply, now)

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One POST /api/v1/statuses, after its picture. A post whose thread is gone stands alone.

        Cancelled before the check was asked, it does not leave.
        """
        media: list[str] = []
        if parcel.image is not None:
            attached = await self._attached(parcel.image)
            if isinstance(attached, Outcome):
                return self._discreet(attached)
            media = [attached]
        outcome = await self._posted(parcel, media, parcel.reply_to, check)
        if parcel.reply_to is not None and outcome.http_status in NOT_THERE:
            outcome = await self._posted(parcel, media, None, check)
        return self._discreet(outcome)

    async def _posted(
        self,
        parcel: Parcel,
        media: Sequence[str],
        reply_to: str | None,
        check: Callable[[], None],
    ) -> Outcome:
        failure, departure = await self._call(
            lambda: self._client.status_post(
                parcel.text,
                in_reply_to_id=reply_to,
                media_ids=list(media) or None,
                visibility=self._visibility,
                spoiler_text=parcel.warning or None,
                language=_language(parcel.language),
                idempotency_key=parcel.idempotency_key,
            ),
            check,
        )
        if departure.refusal is not None:
            raise departure.refusal
        if departure.reply is not None:
            return posted(departure.reply, self._now())
        return unanswered(self._host, failure or TimeoutError(), left=departure.left)

    async def _attached(self, image: Image) -> str | Outcome:
        """The id of the uploaded picture, once it is ready; or why there is none."""
        if why_not := self._heard.unfit(image):
            return refused_upload(why_not, Trouble.CONTENT)
        upload = await self._uploaded(
            lambda: self._client.media_post(
                image.data,
                mime_type=image.media_type,
                description=described(image.alt, self._heard.alt or LONGEST_ALT),
                file_name=file_name(image),
            )
        )
        for _ in range(_MOST_LOOKS):
            if isinstance(upload, Outcome) or upload.ready:
                break
            await asyncio.sleep(_BETWEEN_LOOKS)
            media = upload.id
            upload = await self._uploaded(partial(self._client.media, media))
        if isinstance(upload, Outcome):
            return upload
        return upload.id if upload.ready else refused_upload("it was not ready in time")

    async def _uploaded(self, call: Callable[[], object]) -> Upload | Outcome:
        failure, departure = await self._call(call, lambda: None)
        if departure.reply is None:
            return refused_upload(reason_of(failure or TimeoutError()))
        return upload_of(departure.reply, self._now())

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
        return self._discreet(outcome)

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

    @property
    def _heard(self) -> Limits:
        """What the server said that it takes."""
        limits = self._account.limits if self._account is not None else None
        return limits or UNHEARD

    async def _limits(self) -> Limits | None:
        """What the server takes; None where it does not say: that holds up nothing."""
        for question in (self._client.instance_v2, self._client.instance_v1):
            with suppress(RefusedError):
                reply = await self._ask(question, Phase.LOOKUP)
                if (limits := limits_of(reply.json())) is not None:
                    return limits
        return None

    async def _ask(self, question: Callable[[], object], phase: Phase) -> Reply:
        failure, departure = await self._call(question, lambda: None)
        if (reply := departure.reply) is None:
            outcome = unasked(self._host, failure or TimeoutError(), phase)
        elif not reply.ok:
            outcome = not_told(reply, self._now(), phase=phase)
        else:
            return reply
        raise RefusedError(self._discreet(outcome))

    async def _call(
        self, call: Callable[[], object], check: Callable[[], None]
    ) -> tuple[Exception | None, Departure]:
        """Call the SDK in a thread: what it raised, and what really happened."""
        loop = asyncio.get_running_loop()
        self._session.loop = loop
        with Departure(check) as departure:
            context = copy_context()  # with the departure, which goes back to the loop with it
            try:
                await loop.run_in_executor(self._threads, context.run, call)
            except Exception as error:  # noqa: BLE001 - anything at all is an outcome
                log.debug("Mastodon.py: %s", type(error).__name__)
                cause = error.__context__  # Mastodon.py turns all into a sentence of its own
                return (cause if isinstance(cause, Exception) else error), departure
        return None, departure

    def _discreet(self, outcome: Outcome) -> Outcome:
        return discreet(outcome, [self._token])


def _language(tag: str | None) -> str | None:
    """Mastodon knows ISO 639-1: `en` of `en-GB`."""
    return tag.partition("-")[0] if tag else None


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
