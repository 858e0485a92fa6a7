"""Chat, mail and whatever else Apprise reaches: a post is sent at most once, and cannot be seen.

Apprise says neither an HTTP status nor an id, and nothing can be looked for there. So a post that
may have left is never sent again by itself: a person has to look.
"""

import asyncio
import hashlib
import logging
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from apprise import Apprise, AppriseAttachment, NotifyBase, NotifyFormat
from apprise.attachment.memory import AttachMemory

from bot.core.model import Image
from bot.errors import ConfigError
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

CONNECTIONS = 4
_CONNECT_TIMEOUT = 10.0  # seconds
_PORTS = {"http": 80, "https": 443, "mailto": 25, "mailtos": 587}

# They say addresses, and those are secrets.
logging.getLogger("apprise").setLevel(logging.CRITICAL)
logging.getLogger("urllib3").setLevel(logging.WARNING)


class ApprisePublisher:
    """One address of one service. An instance serves one event loop."""

    readable = False

    def __init__(self, url: str, *, connections: int = CONNECTIONS) -> None:
        self.connections = connections
        self._url = url
        self._service = _service(url)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="apprise")

    async def account(self) -> Account:
        """What the address says; nobody is asked. The address itself is a secret."""
        return Account(
            platform="apprise",
            host=self._kind,
            id=hashlib.sha256(self._url.encode()).hexdigest()[:16],
            handle=str(self._service.service_name),
        )

    async def standing(self) -> Sequence[Remark]:
        return [
            Remark(said="a post of which it is not known whether it arrived is never sent again"),
        ]

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """One notification. Whatever happens after the check proves nothing but success."""
        longest = int(self._service.body_maxlen)
        if len(parcel.text) > longest:
            return _not_sent(
                Trouble.CONTENT, f"The text has {len(parcel.text)} characters; {longest} are taken."
            )
        loop = asyncio.get_running_loop()
        why_not = await loop.run_in_executor(self._threads, self._unreachable)
        if why_not:
            return _not_sent(Trouble.PASSING, why_not)
        check()
        try:
            arrived = await loop.run_in_executor(self._threads, partial(self._notify, parcel))
        except Exception as error:  # noqa: BLE001 - whatever a service's plugin does
            return self._unclear(type(error).__name__)
        if not arrived:
            return self._unclear("Apprise says that it failed, and not why")
        return Outcome(answer=Answer.SENT, remote_id=parcel.idempotency_key)

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:  # noqa: ARG002 - the protocol's
        raise RefusedError(
            Outcome(
                answer=Answer.UNKNOWN,
                phase=Phase.LOOKUP,
                error=f"{self._name} does not show what was sent.",
            )
        )

    async def delete(self, remote_id: str) -> Outcome:  # noqa: ARG002 - the protocol's
        return _not_sent(
            None, f"{self._name} does not take back what was sent: take it down there yourself."
        )

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def _name(self) -> str:
        return str(self._service.service_name)

    @property
    def _kind(self) -> str:
        return self._url.partition("://")[0].lower()

    def _notify(self, parcel: Parcel) -> bool:
        people = Apprise()
        people.add(self._service)
        sent = people.notify(
            body=parcel.text,
            body_format=NotifyFormat.TEXT,
            attach=_attached(parcel.image) if parcel.image is not None else None,
        )
        return bool(sent)

    def _unreachable(self) -> str:
        """Why nothing can be sent at all now; "" where a connection was made, or is not ours."""
        where = _where(self._service)
        if where is None:
            return ""
        try:
            socket.create_connection(where, timeout=_CONNECT_TIMEOUT).close()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return f"{self._name} could not be reached, so nothing was sent: {reason}."
        return ""

    def _unclear(self, why: str) -> Outcome:
        return Outcome(
            answer=Answer.UNKNOWN,
            trouble=Trouble.PASSING,
            error=(
                f"Nobody knows whether {self._name} has it ({why}), and it is not sent again by"
                " itself: look there, then say bot posts resolve KEY sent, or not-sent."
            ),
        )


def _service(url: str) -> NotifyBase:
    """The one service of an address. ConfigError never repeats the address."""
    if len(url.split()) != 1:
        raise ConfigError("APPRISE_URL holds more than one address: give each its own channel.")
    found = Apprise.instantiate(url, suppress_exceptions=True)
    if not isinstance(found, NotifyBase):
        kind = url.partition("://")[0] if "://" in url else "nothing before ://"
        raise ConfigError(
            f"APPRISE_URL is no address that Apprise understands ({kind}): expected one such as"
            " slack://… or mailtos://…, as its documentation has them."
        )
    return found


def _where(service: Any) -> tuple[str, int] | None:
    """Host and port a service is reached at; None where its plugin does not say."""
    host, port = getattr(service, "host", None), getattr(service, "port", None)
    if host:
        return host, port or (443 if getattr(service, "secure", True) else 80)
    address = getattr(service, "notify_url", None)
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or not parts.hostname or "{" in parts.hostname:
        return None
    return parts.hostname, parts.port or _PORTS.get(parts.scheme, 443)


def _attached(image: Image) -> AppriseAttachment:
    name = f"card.{image.media_type.rpartition('/')[2]}"
    memory: Any = AttachMemory  # it has no types
    return AppriseAttachment(memory(content=image.data, name=name, mimetype=image.media_type))


def _not_sent(trouble: Trouble | None, why: str) -> Outcome:
    return Outcome(answer=Answer.NOT_SENT, trouble=trouble, error=why)


def publisher(setup: Setup) -> ApprisePublisher:
    """The publisher of one channel."""
    return ApprisePublisher(
        setup.credentials["URL"],
        connections=min(setup.connections or CONNECTIONS, CONNECTIONS),
    )
