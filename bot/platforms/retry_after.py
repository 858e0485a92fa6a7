"""When a platform wants to be asked again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MOST_DIGITS = 15

LONGEST = timedelta(hours=24)
"""The longest rate-limit window of any platform; what asks for more is taken for this."""


def retry_at(headers: Mapping[str, str], now: datetime, *, reset: str = "") -> datetime | None:
    """The instant, in UTC, after `now`; None where nothing usable is said.

    Retry-After is seconds or an HTTP date (RFC 9110, 10.2.3); `reset` names a header that holds
    seconds since 1970, or an instant as in ISO 8601.
    """
    wait = _retry_after(headers.get("Retry-After", ""), now)
    if wait is None and reset:
        wait = _until(headers.get(reset, ""), now)
    if wait is None or wait <= 0:
        return None
    return now + timedelta(seconds=min(wait, LONGEST.total_seconds()))


def _retry_after(text: str, now: datetime) -> float | None:
    if (seconds := _whole(text)) is not None:
        return seconds
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def _until(text: str, now: datetime) -> float | None:
    if (seconds := _whole(text)) is not None:
        return seconds - now.timestamp()
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def _whole(text: str) -> int | None:
    """A whole number, cut to what a float holds exactly."""
    text = text.strip()
    if not text.isascii() or not text.isdigit():
        return None
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS
