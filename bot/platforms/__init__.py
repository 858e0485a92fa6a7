"""Which platforms there are. Another one is one file, one line here and one test file.

Importing this imports no SDK; building a publisher imports the SDK of its platform alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path

from bot.core.model import Series
from bot.errors import UnknownNameError, nearest
from bot.platforms.base import Publisher


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """What a publisher is built from; each platform takes what it needs."""

    channel: str  #: the nickname
    series: Series
    now: Callable[[], datetime]
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)  #: as bot.config names
    visibility: str | None = None  #: who sees the posts; None: the account's own default
    timeout: float = 45.0  #: seconds for one whole try
    connections: int | None = None  #: None: the platform's own default
    folder: Path = Path("timeline")  #: where the local timeline is kept
    session: str | None = field(default=None, repr=False)  #: what `keep` was last given
    keep: Callable[[str], None] | None = None  #: keeps a sealed session for the next start
    rehearsal: bool = False  #: simulated times; nothing has to survive a power cut


PLATFORMS: Mapping[str, str] = {
    "apprise": "bot.platforms.apprise",
    "bluesky": "bot.platforms.bluesky",
    "local": "bot.platforms.local",
    "mastodon": "bot.platforms.mastodon",
    "x": "bot.platforms.x",
}
"""The module of each, which has `publisher(setup)`."""


UNSEEN = frozenset({"apprise"})
"""Platforms on which nobody can see what was posted: `Publisher.readable` is False there."""


def publisher(platform: str, setup: Setup) -> Publisher:
    """A publisher for one channel. ConfigError where what it needs is wrong."""
    if platform not in PLATFORMS:
        known = ", ".join(PLATFORMS)
        near = nearest(platform, PLATFORMS)
        raise UnknownNameError(f"There is no platform {platform!r}{near}: there are {known}.")
    build: Callable[[Setup], Publisher] = import_module(PLATFORMS[platform]).publisher
    return build(setup)
