"""Every post the rules ask for: when, what it says, and why it will not or did not go out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.core.agenda import HORIZON
from bot.core.choosing import Choice, choose
from bot.core.model import EventRecord
from bot.core.planning import Candidate, Key, Window, candidates, owed
from bot.core.pricing import cost
from bot.core.rules import Channel
from bot.errors import TemplateError
from bot.rendering import Post
from bot.services.edition import Edition
from bot.store.posts import PostRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One post of the plan. `state` is the log's, or planned, due or skipped."""

    key: Key
    record: EventRecord | None  #: None where the log speaks of an event that is gone
    post: str  #: the rule's name
    channel: str  #: its nickname
    due: datetime  #: in the event's zone
    at: datetime | None  #: when it goes or went out, as far as is known; in the event's zone
    state: str
    reason: str
    text: str
    length: int
    limit: int | None
    cost_usd: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the log knows, as far as a plan needs it."""

    accounts: Mapping[str, str] = field(default_factory=dict)  #: nickname to account
    bound_at: Mapping[str, datetime] = field(default_factory=dict)  #: by account
    posts: Mapping[Key, PostRecord] = field(default_factory=dict)
    log_born: datetime | None = None
    rules: Mapping[str, datetime] = field(default_factory=dict)  #: first seen, by first name


def plan(
    records: Sequence[EventRecord],
    edition: Edition,
    known: Known,
    now: datetime,
    window: Window | None = None,
) -> list[Line]:
    """The plan of all channels, by due, importance and channel."""
    found = candidates(records, edition.schedules)
    lines = [
        line
        for channel in edition.schedules.channels.values()
        for line in _of_channel(found, channel, edition, known, now)
    ]
    lines += _orphans(records, lines, edition, known)
    if window is not None:
        lines = [line for line in lines if window.start <= line.due < window.end]
    ranks = {rule.name: rule.rank for rule in edition.schedules.rules}
    return sorted(lines, key=lambda one: (one.due, ranks.get(one.post, -1), one.key))


def _of_channel(
    found: Iterable[Candidate], channel: Channel, edition: Edition, known: Known, now: datetime
) -> Iterable[Line]:
    account = known.accounts.get(channel.name, channel.name)
    mine = [one for one in found if not one.rule.channels or channel.name in one.rule.channels]
    forecast = _forecast(mine, account, edition, known, now)
    for candidate in mine:
        key = candidate.key(account)
        row = known.posts.get(key)
        if row is not None:
            yield _logged(row, candidate, channel, edition)
        else:
            yield _expected(candidate, key, channel, edition, known, forecast.get(key), now)


def _forecast(
    mine: Iterable[Candidate], account: str, edition: Edition, known: Known, now: datetime
) -> dict[Key, Choice]:
    """When what is still open goes out under the limits, by what is known today."""
    wishes = [one for one in mine if one.deadline > now and one.key(account) not in known.posts]
    taken = [
        row.claimed_at
        for row in known.posts.values()
        if row.key.channel == account and row.claimed_at and row.claimed_at >= now - HORIZON
    ]
    choices = choose(wishes, taken, edition.schedules, now)
    return {one.candidate.key(account): one for one in choices}


def _logged(row: PostRecord, candidate: Candidate, channel: Channel, edition: Edition) -> Line:
    text = row.text or ""
    measure = edition.measure(channel)
    zone = candidate.record.event.zone
    at = row.sent_at or row.claimed_at
    return Line(
        key=row.key._replace(channel=channel.name),
        record=candidate.record,
        post=candidate.rule.name,
        channel=channel.name,
        due=row.due.astimezone(zone),
        at=at.astimezone(zone) if at else None,
        state=row.state,
        reason=row.reason,
        text=text,
        length=measure.length(text),
        limit=measure.limit,
        cost_usd=cost(channel.platform, text) if text else Decimal(0),
    )


def _expected(  # noqa: PLR0917 - one line is made of all of them
    candidate: Candidate,
    key: Key,
    channel: Channel,
    edition: Edition,
    known: Known,
    choice: Choice | None,
    now: datetime,
) -> Line:
    at = choice.at if choice else None
    state, reason = _standing(candidate, key, known, choice, now)
    zone = candidate.record.event.zone
    try:
        post = edition.post(candidate, channel, at or candidate.release)
    except TemplateError as error:
        post = Post.empty(edition.measure(channel).limit)
        state, reason = "skipped", reason or f"its text cannot be written: {error}"
    return Line(
        key=key._replace(channel=channel.name),
        record=candidate.record,
        post=candidate.rule.name,
        channel=channel.name,
        due=candidate.due.astimezone(zone),
        at=at.astimezone(zone) if at else None,
        state=state,
        reason=reason,
        text=post.text,
        length=post.length,
        limit=post.limit,
        cost_usd=cost(channel.platform, post.text) if post.text else Decimal(0),
    )


def _standing(
    candidate: Candidate, key: Key, known: Known, choice: Choice | None, now: datetime
) -> tuple[str, str]:
    """The state, and the reason where it will not or did not go out."""
    if candidate.barred:
        return "skipped", candidate.barred
    if choice is not None:
        if choice.at is None:
            return "skipped", choice.reason
        late = choice.at > max(candidate.due, now)
        reason = "waits for the limits or the end of quiet hours" if late else ""
        return ("due" if choice.at <= now else "planned"), reason
    births = (
        known.log_born or now,
        known.rules.get(candidate.rule.key, now),
        known.bound_at.get(key.channel, now),
    )
    if owed(candidate, *births):
        return "dropped", "missed: the bot did not run while it could be sent"
    return "skipped", "not owed: it fell due before the bot knew of it"


def _orphans(
    records: Iterable[EventRecord], lines: Iterable[Line], edition: Edition, known: Known
) -> Iterable[Line]:
    """What the log has and the plan no longer asks for: a rule or a date that is gone."""
    names = {account: nickname for nickname, account in known.accounts.items()}
    planned = {line.key for line in lines}
    by_uid = {record.event.uid: record for record in records}
    for row in known.posts.values():
        channel = edition.schedules.channels.get(names.get(row.key.channel, ""))
        key = row.key._replace(channel=channel.name if channel else row.key.channel)
        if key in planned:
            continue
        record = by_uid.get(row.key.event)
        zone = record.event.zone if record else edition.schedules.series.zone
        at = row.sent_at or row.claimed_at
        yield Line(
            key=key,
            record=record,
            post=row.key.rule,
            channel=key.channel,
            due=row.due.astimezone(zone),
            at=at.astimezone(zone) if at else None,
            state=row.state,
            reason=row.reason,
            text=row.text or "",
            length=edition.measure(channel).length(row.text or "")
            if channel
            else len(row.text or ""),
            limit=edition.measure(channel).limit if channel else None,
            cost_usd=cost(channel.platform, row.text or "") if channel and row.text else Decimal(0),
        )
