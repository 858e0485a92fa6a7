"""What of the timetable is said on one channel, with the notices that are due there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.agenda import Listed
from bot.core.planning import Candidate
from bot.core.timetable import Timetable
from bot.services.notices import Notices, put_right_first

Hear = Callable[[Candidate], Candidate]
"""The candidate, as what people said of it leaves it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The plan of one channel, without what had passed its deadline when it was last swept."""

    timetable: Timetable
    swept: datetime
    speaks: Callable[[Candidate], bool]  #: whether the channel is one of those it is for
    hear: Hear
    notices: Sequence[Candidate] = ()
    aside: Mapping[str, Listed] = field(default_factory=dict)
    """By uid, all that is said of the events that notices are due about."""

    def between(self, after: datetime | None, until: datetime) -> Iterator[Candidate]:
        earliest = self.swept - self.timetable.longest
        for one in self.timetable.between(max(after or earliest, earliest), until):
            if one.record.event.uid not in self.aside:
                yield from self._heard(one)
        for of_event in self.aside.values():
            yield from of_event.between(after, until)

    def following(self, instant: datetime | None) -> datetime | None:
        found = [of_event.following(instant) for of_event in self.aside.values()]
        found.append(self.timetable.following(instant))
        return min((one for one in found if one is not None), default=None)

    def about(self, uid: str) -> Iterator[Candidate]:
        if uid in self.aside:
            yield from self.aside[uid].about(uid)
        else:
            yield from self._about(uid)

    def asking(self, until: datetime) -> Iterator[Candidate]:
        """What people have to be asked about, when its rule releases it; up to an instant."""
        start = self.swept - self.timetable.longest
        for one in self.timetable.between(start, until, lambda rule: rule.approval):
            yield from self._heard(one)
        yield from (one for one in self.notices if one.rule.approval)

    def waited(self, now: datetime, before: datetime) -> Iterator[Candidate]:
        """What may still go out, and could have before an instant, had a fact been known."""
        start, end = now - self.timetable.longest, before + self.timetable.held
        for one in self.timetable.between(start, end, lambda rule: rule.wait):
            yield from self._heard(one)

    def with_notices(self, notices: Notices) -> "Share":
        """The same, with these notices among it; it had none."""
        due = [self.hear(one) for one in notices.due if one.deadline > self.swept]
        if not due:
            return self
        aside = {}
        for uid in {one.record.event.uid for one in due}:
            mine = self._about(uid)
            of_event = [one for one in due if one.record.event.uid == uid]
            aside[uid] = Listed(put_right_first(mine, of_event))
        return replace(self, notices=due, aside=aside)

    def _about(self, uid: str) -> Iterator[Candidate]:
        for one in self.timetable.about(uid):
            yield from self._heard(one)

    def _heard(self, candidate: Candidate) -> Iterator[Candidate]:
        if candidate.deadline > self.swept and self.speaks(candidate):
            heard = self.hear(candidate)  # which may leave it less time
            if heard.deadline > self.swept:
                yield heard
