"""What a platform has to do, and the only three answers it may give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.limits import Limits
from bot.core.model import Image
from bot.core.record import record


class Phase(StrEnum):
    """The part of a try in which something happened."""

    AUTH = "auth"
    MEDIA = "media"
    POST = "post"
    LOOKUP = "lookup"
    DELETE = "delete"


class Answer(StrEnum):
    """What is known after a try."""

    SENT = "sent"  #: it is out: there is a remote id
    NOT_SENT = "not-sent"  #: proven: the platform did not take it
    UNKNOWN = "unknown"  #: the platform may or may not have it


class Trouble(StrEnum):
    """Why a post was not taken, as far as it decides what happens next."""

    PASSING = "passing"  #: unreachable, overloaded, rate limit: the same again later
    ACCOUNT = "account"  #: credentials or credits: the whole channel waits for a person
    CONTENT = "content"  #: this text is refused: the same again will not help


@record
class Outcome:
    """The result of one try or look-up."""

    answer: Answer
    phase: Phase = Phase.POST
    http_status: int | None = None
    remote_id: str | None = None
    remote_url: str | None = None
    trouble: Trouble | None = None
    duplicate: bool = False  #: the platform says that it already has this very text
    retry_at: datetime | None = None  #: not before, says the platform
    error: str = ""  #: a sentence without secrets


class Verdict(StrEnum):
    """Whether something about an account is as it has to be."""

    FINE = "fine"
    HINT = "hint"  #: posts go out all the same; a person may want to see to it
    WRONG = "wrong"  #: nothing goes out, or nobody sees it


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something found out about an account without posting."""

    said: str  #: a sentence without secrets; what to do included, where that is anything
    verdict: Verdict = Verdict.FINE


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Who a channel's credentials belong to."""

    platform: str
    host: str
    id: str
    handle: str = ""
    limits: Limits | None = field(default=None, compare=False)
    """What its server takes; None where it was not heard."""

    @property
    def key(self) -> str:
        """What the log calls the channel, for ever."""
        return f"{self.platform}:{self.host}:{self.id}"


@record
class Parcel:
    """The frozen bytes of one try."""

    key: str  #: event/rule/channel/reference
    text: str
    idempotency_key: str  #: a TID; new whenever rendered anew, kept when it is sent again
    links: tuple[str, ...] = ()  #: what of the text is meant to be a link; frozen with it
    language: str | None = None  #: BCP 47
    warning: str = ""  #: shown instead of the text until the reader asks for it
    reply_to: str | None = None  #: remote id of one of our own posts
    image: Image | None = None
    title: str = ""  #: what it is about: heads a card for its link, where we have to make one


@dataclass(frozen=True, kw_only=True, slots=True)
class RemotePost:
    """A post as the platform shows it, with shortened links put back."""

    remote_id: str
    text: str
    created_at: datetime
    remote_url: str | None = None


class RefusedError(Exception):
    """A question (not a post) that the platform did not answer."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.error)


class Publisher(Protocol):
    """One account on one platform. No waiting, no retrying: that is decided elsewhere."""

    connections: int
    """How many tries may be under way at once."""

    readable: bool
    """Whether the account's own posts can be read: if not, nothing that is unclear can be looked
    for, and nothing that is missing from the log can be found again."""

    async def account(self) -> Account:
        """Ask the platform who we are. Raises RefusedError."""
        ...

    async def standing(self) -> Sequence[Remark]:
        """What else there is to know about the account. Posts nothing. Raises RefusedError."""
        ...

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        """Try once; never raises but what `check` raises, which is called just before the first
        byte of the post leaves, and whose exception proves that nothing left.
        """
        ...

    async def timeline(self, since: datetime) -> Sequence[RemotePost]:
        """The account's own posts since then, newest first. Raises RefusedError."""
        ...

    async def delete(self, remote_id: str) -> Outcome:
        """Take one of the account's own posts down; never raises.

        SENT: the platform has it no longer, whoever took it down. NOT_SENT: proven, it is still
        there. UNKNOWN: perhaps; to ask once more does no harm.
        """
        ...

    async def close(self) -> None: ...
