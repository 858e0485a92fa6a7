"""What X tells about an account and its secrets when it is asked who they belong to."""

from collections.abc import Sequence
from datetime import datetime

from bot.platforms.base import Remark, Verdict
from bot.platforms.clock import clock
from bot.platforms.http import Reply

_ANEW = (
    'set the app\'s permissions to "Read and write" at console.x.com, and then generate the'
    " access token and its secret anew: those made before keep the old permission"
)


def remarks(reply: Reply, now: datetime) -> Sequence[Remark]:
    """By the answer to GET /2/users/me with its field `protected`, as it came at `now`."""
    found = [_access(reply.headers.get("x-access-level", ""))]
    match reply.json():
        case {"data": {"protected": True}}:
            said = "its posts are protected: only followers see them (Settings, Privacy and safety)"
            found.append(Remark(said=said, verdict=Verdict.HINT))
    found.append(Remark(said="its secrets do not expire; they end when they are revoked"))
    if (remark := clock("X", reply.headers, now)) is not None:
        found.append(remark)
    return found


def _access(level: str) -> Remark:
    """X names it `read`, `read-write` or `read-write-directmessages`; not on every answer."""
    if level.startswith("read-write"):
        return Remark(said="its secrets may post")
    if level:
        return Remark(said=f"its secrets may only read: {_ANEW}", verdict=Verdict.WRONG)
    return Remark(said=f"X did not say whether its secrets may post. If they may not, {_ANEW}")
