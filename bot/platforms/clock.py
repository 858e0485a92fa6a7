"""Whether this machine's clock agrees with a platform's, by the Date of an answer."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.platforms.base import Remark, Verdict

NOTABLE = timedelta(seconds=5)
"""A Date has no fractions, and an answer takes its time."""

GRAVE = timedelta(minutes=1)
"""From here on posts say what is not true any more, and requests may be refused."""


def clock(platform: str, headers: Mapping[str, str], now: datetime) -> Remark | None:
    """`now`: by this machine, when the answer came. None where there is no Date."""
    try:
        theirs = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    if theirs.tzinfo is None:  # "-0000", which a Date never is
        theirs = theirs.replace(tzinfo=UTC)
    ahead = now - theirs
    if abs(ahead) < NOTABLE:
        return Remark(said=f"the clock of this machine agrees with {platform}'s")
    seconds = round(abs(ahead).total_seconds())
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return Remark(
        said=f"the clock of this machine is {seconds} s {side} {platform}'s: let it be set by NTP",
        verdict=Verdict.WRONG if abs(ahead) >= GRAVE else Verdict.HINT,
    )
