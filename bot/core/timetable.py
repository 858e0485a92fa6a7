"""The plan of a whole series, kept as its events change one by one.

It holds of every candidate only when it is released; the candidate itself is made when it is asked
for. So it always says what `candidates` would say of the same events, and what one event changes
costs the same however many others there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from bot.core.digests import SERIES, Season, days_about, issue, nominal_days
from bot.core.model import EventRecord
from bot.core.ordered import Entry, Ordered
from bot.core.planning import Candidate, enough_ahead, of_event, of_issue, silence
from bot.core.programme import Programme
from bot.core.rules import Every, Rule, Schedules


class Timetable:
    """Every candidate, by release, then by importance."""

    def __init__(self, records: Iterable[EventRecord], schedules: Schedules) -> None:
        self._schedules = schedules
        self._records = {record.event.uid: record for record in records}
        self._season = Season(one for one in self._records.values() if not silence(one))
        self.programme = Programme(self._records.values())
        self.longest = timedelta(0)  #: between any release and its deadline
        self.held = timedelta(0)  #: between any release and when it could have been, see `since`
        self._places = {rule.key: place for place, rule in enumerate(schedules.rules)}
        self._issues: dict[str, dict[date, Candidate]] = {
            rule.key: {} for rule in schedules.rules if rule.lists
        }
        self._ordered = Ordered(
            entry for record in self._records.values() for entry in self._entries(record)
        )
        self._spans: tuple[date, date] | None = None  # from the first event's day to the last's
        self._reissue(())

    @property
    def records(self) -> Mapping[str, EventRecord]:
        """The events, by uid."""
        return self._records

    def renew(self, changed: Iterable[EventRecord]) -> set[str]:
        """Take events in as they are now; the uids of all of whom something else may be said now.

        What depends on how many events are ahead is not among them.
        """
        uids, days = set[str](), set[date]()
        for record in changed:
            uids.add(record.event.uid)
            self._put(record, days)
        if days and self._reissue(days):
            uids.add(SERIES)
        return uids

    def between(
        self,
        after: datetime | None,
        until: datetime,
        of: Callable[[Rule], object] = lambda _rule: True,
    ) -> Iterator[Candidate]:
        """What is released after an instant, or from the first, up to another and including it.

        `of`: whether a rule is one of those that are asked for.
        """
        rules = [rule if of(rule) else None for rule in self._schedules.rules]
        for entry in self._ordered.between(after, until):
            rule = rules[entry.place]
            if rule is None:
                continue
            if rule.lists:
                found = [self._issues[rule.key][date.fromisoformat(entry.of)]]
            else:
                of_rule = of_event(self._records[entry.of], self._schedules, (rule,))
                found = [one for one in of_rule if one.release == entry.at]
            yield from (enough_ahead(one, self._season) for one in found)

    def following(self, instant: datetime | None) -> datetime | None:
        """The first release after an instant, or of all."""
        entry = self._ordered.after(instant)
        return entry.at if entry is not None else None

    def about(self, uid: str) -> Iterator[Candidate]:
        """What the rules say of one event, or of the series."""
        if uid in self._records:
            for one in of_event(self._records[uid], self._schedules):
                yield enough_ahead(one, self._season)
        if uid == SERIES:
            for of_rule in self._issues.values():
                yield from (enough_ahead(one, self._season) for one in of_rule.values())

    def _put(self, record: EventRecord, days: set[date]) -> None:
        """Let it in instead of as it was; `days`: where the first day of it is noted, and that
        before, if it takes place.
        """
        before = self._records.get(record.event.uid)
        was = set(self._entries(before)) if before is not None else set[Entry]()
        will = set(self._entries(record))
        for entry in was - will:
            self._ordered.take(entry)
        for entry in will - was:
            self._ordered.put(entry)
        self._records[record.event.uid] = record
        self.programme.put(record)
        if before is not None and not silence(before):
            days.add(before.event.first_day)
        if not silence(record):
            days.add(record.event.first_day)
            self._season.put(record)
        elif before is not None and not silence(before):
            self._season.take(before)

    def _entries(self, record: EventRecord) -> Iterator[Entry]:
        for one in of_event(record, self._schedules):
            self.longest = max(self.longest, one.deadline - one.release)
            self.held = max(self.held, one.release - one.since)
            yield Entry(one.release, self._places[one.rule.key], record.event.uid)

    def _reissue(self, days: Iterable[date]) -> bool:
        """Write anew the digests that speak of these days; whether there was any."""
        spans, renewed = self._spans != self._season.days, False
        self._spans = self._season.days
        for rule in self._schedules.rules:
            if not isinstance(every := rule.when, Every):
                continue
            known = self._issues[rule.key]
            wanted = set(nominal_days(rule, every, self._season)) if spans else known.keys()
            touched = {one for day in days for one in days_about(rule, every, day)}
            for day in (wanted ^ known.keys()) | (touched & wanted):
                renewed = True
                self._issue(rule, every, day, lasts=day in wanted)
        return renewed

    def _issue(self, rule: Rule, every: Every, day: date, *, lasts: bool) -> None:
        known, place = self._issues[rule.key], self._places[rule.key]
        if (before := known.pop(day, None)) is not None:
            self._ordered.take(Entry(before.release, place, day.isoformat()))
        if lasts:
            one = of_issue(rule, issue(rule, every, day, self._season, self._schedules))
            self.longest = max(self.longest, one.deadline - one.release)
            self._ordered.put(Entry(one.release, place, day.isoformat()))
            known[day] = one
