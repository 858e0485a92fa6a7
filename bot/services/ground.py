"""What every channel is served from, until an event or a file of the organiser's changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.core.model import EventRecord
from bot.core.notices import Births
from bot.core.planning import Candidate, Key, Said, candidates, owed, said, timely, unseen
from bot.core.programme import Programme
from bot.core.rules import Channel, corrections
from bot.services.consent import Hearing, heard, read_hearing
from bot.services.edition import Edition
from bot.store import channels, events, meta
from bot.store.posts import PostRecord
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One state of the events and the files, planned."""

    edition: Edition
    programme: Programme
    records: Sequence[EventRecord]
    plan: Sequence[Candidate]  #: by release
    log_born: datetime
    rules_seen: Mapping[str, datetime]  #: when each rule was first in force, by first name
    hearing: Hearing  #: what people said of posts

    def planned(self, key: Key) -> Candidate | None:
        """The candidate of a key, on whichever channel; None where the plan has it no longer."""
        return self._by_key.get((key.event, key.rule, key.reference))

    def owes(self, candidate: Candidate, bound_at: datetime) -> bool:
        """Whether missing it on a channel bound at that time is a loss."""
        return owed(candidate, self.log_born, self.rules_seen[candidate.rule.key], bound_at)

    def timely(self, candidate: Candidate, bound_at: datetime) -> Candidate:
        """The candidate on a channel bound at that time: with less time where it is not owed."""
        if candidate.hold is None:
            return candidate
        seen = self.rules_seen[candidate.rule.key]
        return timely(candidate, self.log_born, seen, bound_at)

    def births(self, bound_at: datetime) -> Births:
        """What a notice on a channel bound at that time counts from."""
        return Births(self.log_born, bound_at, self.rules_seen)

    def repeated(self, near: Mapping[Key, Candidate], rows: Iterable[PostRecord]) -> Iterator[Key]:
        """Which of these posts the log has: under their key, by the one that speaks instead, or by
        a rule gone from the file.
        """
        rules = {rule.key for rule in self.edition.schedules.rules}
        keys, out, gone = set[Key](), set[Key](), set[Said]()
        for row in rows:
            keys.add(row.key)
            if row.may_be_out:
                out.add(row.key)
            if row.key.rule not in rules:
                gone.add(Said(row.key.event, row.template, row.due))
        for key, candidate in near.items():
            in_its_stead = not candidate.barred and candidate.twin(key.channel) in out
            if key in keys or in_its_stead or said(candidate) in gone:
                yield key

    def heard(
        self,
        candidate: Candidate,
        account: str,
        channel: Channel,
        blind_since: datetime | None = None,
    ) -> Candidate:
        """The candidate as people's words leave it.

        `blind_since`: when the channel was bound, where nobody can see what it sent before.
        """
        if blind_since is not None and not self.owes(
            candidate._replace(due=candidate.since), blind_since
        ):
            candidate = unseen(candidate)
        return heard(
            candidate,
            self.hearing,
            account,
            channel,
            edition=self.edition,
            programme=self.programme,
        )

    @cached_property
    def corrections(self) -> frozenset[str]:
        """The rules whose posts no limit counts, by first name."""
        return corrections(self.edition.schedules)

    @cached_property
    def waiting(self) -> Sequence[Candidate]:
        """What waits for a fact that is not known, and would go out with it."""
        return sorted(
            (
                one
                for one in self.plan
                if one.hold and one.hold.is_missing and one.barred == one.hold.barred != ""
            ),
            key=lambda one: one.rank,
        )

    @cached_property
    def by_event(self) -> Mapping[str, Sequence[Candidate]]:
        """The plan of each event, by its uid."""
        found = defaultdict(list)
        for one in self.plan:
            found[one.record.event.uid].append(one)
        return found

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str], Candidate]:
        return {(one.record.event.uid, one.rule.key, one.reference): one for one in self.plan}


def read_ground(connection: Connection, edition: Edition, now: datetime) -> Ground:
    """Plan from what the store holds; rules that are new are written down as seen now."""
    names = {rule.key: rule.name for rule in edition.schedules.rules}
    edition = edition.within(channels.limits(connection))
    records = events.load(connection)
    return Ground(
        edition=edition,
        programme=Programme(records),
        records=records,
        plan=sorted(candidates(records, edition.schedules), key=_release),
        log_born=meta.born(connection, now),
        rules_seen=meta.see_rules(connection, names, now),
        hearing=read_hearing(connection, edition.schedules),
    )


def _release(candidate: Candidate) -> datetime:
    return candidate.release
