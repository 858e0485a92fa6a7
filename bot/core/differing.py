"""What of an event is no longer as it was told.

What only became known, or is no longer known, contradicts nothing: a clock time that completes a
date is no move, and a place where none was told is no other place.
"""

from collections.abc import Iterator

from bot.core.model import Event, Status
from bot.core.rules import Change

OFF = {Status.CANCELLED: Change.CANCELLED, Status.POSTPONED: Change.POSTPONED}

TOUCHES = {
    Change.ADDED: frozenset({"title", "starts", "ends", "status"}),
    Change.MOVED: frozenset({"starts", "ends", "status"}),
    Change.CANCELLED: frozenset({"status"}),
    Change.POSTPONED: frozenset({"status"}),
    Change.REINSTATED: frozenset({"status", "starts", "ends"}),
    Change.RECORDING: frozenset({"recording_url", "status"}),
    Change.CHANGED: frozenset({"location", "url", "status"}),
}
"""The fields whose last change is when a difference came to stand."""


def differences(event: Event, told: Event) -> Iterator[Change]:
    """What a notice could tell those who were told otherwise; what matters most comes first.

    The recording is not among them: it contradicts nothing that was told.
    """
    if event.status in OFF:
        if told.status is not event.status:
            yield OFF[event.status]
        return
    if event.status is Status.TENTATIVE:
        return
    if told.status in OFF:
        yield Change.REINSTATED
    if is_moved(event, told):
        yield Change.MOVED
    if _is_other(_plain(event.location), _plain(told.location)) or _is_other(
        _address(event.url), _address(told.url)
    ):
        yield Change.CHANGED


def is_moved(event: Event, told: Event) -> bool:
    """Whether somebody who goes by what was told would come at the wrong time."""
    ends_known = event.ends is not None and told.ends is not None
    if event.all_day or told.all_day:
        return event.first_day != told.first_day or (ends_known and event.last_day != told.last_day)
    return event.starts != told.starts or (ends_known and event.ends != told.ends)


def _is_other(now: str, told: str) -> bool:
    return bool(now and told) and now != told


def _plain(place: str) -> str:
    return " ".join(place.split()).casefold()


def _address(url: str) -> str:
    return url.strip().partition("://")[2].rstrip("/")
