"""The notices of one channel: which events may ask for one, and what was told of them there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

from bot.core.consent import Consent
from bot.core.linking import answers
from bot.core.model import Event, EventRecord
from bot.core.notices import AFTERWARDS, Births, Case, Verdict, judge
from bot.core.planning import Candidate, Key
from bot.core.programme import Programme
from bot.core.rules import Change, Channel, OnChange, Rule, Schedules
from bot.core.states import State
from bot.core.telling import Telling, Turn
from bot.errors import TemplateError
from bot.rendering.views import address
from bot.services.edition import Edition
from bot.services.ground import Ground
from bot.store import meta, posts, tellings
from bot.store.session import Connection
from bot.store.tellings import LOOKS

_RECENT = timedelta(days=30)
"""How long a change of an event that is over is looked at; one of a coming event always is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What was told of events, and how they came to be what they are."""

    tellings: Mapping[str, Mapping[str, Sequence[Telling]]] = field(default_factory=dict)
    """By account and event."""
    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)  #: by event
    news: frozenset[str] = frozenset()  #: events that the first reading of their list had not
    uids: frozenset[str] = frozenset()  #: the events that were looked at


NOTHING_TOLD = Memory()


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices:
    """What is to be put right or told anew on one channel."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)  #: by event

    @property
    def expected(self) -> list[Candidate]:
        """All of them."""
        return [one.notice for one in self.verdicts.values() if one.notice is not None]

    @property
    def due(self) -> list[Candidate]:
        """Those that wait for nothing but their time."""
        found = self.verdicts.values()
        return [one.notice for one in found if one.notice is not None and not one.waits]

    def planned(self, key: Key) -> Candidate | None:
        """The notice of a key, whether or not it waits for what became of another post."""
        verdict = self.verdicts.get(key.event)
        notice = verdict.notice if verdict is not None else None
        return notice if notice is not None and notice.key(key.channel) == key else None

    def hang_on(self, uids: Iterable[str]) -> bool:
        """Whether what becomes of a post about these events decides on a notice."""
        return any(uid in self.verdicts for uid in uids)

    def sort_out(
        self, taken: Sequence[tuple[Key, Candidate]], account: str
    ) -> tuple[list[tuple[Key, Candidate]], list[tuple[Key, Candidate]]]:
        """Of what is to be sent now: what is, and what is to be asked for again after it.

        A notice that another post has made needless is neither. A correction goes before the
        other posts about its event, and news after them: perhaps they have told it then.
        """
        due = {one.key(account) for one in self.due}
        still = [(key, one) for key, one in taken if not one.is_notice or key in due]
        put_right = {key.event for key, one in still if one.is_correction}
        told = {key.event for key, one in still if not one.is_notice}
        later = [
            (key, one)
            for key, one in still
            if not one.is_correction and key.event in (told if one.is_notice else put_right)
        ]
        return [one for one in still if one not in later], later


NONE = Notices()


def remember(
    connection: Connection,
    records: Sequence[EventRecord],
    schedules: Schedules,
    accounts: Collection[str],
    now: datetime | None = None,
    *,
    looks: int = LOOKS,
    also: Collection[str] = (),
) -> Memory:
    """What notices go by; nothing is read where the file has none.

    `now`: events that are over and were left alone for long are not looked at. `looks`: how many
    make a whole series. `also`: other events to look at.
    """
    if not any(isinstance(rule.when, OnChange) for rule in schedules.rules):
        return Memory()
    uids = frozenset([*_worth_a_look(connection, records, schedules, now), *also])
    return Memory(
        tellings={
            account: tellings.of_events(connection, account, uids, looks=looks)
            for account in accounts
        },
        turns=tellings.turns(connection, uids),
        news=frozenset(_news(connection, [one for one in records if one.event.uid in uids])),
        uids=uids,
    )


def changes(
    stored: Mapping[str, Event], records: Iterable[EventRecord], now: datetime
) -> Mapping[str, Turn]:
    """The change of each event that is not as it is stored, if it is made now."""
    found: dict[str, Turn] = {}
    names = [one.name for one in fields(Event)]
    for record in records:
        before, after = stored.get(record.event.uid), record.event
        if before is not None and before != after:
            what = {name for name in names if getattr(before, name) != getattr(after, name)}
            found[after.uid] = Turn(now, frozenset(what))
    return found


def _worth_a_look(
    connection: Connection,
    records: Iterable[EventRecord],
    schedules: Schedules,
    now: datetime | None,
) -> Iterator[str]:
    """Events of which something may be otherwise than it was told, or not told at all."""
    asked = {rule.when.change for rule in schedules.rules if isinstance(rule.when, OnChange)}
    changed = tellings.changed(connection)
    born = meta.known_birth(connection)
    since = datetime.min.replace(tzinfo=UTC) if now is None else now - _RECENT
    for record in records:
        uid, event = record.event.uid, record.event
        if max(event.over_at, changed.get(uid, event.over_at)) <= since:
            continue
        is_recorded = event.recording_url and Change.RECORDING in asked
        is_news = Change.ADDED in asked and born is not None and record.created_at >= born
        if uid in changed or is_recorded or is_news:
            yield uid


def _news(connection: Connection, records: Sequence[EventRecord]) -> Iterator[str]:
    authors = tellings.authors(connection, [one.event.uid for one in records])
    first = meta.first_readings(connection, set(authors.values()))
    for record in records:
        who = authors.get(record.event.uid)
        if who is not None and (who not in first or first[who] < record.created_at):
            yield record.event.uid


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where notices are told."""

    channel: Channel
    account: str
    births: Births


def read_notices(
    connection: Connection, ground: Ground, place: Place, now: datetime, *, looks: int
) -> Notices:
    """What is to be told on a channel, as the log stands."""
    schedules = ground.edition.schedules
    memory = remember(connection, ground.records, schedules, [place.account], now, looks=looks)

    def carries(record: EventRecord) -> bool:
        uid = record.event.uid
        rows = posts.of_events(connection, place.account, [uid])
        closed = {row.key for row in rows if row.state in CLOSED}
        out = {row.key for row in rows if row.may_be_out}
        ahead = [
            ground.heard(ground.timely(one, place.births.channel), place.account, place.channel)
            for one in ground.by_event.get(uid, ())
            if place.channel in schedules.channels_of(one.rule)
            and one.key(place.account) not in closed
            and one.twin(place.account) not in out
        ]
        return tells_recording(ahead, ground.edition, place.channel, ground.programme, now)

    return notices(memory, ground.records, place, schedules, carries)


CLOSED = (State.SENT, State.DROPPED)
"""States in which nothing more is going to be told by a row."""


def put_right_first(plan: Iterable[Candidate], due: Sequence[Candidate]) -> list[Candidate]:
    """Both by release; what else is to be said of an event lets a correction go first.

    Unless it would be too late for it then: it says what is true, too.
    """
    first = {
        one.record.event.uid: one.release for one in due if one.is_correction and not one.barred
    }
    later = [
        one._replace(release=first[uid])
        if (uid := one.record.event.uid) in first and one.release < first[uid] < one.deadline
        else one
        for one in plan
    ]
    return sorted([*due, *later], key=lambda one: (one.release, one.rank))


def notices(
    memory: Memory,
    records: Iterable[EventRecord],
    place: Place,
    schedules: Schedules,
    carries: Callable[[EventRecord], bool],
) -> Notices:
    """What every event asks for on a channel.

    `carries`: whether a post that is still to come tells the recording of an event.
    """
    rules = rules_of(schedules, place.channel)
    if not rules:
        return NONE
    told = memory.tellings.get(place.account, {})
    verdicts: dict[str, Verdict] = {}
    for record in records:
        uid = record.event.uid
        if uid not in memory.uids:
            continue
        case = Case(
            record,
            told.get(uid, ()),
            memory.turns.get(uid, ()),
            is_news=uid in memory.news,
            is_carried=bool(record.event.recording_url) and carries(record),
        )
        verdict = judge(case, rules, schedules, place.births)
        if verdict.notice is not None or verdict.waits:
            verdicts[uid] = verdict
    return Notices(verdicts=verdicts)


def rules_of(schedules: Schedules, channel: Channel) -> list[Rule]:
    """The rules for notices that speak on a channel, the most important first."""
    return [
        rule
        for rule in schedules.rules
        if isinstance(rule.when, OnChange) and channel in schedules.channels_of(rule)
    ]


def tells_recording(
    candidates: Iterable[Candidate],
    edition: Edition,
    channel: Channel,
    programme: Programme,
    now: datetime,
) -> bool:
    """Whether one of these posts of an event, still to come, will link to its recording.

    One that waits for a person is: only if nobody approves it the notice is needed.
    """
    for one in candidates:
        event = one.record.event
        if (
            (one.barred and one.consent is not Consent.AWAITED)
            or not now < one.deadline
            or one.release > max(now, event.over_at) + AFTERWARDS
        ):
            continue
        try:
            post = edition.post(
                one,
                channel,
                max(one.release, now, event.over_at),
                programme,
                linked=all(answers(channel, one.rule)),  # of two answers, no: it promises less
            )
        except TemplateError:
            continue
        if address(event.recording_url) in post.links:
            return True
    return False
