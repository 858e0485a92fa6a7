"""What every channel is served from, until an event or a file of the organiser's changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.core.model import EventRecord
from bot.core.notices import Births
from bot.core.planning import Candidate, Key, Said, owed, said, timely, unseen
from bot.core.programme import Programme
from bot.core.rules import Channel, corrections
from bot.core.timetable import Timetable
from bot.services.consent import Hearing, heard, heard_since, read_hearing
from bot.services.edition import Edition
from bot.store import channels, decisions, events, meta, posts
from bot.store.posts import PostRecord
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One state of the events and the files, planned."""

    edition: Edition
    revision: int  #: of the store
    timetable: Timetable  #: it goes on with the next state: this one is not to be used then
    log_born: datetime
    rules_seen: Mapping[str, datetime]  #: when each rule was first in force, by first name
    decided: int  #: the newest of what people said of posts
    hearing: Hearing  #: all they said

    @property
    def programme(self) -> Programme:
        return self.timetable.programme

    @property
    def records(self) -> Mapping[str, EventRecord]:
        """The events, by uid."""
        return self.timetable.records

    def stands(self, revision: int, edition: Edition) -> bool:
        """Whether that is what it was planned from."""
        return revision == self.revision and edition.digest == self.edition.digest

    def planned(self, key: Key) -> Candidate | None:
        """The candidate of a key, on whichever channel; None where the plan has it no longer."""
        found = self.timetable.about(key.event)
        return next((one for one in found if one.key(key.channel) == key), None)

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

    def logged(
        self, connection: Connection, account: str, near: Mapping[Key, Candidate]
    ) -> Iterator[Key]:
        """Which of these posts of a channel the log has."""
        rows = posts.of_events(connection, account, [key.event for key in near])
        return self.repeated(near, rows)

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


def read_ground(connection: Connection, edition: Edition, now: datetime) -> Ground:
    """Plan from what the store holds; rules that are new are written down as seen now."""
    names = {rule.key: rule.name for rule in edition.schedules.rules}
    edition = edition.within(channels.limits(connection))
    return Ground(
        edition=edition,
        revision=meta.revision(connection),
        timetable=Timetable(events.load(connection), edition.schedules),
        log_born=meta.born(connection, now),
        rules_seen=meta.see_rules(connection, names, now),
        decided=decisions.newest(connection),
        hearing=read_hearing(connection, edition.schedules),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A state of the events and the files, and what it makes of the one before."""

    ground: Ground
    anew: bool = False  #: whether nothing of the one before holds
    uids: frozenset[str] = frozenset()  #: otherwise: of all of whom something else is to be said


def plan(connection: Connection, before: Ground | None, edition: Edition, now: datetime) -> Planned:
    """The state as of now; no event changes until the commit.

    Only what changed is read, so that it costs the same however many events there are.
    """
    revision = meta.revision(connection, locked=True)
    if before is not None and before.stands(revision, edition):
        return Planned(ground=before)
    if (
        before is None
        or edition.digest != before.edition.digest
        or channels.limits(connection) != before.edition.limits
        or meta.known_birth(connection) != before.log_born  # another store was put in its place
        or revision < before.revision
    ):
        return Planned(ground=read_ground(connection, edition, now), anew=True)
    changed = events.changed_since(connection, before.revision)
    uids = before.timetable.renew(changed)
    decided, hearing = decisions.newest(connection), before.hearing
    if decided != before.decided:
        uids |= decisions.events_since(connection, before.decided)
        hearing = read_hearing(connection, edition.schedules)
    elif any(rule.approval for rule in edition.schedules.rules):
        hearing = heard_since(connection, hearing, [one.event.uid for one in changed])
    found = replace(before, revision=revision, decided=decided, hearing=hearing)
    return Planned(ground=found, uids=frozenset(uids))
