"""The only reader of the environment (and of `.env`, where there is one)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from bot.crash import POINTS
from bot.errors import ConfigError


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What one platform's account needs from the environment."""

    secrets: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()  #: no secrets, but nothing goes without them
    options: Mapping[str, str] = field(default_factory=dict)  #: with their defaults

    @property
    def required(self) -> tuple[str, ...]:
        return self.needed + self.secrets


ACCOUNTS: Mapping[str, Account] = {
    "x": Account(
        secrets=("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"),
        options={"API_URL": "https://api.x.com"},
    ),
    "mastodon": Account(needed=("URL",), secrets=("ACCESS_TOKEN",)),
    "bluesky": Account(
        needed=("HANDLE",),
        secrets=("APP_PASSWORD",),
        options={"PDS": "https://bsky.social"},
    ),
    "apprise": Account(secrets=("URL",)),
    "local": Account(),
}


LONGEST = 7 * 24 * 60 * 60.0
"""Seconds that a setting may ask to wait."""

Seconds = Annotated[float, Field(gt=0, le=LONGEST)]


def _seconds(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = [float(part) for part in value.split()]
    if not found or not all(0 < each <= LONGEST for each in found):
        raise ValueError(f"expected seconds between 0 and {LONGEST:.0f}, such as 60 300 900")
    return tuple(timedelta(seconds=each) for each in found)


def _points(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    said = dict(part.partition(":")[::2] for part in value.split())
    if unknown := said.keys() - set(POINTS):
        raise ValueError(f"the points are {', '.join(POINTS)}; not {', '.join(sorted(unknown))}")
    return {point: float(number) for point, number in said.items()}


class Settings(BaseModel, frozen=True):
    """The settings that are not credentials; each stands in docs/operators.md."""

    database_url: str = Field("sqlite:///bot.db", repr=False)
    bot_schedules: Path = Path("schedules.yaml")
    bot_templates: Path = Path("templates")
    bot_timeline: Path = Path("timeline")
    bot_alerts: str = Field("", repr=False)
    bot_log_format: str = Field("text", pattern="^(text|json)$")
    bot_lease: Seconds = 120
    bot_try_timeout: Seconds = 45
    bot_resolve_after: Annotated[tuple[timedelta, ...], BeforeValidator(_seconds)] = (
        timedelta(seconds=60),
        timedelta(seconds=300),
        timedelta(seconds=900),
    )
    bot_retry_after: Seconds = 5
    bot_pause: Seconds = 30
    bot_connections: int = Field(64, gt=0, le=1000)
    bot_allow_ephemeral: bool = False
    dyno: str = ""
    # for tests only: where to crash, and a machine whose clock is so many seconds off
    bot_crash_at: Annotated[Mapping[str, float], BeforeValidator(_points)] = {}
    bot_clock_offset: float = 0

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.bot_lease)

    @property
    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self.bot_clock_offset)

    @property
    def retry_after(self) -> timedelta:
        return timedelta(seconds=self.bot_retry_after)

    @property
    def pause(self) -> timedelta:
        return timedelta(seconds=self.bot_pause)

    @property
    def try_timeout(self) -> timedelta:
        return timedelta(seconds=self.bot_try_timeout)


class Environment:
    """Variables, read once; `NAME_FILE` names a file that holds the value of `NAME`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)

    @classmethod
    def load(cls, folder: Path | None = None) -> "Environment":
        """The process's own variables over those of `.env` in the folder."""
        path = (folder or Path.cwd()) / ".env"
        try:
            in_file = dotenv_values(path)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}") from error
        return cls({name: value for name, value in in_file.items() if value} | dict(os.environ))

    def get(self, name: str) -> str | None:
        """The value, or that of the file `NAME_FILE` names; None where neither is set."""
        if value := self._variables.get(name, "").strip():
            return value
        path = self._variables.get(f"{name}_FILE", "").strip()
        if not path:
            return None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE names {path}, which cannot be read: {error}") from error

    def settings(self) -> Settings:
        """The settings; ConfigError names every variable that is not as it has to be."""
        names = Settings.model_fields
        found = {name: self.get(name.upper()) for name in names}
        try:
            settings = Settings.model_validate(
                {name: value for name, value in found.items() if value}
            )
        except ValidationError as error:
            raise ConfigError("\n".join(_said(one) for one in error.errors())) from None
        if settings.bot_try_timeout * 2 > settings.bot_lease:
            raise ConfigError(
                "BOT_LEASE must be at least twice BOT_TRY_TIMEOUT: a try has to end well before"
                " another worker may take its post"
            )
        return settings

    def credentials(self, channel: str, platform: str) -> dict[str, str]:
        """What the account of a channel needs, by the names of ACCOUNTS.

        A channel `x-nhs` takes all of it from `X_NHS_…` where any of that is set, else all from
        `X_…`. Raises ConfigError that names what is missing.
        """
        account = ACCOUNTS[platform]
        own, shared = _prefix(channel), _prefix(platform)
        names = (*account.required, *account.options)
        prefix = own if any(self.get(own + name) for name in names) else shared
        missing = [prefix + name for name in account.required if not self.get(prefix + name)]
        if missing:
            raise ConfigError(
                f"channel '{channel}' has no complete credentials: set {', '.join(missing)}"
                " in the environment or in .env"
            )
        found = {name: self.get(prefix + name) or "" for name in account.required}
        return found | {
            name: self.get(prefix + name) or default for name, default in account.options.items()
        }


def _prefix(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_") + "_"


def _said(error: Any) -> str:
    name = str(error["loc"][0]).upper()
    return f"{name} is {error['input']!r}: {error['msg'].lower()}"
