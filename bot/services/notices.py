"""The notices of one channel: which events may ask for one, and what was told of them there."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.consent import Consent
from bot.core.linking import answers
from bot.core.model import EventRecord
from bot.core.notices import AFTERWARDS, Births, Case, Verdict, judge
from bot.core.planning import Candidate, Key
from bot.core.programme import Programme
from bot.core.rules import Channel, OnChange, Rule, Schedules
from bot.core.states import State
from bot.errors import TemplateError
from bot.rendering.views import address
from bot.services.edition import Edition
from bot.services.ground import Ground
from bot.services.memory import Memory, remember
from bot.store import posts
from bot.store.session import Connection


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

    def with_anew(self, uids: Collection[str], found: "Notices") -> "Notices":
        """The same, but of these events what was found now."""
        kept = {uid: one for uid, one in self.verdicts.items() if uid not in uids}
        return Notices(verdicts=kept | dict(found.verdicts))

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where notices are told."""

    channel: Channel
    account: str
    births: Births


def read_notices(
    connection: Connection,
    ground: Ground,
    place: Place,
    now: datetime,
    *,
    looks: int,
    some: Collection[str] | None = None,
) -> Notices:
    """What is to be told on a channel as the log stands; of some events, where they are named."""
    schedules, known = ground.edition.schedules, ground.records
    uids = known.keys() if some is None else known.keys() & some
    records = [known[uid] for uid in uids]
    accounts = [place.account]
    memory = remember(connection, records, schedules, accounts, now, looks=looks, some=some)

    def carries(record: EventRecord) -> bool:
        uid = record.event.uid
        rows = posts.of_events(connection, place.account, [uid])
        closed = {row.key for row in rows if row.state in CLOSED}
        out = {row.key for row in rows if row.may_be_out}
        ahead = [
            ground.heard(ground.timely(one, place.births.channel), place.account, place.channel)
            for one in ground.timetable.about(uid)
            if place.channel in schedules.channels_of(one.rule)
            and one.key(place.account) not in closed
            and one.twin(place.account) not in out
        ]
        return tells_recording(ahead, ground.edition, place.channel, ground.programme, now)

    return notices(memory, records, place, schedules, carries)


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
