"""What a template says of something at one instant, before it is made to fit a platform."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.linting import Fault
from bot.core.record import record
from bot.rendering.marks import Marked
from bot.rendering.post import Context

Subject = tuple[str, str, str]
"""Of which template, for which rule, and of which event."""

MOST = 512
"""So many are kept: a worker claims fewer at once."""


@record
class Spoken:
    """What came out of a template."""

    context: Context  #: what went in
    marked: Marked
    untrue: tuple[Fault, ...]  #: what it says of days and is not so
    listed: Sequence[str | None]  #: the uid behind each item of its lists


class Moment:
    """What was said at the instant that was asked for last: the channels of a series are served at
    the same one, and mostly say the same.
    """

    def __init__(self) -> None:
        self._kept: tuple[datetime | None, dict[Subject, Spoken]] = (None, {})

    def said(self, subject: Subject, context: Context, now: datetime) -> Spoken | None:
        """What was said of just this, just now; None where it was not."""
        at, kept = self._kept
        found = kept.get(subject) if at == now else None
        return found if found is not None and found.context == context else None

    def keep(self, subject: Subject, spoken: Spoken, now: datetime) -> None:
        at, kept = self._kept
        if at != now or len(kept) >= MOST:
            kept = {}
            self._kept = now, kept
        kept[subject] = spoken
