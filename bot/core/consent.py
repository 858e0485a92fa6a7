"""Whether a post needs a person's word before it goes out, and what people said of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Consent(StrEnum):
    """How a post stands with the people who decide about it."""

    FREE = "free"  #: nobody has to be asked, or a person approved it
    AWAITED = "awaited"  #: it does not go out unless a person approves it
    UNASKED = "unasked"  #: it goes out unless a person stops it, and nobody was asked so far
    SILENT = "silent"  #: a person was asked: it goes out unless they stop it
    STOPPED = "stopped"  #: a person holds it


WAITING = (Consent.AWAITED, Consent.STOPPED)
"""What does not go out without an approval."""

BY_ITSELF = (Consent.UNASKED, Consent.SILENT)
"""What goes out unless it is stopped."""


class Word(NamedTuple):
    """One thing that was said of a post, or asked about it."""

    at: datetime
    who: str
    digest: str = ""  #: of what it was said of: see bot.core.approving.digest


class Words(NamedTuple):
    """What was said of one post: only the newest answer counts, and the newest that was asked."""

    approved: Word | None = None
    held: Word | None = None
    skipped: Word | None = None
    asked: Word | None = None  #: when a person heard the question

    @property
    def answer(self) -> Word | None:
        return self.approved or self.held or self.skipped


class Restated(NamedTuple):
    """A change to the dates or the status of an event, or that it vanished."""

    at: datetime
    after: Mapping[str, str | None]  #: what changed, as it was from then on
