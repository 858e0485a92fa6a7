"""The local timeline as a platform: posts go to a file and a page on this machine.

For `bot run --local` a post is answered for once it is on the disk (one fsync a batch); in a
rehearsal, where two thousand a second go by, once the system has it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Image
from bot.platforms import Setup
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
from bot.platforms.page import Page
from bot.platforms.timeline import LocalPost, Timeline, post_id

log = logging.getLogger(__name__)

CONNECTIONS = 64
PAGE_EVERY = 2.0
"""Seconds between two writings of the page while posts come in; a full one takes 50 ms."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    parcel: Parcel
    check: Callable[[], None]
    answer: asyncio.Future[Outcome]


class LocalPublisher:
    """One channel of the local timeline. An instance serves one event loop."""

    readable = True

    def __init__(
        self,
        nickname: str,
        *,
        timeline: Timeline,
        page: Page,
        now: Callable[[], datetime],
        connections: int = CONNECTIONS,
    ) -> None:
        self.connections = connections
        self._nickname = nickname
        self._timeline = timeline
        self._page = page
        self._now = now
        self._waiting: list[_Waiting] = []
        self._page_due: asyncio.TimerHandle | None = None

    async def account(self) -> Account:
        """The nickname is the account; refused where the folder cannot be written."""
        try:
            self._timeline.refresh()
        except (OSError, ValueError) as error:
            raise self._refused(error, Phase.AUTH) from None
        return Account(platform="local", host="", id=self._nickname, handle=self._nickname)

    async def standing(self) -> Sequence[Remark]:
        return [Remark(said=f"nobody sees it but on {self._page.path}")]

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """Append it, together with whatever else is published in this turn of the loop.

        The same idempotency key twice is one post with one id.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(parcel, check, loop.create_future())
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append(waiting)
        return await waiting.answer

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        try:
            posts = self._timeline.posts(self._nickname, since)
        except (OSError, ValueError) as error:
            raise self._refused(error, Phase.LOOKUP) from None
        return [
            RemotePost(
                remote_id=post.id,
                text=post.text,
                created_at=post.posted_at,
                remote_url=self._url(post.id),
            )
            for post in posts
        ]

    async def delete(self, remote_id: str) -> Outcome:
        try:
            self._timeline.delete(remote_id, self._now())
        except (OSError, ValueError) as error:  # perhaps it is on the disk
            return Outcome(
                answer=Answer.UNKNOWN,
                phase=Phase.DELETE,
                error=f"The local timeline could not be written: {_reason(error)}.",
            )
        self.write_page()
        return Outcome(answer=Answer.SENT, phase=Phase.DELETE)

    async def close(self) -> None:
        """Write the page, unless it stands there with all that is in it."""
        if self._page_due is not None:
            self._page_due.cancel()
        if self._page_due is not None or not self._page.path.exists():
            self.write_page()

    def write_page(self) -> None:
        """Now, instead of within two seconds. A page that cannot be written stops nobody."""
        self._page_due = None
        try:
            self._page.write()
        except (OSError, ValueError) as error:
            log.warning("The page %s could not be written: %s", self._page.path, error)

    def _flush(self) -> None:
        batch, self._waiting = self._waiting, []
        cleared = [each for each in batch if _is_cleared(each)]
        if not cleared:
            return
        posts = {each.parcel.idempotency_key: self._post(each.parcel) for each in cleared}
        pictures = {picture_name(one): one for each in cleared if (one := each.parcel.image)}
        failure = self._append(list(posts.values()), pictures)
        for each in cleared:
            sent = self._sent(posts[each.parcel.idempotency_key].id)
            each.answer.set_result(failure or sent)
        if self._page_due is None:
            loop = asyncio.get_running_loop()
            self._page_due = loop.call_later(PAGE_EVERY, self.write_page)

    def _append(self, posts: Sequence[LocalPost], pictures: Mapping[str, Image]) -> Outcome | None:
        try:
            for name, image in pictures.items():
                self._timeline.keep_picture(name, image.data)
            self._timeline.append(posts)
        except (OSError, ValueError) as error:  # some of them may be on the disk
            return Outcome(
                answer=Answer.UNKNOWN,
                trouble=Trouble.PASSING,
                error=f"The local timeline could not be written: {_reason(error)}.",
            )
        return None

    def _post(self, parcel: Parcel) -> LocalPost:
        return LocalPost(
            id=post_id(self._nickname, parcel.idempotency_key),
            channel=self._nickname,
            key=parcel.key,
            text=parcel.text,
            posted_at=self._now(),
            picture=picture_name(parcel.image) if parcel.image else "",
            alt=parcel.image.alt if parcel.image else "",
        )

    def _sent(self, remote_id: str) -> Outcome:
        return Outcome(answer=Answer.SENT, remote_id=remote_id, remote_url=self._url(remote_id))

    def _url(self, remote_id: str) -> str:
        return f"{self._page.path.absolute().as_uri()}#post-{remote_id}"

    def _refused(self, error: Exception, phase: Phase) -> RefusedError:
        return RefusedError(
            Outcome(
                answer=Answer.UNKNOWN,
                phase=phase,
                trouble=Trouble.ACCOUNT,
                error=f"The local timeline cannot be used: {_reason(error)}.",
            )
        )


def picture_name(image: Image) -> str:
    """The same for the same bytes: many posts may show one picture."""
    return f"{image.digest[:32]}.{image.media_type.rpartition('/')[2]}"


def _is_cleared(waiting: _Waiting) -> bool:
    """Ask its `check`, as the last act before the write. One given up meanwhile is not written."""
    if waiting.answer.done():
        return False
    try:
        waiting.check()
    except BaseException as refusal:  # noqa: BLE001 - it belongs to whoever waits
        waiting.answer.set_exception(refusal)
        return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def publisher(setup: Setup) -> LocalPublisher:
    """The publisher of one channel. Those of one folder share its file and its page."""
    timeline = Timeline(setup.folder, durable=not setup.rehearsal)
    page = Page(timeline, setup.series, now=setup.now, rehearsal=setup.rehearsal)
    return LocalPublisher(
        setup.channel,
        timeline=timeline,
        page=page,
        now=setup.now,
        connections=setup.connections or CONNECTIONS,
    )
