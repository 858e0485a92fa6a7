"""The composition root: what the environment asks for, put together.

Everything here is built when it is asked for, so that a command needs no more than it uses.
"""

import os
import secrets
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import Clock, SystemClock
from bot.config import Environment, Settings
from bot.core.rules import Channel
from bot.errors import BotError, ConfigError, StoreError
from bot.platforms import Setup, publisher
from bot.platforms.base import Publisher, Remark
from bot.services.edition import Edition, Editions
from bot.services.sessions import Sessions
from bot.store import channels, schema
from bot.store.session import BUSY_SECONDS, Store, file_of

if TYPE_CHECKING:
    from bot.services.diagnose import Probe


@dataclass(kw_only=True)
class App:
    """One run of the program."""

    environment: Environment
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def settings(self) -> Settings:
        return self.environment.settings()

    @cached_property
    def editions(self) -> Editions:
        """The organiser's files; MistakesError where they are broken."""
        return Editions(self.settings.bot_schedules, self.settings.bot_templates)

    @property
    def edition(self) -> Edition:
        """The files in force, measured by what the store knows of the servers. Asks nobody."""
        if not self.has_store:
            return self.editions.current
        with self.store.reading() as connection:
            return self.editions.current.within(channels.limits(connection))

    @property
    def folder(self) -> Path:
        """The folder of schedules.yaml: file sources are below it."""
        return self.settings.bot_schedules.parent

    @cached_property
    def store(self) -> Store:
        """The database, brought into being where there is none."""
        patience = min(BUSY_SECONDS, self.settings.bot_lease / 4)
        store = Store(self.settings.database_url, patience=patience)
        schema.check(store)
        return store

    @property
    def has_store(self) -> bool:
        """Whether there is a database to look into; asking does not make one."""
        path = file_of(self.settings.database_url)
        return path is None or path.exists()

    @cached_property
    def worker(self) -> str:
        """What this process is called in leases: containers share host names and process ids."""
        return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

    @cached_property
    def sessions(self) -> Sessions:
        """What publishers are logged in by, on its way into the store."""
        return Sessions()

    def publishers(self, *, local: bool = False, keeping: bool = False) -> dict[str, Publisher]:
        """A publisher for every channel; ConfigError names everything that is missing."""
        channels = self.editions.current.schedules.channels.values()
        built: dict[str, Publisher] = {}
        missing: list[str] = []
        for channel in channels:
            try:
                built[channel.name] = self.publisher(channel, local=local, keeping=keeping)
            except ConfigError as error:
                missing.append(str(error))
        if missing:
            missing.append("To post to a timeline on this machine instead: bot run --local")
            raise ConfigError("\n".join(missing))
        return built

    def publisher(
        self, channel: Channel, *, local: bool = False, keeping: bool = False
    ) -> Publisher:
        """One channel's publisher, without talking to anybody yet.

        `keeping`: it goes on with the session that was kept, and hands out its own to be kept.
        """
        platform = "local" if local else channel.platform
        keeping = keeping and not local
        setup = Setup(
            channel=channel.name,
            series=self.editions.current.schedules.series,
            now=self.clock.now,
            credentials=self.environment.credentials(channel.name, platform),
            visibility=channel.visibility,
            timeout=self.settings.bot_try_timeout,
            connections=self.settings.bot_connections,
            folder=self.settings.bot_timeline,
            session=self._session(channel) if keeping else None,
            keep=partial(self.sessions.keep, channel.name, platform) if keeping else None,
        )
        return publisher(platform, setup)

    def _session(self, channel: Channel) -> str | None:
        """What was kept; None where there is nothing, or it cannot be read: a login will do."""
        with suppress(StoreError):
            if self.has_store:
                with self.store.reading() as connection:
                    return channels.session(connection, channel.name, channel.platform) or None
        return None

    def probes(self) -> "list[Probe]":
        """What `bot doctor` asks."""
        from bot.services import diagnose  # noqa: PLC0415 - no other command asks

        async def files() -> str:
            schedules = self.editions.current.schedules
            return f"{len(schedules.rules)} posts, {len(schedules.channels)} channels"

        async def disk() -> str:
            self.check_disk()
            return "outlives a restart" if not self.settings.bot_allow_ephemeral else "not asked"

        async def alerts() -> str:
            if not self.settings.bot_alerts:
                return "nobody: set BOT_ALERTS to one or more Apprise URLs"
            return f"{len(self.settings.bot_alerts.split())} addresses"

        async def channel(one: Channel) -> Sequence[Remark]:
            return await diagnose.account(one.platform, partial(self.publisher, one))

        found: list[Probe] = [
            ("schedules.yaml and templates", files),
            ("database", lambda: diagnose.database(self.store)),
            ("disk", disk),
            ("time zones", diagnose.zone_data),
            ("alerts go to", alerts),
        ]
        try:
            channels = self.editions.current.schedules.channels.values()
        except BotError:
            return found
        return found + [(f"channel '{one.name}'", partial(channel, one)) for one in channels]

    def check_disk(self) -> None:
        """Refuse a log on a disk that forgets: it would be lost with every restart."""
        path = self.store.path
        if path is None or self.settings.bot_allow_ephemeral:
            return
        why = forgetful(path.resolve(), dyno=self.settings.dyno, mounts=_mounts())
        if why:
            raise ConfigError(
                f"the post log {path} is on a disk that forgets ({why}): after a restart nobody"
                " would know what was sent. Set DATABASE_URL to a PostgreSQL database or to a file"
                " on a mounted volume, or set BOT_ALLOW_EPHEMERAL=1 if losing the log is fine"
            )


def forgetful(path: Path, *, dyno: str, mounts: Iterable[tuple[str, str]]) -> str:
    """Why a file's disk does not outlive a restart; empty where nothing says so.

    `mounts`: mount point and file system type of each, as in /proc/mounts.
    """
    if dyno:
        return "a Heroku dyno's"
    below = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
    kind = max(below, key=lambda one: len(one[0]), default=("", ""))[1]
    kinds = {"overlay": "a container's", "tmpfs": "in memory", "ramfs": "in memory"}
    return kinds.get(kind, "")


def _mounts() -> list[tuple[str, str]]:
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [(fields[1], fields[2]) for fields in map(str.split, lines) if len(fields) > 2]  # noqa: PLR2004
