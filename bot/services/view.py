"""One post of the plan after the other, as it is seen at one instant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.core.agenda import HORIZON
from bot.core.budgeting import Month, budget_of
from bot.core.consent import Consent
from bot.core.counting import MEASURES
from bot.core.examples import as_if_known, remark
from bot.core.linking import answers
from bot.core.model import EventRecord
from bot.core.notices import Births
from bot.core.planning import Candidate, Key, Said, owed, said, timely, unseen
from bot.core.pricing import cost
from bot.core.programme import Programme
from bot.core.rules import Channel
from bot.core.waiting import IN_ITS_STEAD
from bot.errors import TemplateError
from bot.platforms import UNSEEN
from bot.rendering import Post
from bot.services.consent import foreseen, heard
from bot.services.edition import Edition
from bot.services.forecast import Forecast, Ledger, forecast
from bot.services.known import Known
from bot.services.notices import (
    CLOSED,
    Notices,
    Place,
    notices,
    put_right_first,
    tells_recording,
)
from bot.services.standing import standing
from bot.store.posts import PostRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One post of the plan. `state` is the log's, or planned, due, waiting, held or skipped."""

    key: Key  #: with the channel's nickname
    record: EventRecord | None  #: None where the log speaks of an event that is gone
    post: str  #: the rule's name
    channel: str  #: its nickname, or its account where no channel of the file has it
    due: datetime  #: in the event's zone
    at: datetime | None  #: when it goes or went out, as far as is known; in the event's zone
    state: str
    reason: str
    text: str
    length: int
    limit: int | None
    cost_usd: Decimal
    until: datetime | None = None  #: when it is too late for it, unless the log has it
    consent: Consent = Consent.FREE
    remark: str = ""  #: what of the text is not so

    @property
    def when(self) -> datetime:
        """When it goes out or went out; else when it was to, or is if it is approved."""
        return self.at or self.due


class View:
    """The plan as seen at one instant."""

    def __init__(
        self,
        edition: Edition,
        records: Sequence[EventRecord],
        known: Known,
        now: datetime,
        *,
        writes_skipped: bool = True,
    ) -> None:
        """`writes_skipped`: False leaves empty the texts of what is skipped; they take longest."""
        self.edition = edition
        self.writes_skipped = writes_skipped
        self.known = known
        self.now = now
        self.programme = Programme(records)
        self.records = {record.event.uid: record for record in records}
        rules = {rule.key for rule in edition.schedules.rules}
        self.gone = {
            (row.key.channel, Said(row.key.event, row.template, row.due)): row.key.rule
            for row in known.posts.values()
            if row.key.rule not in rules
        }

    def of_channel(self, found: Iterable[Candidate], channel: Channel) -> Iterator[Line]:
        account = self.known.accounts.get(channel.name, channel.name)
        found = list(found)
        told_anew = self.notices(found, channel)
        mine = self._in_order(found, told_anew, channel)
        seen = self.forecast(mine, channel)
        for candidate in mine:
            key = candidate.key(account)
            row = self.known.posts.get(key)
            if row is not None:
                yield self._logged(row, candidate.rule.name, channel)
            else:
                yield self._expected(candidate, key, channel, seen)
        for verdict in told_anew.verdicts.values():
            if verdict.notice is not None and verdict.waits:
                key = verdict.notice.key(account)
                if key not in self.known.posts:
                    line = self._expected(verdict.notice, key, channel, seen)
                    yield replace(line, state="planned", reason=verdict.waits)

    def wishes(self, found: Iterable[Candidate], channel: Channel) -> list[Candidate]:
        """What the rules and the changes so far ask for on a channel."""
        found = list(found)
        return self._in_order(found, self.notices(found, channel), channel)

    def _in_order(
        self, found: Iterable[Candidate], told_anew: Notices, channel: Channel
    ) -> list[Candidate]:
        return put_right_first(self._spoken(found, channel), self._spoken(told_anew.due, channel))

    def _spoken(self, found: Iterable[Candidate], channel: Channel) -> list[Candidate]:
        account = self.known.accounts.get(channel.name, channel.name)
        return [
            self._heard(one, account, channel)
            for one in found
            if not one.rule.channels or channel.name in one.rule.channels
        ]

    def notices(self, found: Iterable[Candidate], channel: Channel) -> Notices:
        """What is to be put right or told anew on a channel, by what is known today."""
        account = self.known.accounts.get(channel.name, channel.name)
        ahead = defaultdict(list)
        for one in found:
            row = self.known.posts.get(one.key(account))
            if self.known.memory.uids and (row is None or row.state not in CLOSED):
                ahead[one.record.event.uid].append(one)

        def carries(record: EventRecord) -> bool:
            mine = [self._heard(one, account, channel) for one in ahead[record.event.uid]]
            return tells_recording(mine, self.edition, channel, self.programme, self.now)

        known, schedules = self.known, self.edition.schedules
        bound_at = known.bound_at.get(account, self.now)
        births = Births(known.log_born or self.now, bound_at, known.rules_seen)
        place = Place(channel=channel, account=account, births=births)
        return notices(known.memory, self.records.values(), place, schedules, carries)

    def _heard(self, candidate: Candidate, account: str, channel: Channel) -> Candidate:
        """The candidate as people's words leave it; barred where a renamed rule has told it."""
        before = self.gone.get((account, said(candidate)))
        key = candidate.key(account)
        if before is not None and key not in self.known.posts:
            why = f"told as '{before}', which is no longer in the file (was: {before})"
            candidate = candidate._replace(barred=candidate.barred or why)
        candidate = heard(
            self._as_it_waits(candidate, key, channel),
            self.known.hearing,
            account,
            channel,
            edition=self.edition,
            programme=self.programme,
        )
        return foreseen(candidate, self.now, self.edition.schedules)

    def _as_it_waits(self, candidate: Candidate, key: Key, channel: Channel) -> Candidate:
        """The candidate, barred where another spoke in its stead or may have long ago."""
        births = self._births(candidate, key)
        by_itself = candidate._replace(due=candidate.since)
        if channel.platform in UNSEEN and not owed(by_itself, *births):
            return unseen(candidate)
        twin = candidate.twin(key.channel)
        row = self.known.posts.get(twin) if twin is not None else None
        if row is not None and row.may_be_out:
            return candidate._replace(barred=IN_ITS_STEAD.format(row.key.rule))
        return timely(candidate, *births)

    def left_over(self, planned: set[Key]) -> Iterator[Line]:
        """What the log has and the rules no longer ask for: a rule or a date that is gone."""
        names = {account: name for name, account in self.known.accounts.items()}
        for row in self.known.posts.values():
            channel = self.edition.schedules.channels.get(names.get(row.key.channel, ""))
            line = self._logged(row, row.key.rule, channel)
            if line.key not in planned:
                yield line

    def forecast(self, mine: Iterable[Candidate], channel: Channel) -> Forecast:
        """When what is still open goes out and whether with links, by what is known today."""
        account = self.known.accounts.get(channel.name, channel.name)
        logged = self.known.posts
        wishes = [one for one in mine if one.deadline > self.now and one.key(account) not in logged]
        rows = [row for row in logged.values() if row.key.channel == account]
        taken = [row.claimed_at for row in rows if row.claimed_at is not None]
        ledger = Ledger(
            account=account,
            taken=[at for at in taken if at >= self.now - HORIZON],
            linked=frozenset(row.key.event for row in rows if row.has_linked),
            spent=self._spent(rows, channel),
        )
        return forecast(wishes, ledger, channel, self.edition, self.programme, now=self.now)

    def _spent(self, rows: Iterable[PostRecord], channel: Channel) -> Mapping[Month, Decimal]:
        """What each month of a channel with a budget has cost so far."""
        spent: dict[Month, Decimal] = defaultdict(Decimal)
        budget = budget_of(channel, self.edition.schedules.series.zone)
        for row in rows if budget else ():
            if budget and row.may_be_out and row.claimed_at is not None:
                spent[budget.month(row.claimed_at)] += Decimal(row.extras.cost_usd)
        return spent

    def _logged(self, row: PostRecord, post: str, channel: Channel | None) -> Line:
        record = self.records.get(row.key.event)
        zone = record.event.zone if record else self.edition.schedules.series.zone
        at, text = row.sent_at or row.claimed_at, row.text or ""
        measure = self.edition.measure(channel) if channel else MEASURES["local"]
        name = channel.name if channel else row.key.channel
        return Line(
            key=row.key._replace(channel=name),
            record=record,
            post=post,
            channel=name,
            due=row.due.astimezone(zone),
            at=at.astimezone(zone) if at else None,
            state=row.state,
            reason=row.reason,
            text=text,
            length=measure.length(text),
            limit=measure.limit,
            cost_usd=_cost_of(row, channel),
        )

    def _expected(self, candidate: Candidate, key: Key, channel: Channel, seen: Forecast) -> Line:
        choice = seen.choices.get(key)
        at = choice.at if choice else None
        state, reason = standing(
            candidate,
            self._nicknamed(key),
            choice,
            self.now,
            self.edition.schedules,
            is_owed=owed(candidate, *self._births(candidate, key)),
        )
        text, length, costs = "", 0, Decimal(0)
        linked = key in seen.linked or (at is None and any(answers(channel, candidate.rule)))
        sent_at = at or candidate.release
        sent_at = max(sent_at, self.now) if state == "held" else sent_at  # if approved now
        try:
            if self.writes_skipped or state != "skipped":
                post = self._written(candidate, channel, sent_at, linked=linked)
                text, length = post.text, post.length
                costs = cost(channel, linked=bool(post.links), pictured=candidate.rule.card)
        except TemplateError as error:
            state, reason = "skipped", reason or f"its text cannot be written: {error}"
        zone = candidate.record.event.zone
        return Line(
            key=key._replace(channel=channel.name),
            record=candidate.record,
            post=candidate.rule.name,
            channel=channel.name,
            due=candidate.due.astimezone(zone),
            at=at.astimezone(zone) if at else None,
            state=state,
            reason=reason,
            text=text,
            length=length,
            limit=self.edition.measure(channel).limit,
            cost_usd=costs,
            until=candidate.deadline.astimezone(zone),
            consent=candidate.consent,
            remark=remark(candidate),
        )

    def _written(
        self, candidate: Candidate, channel: Channel, at: datetime, *, linked: bool
    ) -> Post:
        return self.edition.post(as_if_known(candidate), channel, at, self.programme, linked=linked)

    def _nicknamed(self, key: Key) -> Key:
        names = {account: name for name, account in self.known.accounts.items()}
        return key._replace(channel=names.get(key.channel, key.channel))

    def _births(self, candidate: Candidate, key: Key) -> tuple[datetime, ...]:
        return (
            self.known.log_born or self.now,
            self.known.rules_seen.get(candidate.rule.key, self.now),
            self.known.bound_at.get(key.channel, self.now),
        )


def _cost_of(row: PostRecord, channel: Channel | None) -> Decimal:
    """What a post of the log cost, or may have; what is not out yet, as if it went out now."""
    if row.may_be_out or channel is None or not row.text:
        return Decimal(row.extras.cost_usd)
    return cost(channel, linked=bool(row.links), pictured=bool(row.extras.image))
