"""What a Mastodon server tells about an account and the application its token was made for."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.platforms.base import Remark, Verdict
from bot.platforms.clock import clock
from bot.platforms.http import Reply

_NEEDED = ("read:accounts", "read:statuses", "write:statuses", "write:media")
_WHERE = "Preferences, Development"


def remarks(host: str, account: Reply, app: Reply | None, now: datetime) -> Sequence[Remark]:
    """By the answers to the verify_credentials of accounts and of apps, as they came at `now`."""
    found = [*_scopes(app), *_profile(account.json())]
    found.append(Remark(said="its token does not expire; it ends when it is revoked"))
    if (remark := clock(host, account.headers, now)) is not None:
        found.append(remark)
    return found


def _scopes(app: Reply | None) -> Iterator[Remark]:
    """Of Mastodon 4.3 and newer; others do not tell."""
    match app.json() if app is not None and app.ok else None:
        case {"scopes": list(scopes)} if scopes:
            lacking = [one for one in _NEEDED if not {one, one.partition(":")[0]} & {*scopes}]
        case _:
            yield Remark(said="its server does not tell what its token may do")
            return
    if lacking:
        said = (
            f"its token may not {', '.join(lacking)}: tick them at the application ({_WHERE}),"
            " then copy its access token anew"
        )
        yield Remark(said=said, verdict=Verdict.WRONG)
    else:
        yield Remark(said="its token may post, with pictures")


def _profile(value: object) -> Iterator[Remark]:
    match value:
        case {"bot": True}:
            yield Remark(said="it says that it is an automated account")
        case {"bot": False}:
            said = 'it does not say that it is automated: tick "This is an automated account"'
            yield Remark(said=f"{said} (Preferences, Public profile)", verdict=Verdict.HINT)
    match value:
        case {"locked": True}:
            said = "it approves its followers one by one: nobody new sees posts for followers only"
            yield Remark(said=said, verdict=Verdict.HINT)
