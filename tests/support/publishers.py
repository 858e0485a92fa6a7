"""Publishers as tests build them, and what they are given to publish."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image as Drawing

from bot.core.model import Image, Series
from bot.platforms.base import Parcel
from bot.platforms.bluesky import BlueskyPublisher
from bot.platforms.local import LocalPublisher
from bot.platforms.mastodon import MastodonPublisher
from bot.platforms.page import Page
from bot.platforms.timeline import Timeline
from bot.platforms.x import XPublisher
from bot.platforms.x_client import Credentials
from bot.services.mint import mint
from tests.support.pds import Pds
from tests.support.x_api import User
from tests.support.x_server import XServer

SERIES = Series(
    name="Midlands Health & Life Science Symposium",
    hashtag="#MidlandsHealth",
    timezone="Europe/London",
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def passes() -> None:
    """A check that finds nothing wrong."""


PICTURE = Image(
    data=b"\x89PNG\r\n\x1a\n--not really\r\n\r\n\0",
    media_type="image/png",
    width=1200,
    height=675,
    alt="Wednesday 9 June: “CANDAL” – the seminar",
)


@cache
def drawn(noise: int = 0) -> Image:
    """A picture that is one; `noise` bytes of it say nothing."""
    file = BytesIO()
    picture = Drawing.new("RGB", (1200, 675), "navy")
    picture.save(file, "PNG")
    data = file.getvalue() + b"\0" * noise
    return replace(PICTURE, data=data)


def parcel(
    text: str = "",
    *,
    idempotency_key: str = "",
    links: tuple[str, ...] = (),
    image: Image | None = None,
    reply_to: str | None = None,
    **others: Any,
) -> Parcel:
    """With a text and a key of its own, unless they are given."""
    number = next(_numbers)
    return Parcel(
        key=f"event-{number}/day-before/x:host:1/2021-06-09",
        text=text or f"Tomorrow: seminar {number} #MidlandsHealth",
        idempotency_key=idempotency_key or mint(wall_clock()),
        links=links,
        image=image,
        reply_to=reply_to,
        **others,
    )


def x_credentials(user: User) -> Credentials:
    return Credentials(
        api_key=user.api_key,
        api_secret=user.api_secret,
        access_token=user.access_token,
        access_token_secret=user.access_token_secret,
    )


def x_publisher(
    server: XServer,
    *,
    user: User | None = None,
    url: str = "",
    timeout: float = 5.0,
    connect_timeout: float = 5.0,
    now: Callable[[], datetime] = wall_clock,
    connections: int = 64,
) -> XPublisher:
    return XPublisher(
        x_credentials(user or server.user),
        base_url=url or server.url,
        timeout=timeout,
        connect_timeout=connect_timeout,
        now=now,
        connections=connections,
    )


def bluesky_publisher(
    pds: Pds, *, url: str = "", password: str = "", timeout: float = 30.0, **others: Any
) -> BlueskyPublisher:
    return BlueskyPublisher(
        pds.handle,
        password or pds.password,
        pds=url or pds.url,
        now=wall_clock,
        timeout=timeout,
        **others,
    )


def mastodon_publisher(
    url: str, token: str, *, timeout: float = 30.0, visibility: str | None = None
) -> MastodonPublisher:
    return MastodonPublisher(url, token, now=wall_clock, timeout=timeout, visibility=visibility)


def local_publisher(
    folder: Path,
    nickname: str = "mastodon",
    *,
    now: Callable[[], datetime] = wall_clock,
    rehearsal: bool = False,
) -> LocalPublisher:
    timeline = Timeline(folder, durable=not rehearsal)
    page = Page(timeline, SERIES, now=now, rehearsal=rehearsal)
    return LocalPublisher(nickname, timeline=timeline, page=page, now=now)
