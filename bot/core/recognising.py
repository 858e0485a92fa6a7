"""Whether a post on a platform is one of ours: by its text, and when it appeared."""

import unicodedata
from datetime import datetime, timedelta

SKEW = timedelta(minutes=2)
"""How far the platform's clock and ours may be apart."""


def normal(text: str) -> str:
    """The text as it is compared: platforms compose characters and trim white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def may_be(appeared: datetime, since: datetime, until: datetime | None = None) -> bool:
    """Whether something that appeared then can come from a try between these instants."""
    return since - SKEW <= appeared and (until is None or appeared <= until + SKEW)
