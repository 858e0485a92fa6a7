"""One channel as its one worker serves it: lease, agenda, claims.

Everything here happens inside the writing transaction it is handed; the network is elsewhere.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.core.agenda import HORIZON, Agenda
from bot.core.breaking import FIRST_PAUSE, Breaker
from bot.core.planning import Candidate, Key
from bot.core.retrying import FIRST, first_look
from bot.core.rules import Channel
from bot.core.states import Cause, State
from bot.platforms.base import Publisher
from bot.services.again import claim_again, same_again, was_looked_for
from bot.services.ask import Questions, questions
from bot.services.draft import affordable, draft
from bot.services.either import Sought, either
from bot.services.ground import Ground
from bot.services.lapse import drop_untried, lapse_tried
from bot.services.notices import NONE, Notices, Place, read_notices
from bot.services.retries import retries
from bot.services.share import Share
from bot.store import channels, log, posts
from bot.store.claims import Held, Settlement
from bot.store.session import Connection

BATCH = 16
"""So many posts of a channel, or half of what may go out if that is more, are claimed at once: the
first are on their way while more are written."""


@dataclass(kw_only=True, slots=True, eq=False)
class Desk:
    """The state of one served channel between two transactions; all of it can be rebuilt."""

    channel: Channel
    account: str
    bound_at: datetime
    publisher: Publisher
    worker: str
    lease: timedelta
    waits: Sequence[timedelta]  #: when an unknown post is looked for, counted from its try
    first_wait: timedelta = FIRST  #: before a post that was refused is tried again
    first_pause: timedelta = FIRST_PAUSE  #: of a channel that keeps failing
    breaker: Breaker = field(default_factory=Breaker)
    lease_until: datetime | None = None  #: None: another worker serves the channel
    adopted: bool = False  #: whether the account's own timeline was read since we hold the lease
    term: int = 0  #: how often the lease was taken anew: what was read in an earlier one is stale
    look_not_before: datetime | None = None
    looking: bool = False
    sought: Sought | None = None  #: what was looked for before a try, in this term
    agenda: Agenda | None = None
    notices: Notices = NONE
    questions: Questions = field(default_factory=Questions)
    swept: datetime = field(init=False)  #: up to here every deadline was looked at
    changed: set[str] = field(default_factory=set)  #: events that are to be looked at anew
    again: set[Key] = field(default_factory=set)  #: rows that wait for another try
    orphaned: datetime | None = None  #: when the first row the plan no longer has is given up
    unknown: bool = True  #: whether there may be rows to look for
    flying: dict[int, Candidate | None] = field(default_factory=dict)
    """By row, what is under way; None where the plan was made anew since."""
    expired_at: datetime | None = None  #: when it was last looked for claims whose lease ran out
    more: bool = False  #: whether more could be claimed than was, to go out at once
    wake: datetime | None = None

    def keep_lease(self, connection: Connection, now: datetime) -> bool:
        """Take the lease, or renew it when a third of it is gone; whether it is ours."""
        left = self.lease_until - now if self.lease_until is not None else timedelta(0)
        if self.lease * 2 / 3 < left <= self.lease:  # more is left only if a clock was set back
            return True
        until = now + self.lease
        had_it = self.lease_until is not None and self.lease_until > now
        taken = channels.take_lease(connection, self.account, self.worker, now, until)
        self.lease_until = until if taken else None
        if not (taken and had_it):  # another worker may have sent meanwhile
            self.agenda, self.adopted, self.term = None, not self.publisher.readable, self.term + 1
            self.expired_at, self.sought = None, Sought(now)
        return taken

    def step_back(self, connection: Connection, now: datetime) -> None:
        """Let another worker serve the channel, once nothing of ours is under way on it."""
        if self.flying:
            self.keep_lease(connection, now)
        elif self.lease_until is not None:
            channels.release_lease(connection, self.account, self.worker)
            self.lease_until, self.agenda, self.adopted = None, None, False

    def open(self, connection: Connection, ground: Ground, now: datetime) -> None:
        """Build the agenda anew: from the plan, and the rows that wait for another try."""
        self.breaker, self.swept = channels.standing(connection, self.account)
        self.notices = self.read_notices(connection, ground, now)
        share = self._share(ground, now)
        self.agenda = Agenda(self.account, share, ground.edition.schedules)
        self.flying = dict.fromkeys(self.flying)
        self.agenda.look_ahead(now, partial(ground.logged, connection, self.account))
        self._reopen(connection, ground, now)

    def renew(self, connection: Connection, ground: Ground, now: datetime) -> None:
        """Take in what changed about some events; what comes of it is as if it were opened anew."""
        assert self.agenda is not None
        uids = self.changed | self.notices.verdicts.keys()
        self.notices = self.read_notices(connection, ground, now, uids)
        uids |= self.notices.verdicts.keys()
        for key in self.again:
            self.agenda.remove(key)
        self.flying = {
            row: one if one and one.record.event.uid not in uids else None
            for row, one in self.flying.items()
        }
        share = self._share(ground, now)
        self.agenda.renew(share, uids, partial(ground.logged, connection, self.account))
        self._reopen(connection, ground, now)

    def _share(self, ground: Ground, now: datetime) -> Share:
        """The plan of the channel, and what is to be asked about it."""
        self.changed, hear = set(), partial(self._heard, ground)
        swept = min(self.swept, now)  # it may be from a clock that ran ahead
        share = Share(timetable=ground.timetable, swept=swept, speaks=self.speaks, hear=hear)
        share = share.with_notices(self.notices)
        self.questions = questions(share, self.account, ground.edition.schedules, now)
        if self.sought and self.sought.lacks(share, self.account, now):
            self.adopted = not self.publisher.readable
        return share

    def serve(self, connection: Connection, ground: Ground, now: datetime) -> list[Held]:
        """Drop what lapsed, claim what is due; what was claimed has to be sent after the commit."""
        assert self.agenda is not None
        self._expire(connection, now)
        if self.orphaned is not None and self.orphaned <= now:
            self._reopen(connection, ground, now)
        self.agenda.look_ahead(now, partial(ground.logged, connection, self.account))
        if self.notices.hang_on(self._sweep(connection, ground, now)):
            self.open(connection, ground, now)
        if self.adopted and self.questions.until is not None and self.questions.until <= now:
            self._share(ground, now)
        if self.adopted:
            self.questions.put(connection, ground, self.channel, now)
        held = self._claim(connection, ground, now) if self.adopted else []
        if self.agenda is None:
            self.open(connection, ground, now)
        self.wake = self._wakes(connection, ground, now) if self.adopted else None
        return held

    def _expire(self, connection: Connection, now: datetime) -> None:
        """Now and then: claims whose lease ran out may have been sent."""
        if self.expired_at is not None and timedelta(0) <= now - self.expired_at < self.lease / 60:
            return
        first = first_look(self.waits, readable=self.publisher.readable)
        self.unknown |= log.expire(connection, self.account, now, first, self.lease) > 0
        self.expired_at = now

    def wants_look(self, connection: Connection, now: datetime) -> bool:
        """Whether the account's own timeline has to be read now."""
        if self.look_not_before is not None and now >= self.look_not_before:
            self.look_not_before = None
        if self.looking or self.look_not_before is not None or not self.publisher.readable:
            return False
        if not self.adopted:
            return True
        rows = posts.unknown(connection, self.account) if self.unknown else []
        self.unknown = bool(rows)
        return any(row.next_try_at is not None and row.next_try_at <= now for row in rows)

    def landed(
        self, connection: Connection, settlement: Settlement, breaker: Breaker, told: Iterable[str]
    ) -> None:
        """A try that told of these events is over and written down: note what follows."""
        candidate = self.flying.pop(settlement.post_id, None)
        if settlement.cause is Cause.REFUSED and self.agenda is not None and candidate is not None:
            self._add_again(candidate.key(self.account), candidate, settlement.next_try_at)
        elif settlement.cause is Cause.REFUSED:
            self.agenda = None  # the plan changed while it was under way: ask it again
        if settlement.cause is Cause.UNCLEAR:
            self.unknown = True
        if self.notices.hang_on(told):
            self.agenda = None  # now it is known whether they are due
        if breaker != self.breaker:
            self.breaker = breaker
            channels.pause(connection, self.account, breaker)

    def next_wake(self, now: datetime) -> datetime:
        """When there may be something to do on this channel, its lease included."""
        if self.lease_until is None:
            return now + self.lease / 12  # whether the other worker is still there
        renewal = self.lease_until - self.lease * 2 / 3
        return min(one for one in (self.wake, self.look_not_before, renewal) if one is not None)

    def read_notices(
        self, connection: Connection, ground: Ground, now: datetime, some: set[str] | None = None
    ) -> Notices:
        """What is to be told on the channel as the log stands; looking only at some events anew."""
        births = ground.births(self.bound_at)
        place = Place(channel=self.channel, account=self.account, births=births)
        found = read_notices(connection, ground, place, now, looks=len(self.waits), some=some)
        return found if some is None else self.notices.with_anew(some, found)

    def speaks(self, candidate: Candidate) -> bool:
        return not candidate.rule.channels or self.channel.name in candidate.rule.channels

    def _heard(self, ground: Ground, candidate: Candidate) -> Candidate:
        blind_since = None if self.publisher.readable else self.bound_at
        candidate = ground.timely(candidate, self.bound_at)
        return ground.heard(candidate, self.account, self.channel, blind_since)

    def _planned(self, ground: Ground, key: Key) -> Candidate | None:
        """The candidate of a key; None where it is no longer to be said here."""
        found = ground.planned(key) or self.notices.planned(key)
        return self._heard(ground, found) if found is not None and self.speaks(found) else None

    def _add_again(self, key: Key, candidate: Candidate, next_try_at: datetime | None) -> None:
        assert self.agenda is not None
        self.again.add(key)
        release = max(candidate.release, next_try_at or candidate.release)
        self.agenda.add(key, candidate._replace(release=release))

    def _reopen(self, connection: Connection, ground: Ground, now: datetime) -> None:
        """Rows that wait for another try: due again, or gone from the plan."""
        rows = posts.is_open(connection, self.account)
        self.unknown = any(row.state is State.UNKNOWN for row in rows)
        waiting, self.orphaned = retries(connection, rows, partial(self._planned, ground), now)
        self.again.clear()
        for row, candidate in waiting:
            self._add_again(row.key, candidate, row.next_try_at)

    def _sweep(self, connection: Connection, ground: Ground, now: datetime) -> set[str]:
        """Write down what can no longer be sent; the events it would have spoken of."""
        assert self.agenda is not None
        lapsed = dict(self.agenda.lapsed(now))
        if not lapsed:
            return set()
        tried = self.again & lapsed.keys()
        owed = [
            (key, self.questions.excused(key, one))
            for key, one in lapsed.items()
            if key not in tried and ground.owes(one, self.bound_at)
        ]
        lapse_tried(connection, tried, now)
        drop_untried(connection, owed, ground.edition.schedules, now, paused=self.breaker.why)
        self.again -= tried
        channels.swept(connection, self.account, now)
        self.swept = now
        return {key.event for key in lapsed}

    def _claim(self, connection: Connection, ground: Ground, now: datetime) -> list[Held]:
        assert self.agenda is not None
        free = self.publisher.connections - len(self.flying)
        most = self.breaker.allows(free, len(self.flying), now)
        batch = min(most, max(BATCH, most // 2))
        held = self._claim_unknown(connection, ground, batch, now)
        found = self.agenda.take(batch - len(held), now, self._taken(connection, ground, now))
        self.more = len(held) + len(found) == batch < most
        if any(one.is_notice for _, one in found):  # what was told since may settle them
            self.notices = self.read_notices(connection, ground, now, set(self.notices.verdicts))
        due, later = self.notices.sort_out(either(connection, found, now), self.account)
        drafts = draft(connection, ground, self.channel, due, ahead=self.agenda.ahead, now=now)
        self.agenda.put_off((*later, *drafts.put_off))
        claims = drafts.claims
        until, again = now + self.lease, [one for one in claims if one.key in self.again]
        new = [claim for claim in claims if claim.key not in self.again]
        held += log.claim(connection, new, worker=self.worker, now=now, until=until)
        held += claim_again(connection, again, worker=self.worker, now=now, until=until)
        self.again -= {one.key for one in again}
        by_key = dict(due)
        self.flying |= {one.post_id: by_key.get(one.claim.key) for one in held}
        if len(due) + len(later) < len(found):
            self.agenda = None
        return held

    def _claim_unknown(
        self, connection: Connection, ground: Ground, most: int, now: datetime
    ) -> list[Held]:
        """Take rows looked for in vain: the same bytes again, while they are still true."""
        if not self.unknown or most < 1:
            return []
        unknown, planned = posts.unknown(connection, self.account), partial(self._planned, ground)
        rows = [row for row in unknown if was_looked_for(row, self.waits)]
        same = same_again(connection, ground, rows, planned, self.channel, now=now)
        again = affordable(connection, same[:most], self.channel, ground, now=now)
        return log.claim_again(
            connection, again, worker=self.worker, now=now, until=now + self.lease
        )

    def _taken(
        self, connection: Connection, ground: Ground, now: datetime
    ) -> Callable[[], Collection[datetime]]:
        return partial(posts.taken, connection, self.account, now - HORIZON, but=ground.corrections)

    def _wakes(self, connection: Connection, ground: Ground, now: datetime) -> datetime | None:
        assert self.agenda is not None
        wake = self.agenda.wakes(now, self._taken(connection, ground, now))
        wake = wake and max(wake, self.breaker.paused_until or wake)
        rows = posts.unknown(connection, self.account) if self.unknown else []
        soonest = self.look_not_before or now
        looks = [max(row.next_try_at, soonest) for row in rows if row.next_try_at is not None]
        instants = (wake, self.orphaned, self.questions.wake)
        return min([*looks, *(one for one in instants if one is not None)], default=None)
