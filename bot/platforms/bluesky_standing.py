"""What a Bluesky PDS tells about an account, its password and its profile."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.platforms.base import Remark, Verdict
from bot.platforms.clock import clock
from bot.platforms.http import Reply

_MAIN_PASSWORD = "com.atproto.access"  # noqa: S105 - the scope of a session that it opens


def remarks(access_token: str, profile: Reply | None, now: datetime) -> Sequence[Remark]:
    """By the session's token, and the answer to getRecord of the profile as it came at `now`."""
    found = [*_password(access_token), *_label(profile)]
    if profile is not None and (remark := clock("Bluesky", profile.headers, now)) is not None:
        found.append(remark)
    return found


def _password(access_token: str) -> Iterator[Remark]:
    if _scope(access_token) == _MAIN_PASSWORD:
        said = (
            "its password is the account's own, which can do everything: make an app password"
            " (Settings, Privacy and security, App passwords) and use that"
        )
        yield Remark(said=said, verdict=Verdict.HINT)
    else:
        yield Remark(said="it logs in with an app password, which does not expire")


def _scope(access_token: str) -> object:
    """Of a JWT, which only its server can check; here it is only read."""
    try:
        payload = access_token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return None
    return claims.get("scope") if isinstance(claims, dict) else None


def _label(profile: Reply | None) -> Iterator[Remark]:
    match profile.json() if profile is not None and profile.ok else None:
        case {"value": {"labels": {"values": list(labels)}}} if {"val": "bot"} in labels:
            yield Remark(said="it says that it is automated")
        case _:
            said = "it does not say that it is automated: see docs/accounts.md for the label"
            yield Remark(said=said, verdict=Verdict.HINT)
