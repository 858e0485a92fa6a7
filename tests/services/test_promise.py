"""The promise as a property: never twice, never lost, never untrue, whatever comes in any order.

Events are added, moved, called off and brought back; rules come and go; time passes; recordings
come and go; people approve posts and stop them, and hear late what they are asked; the platform
lies, loses and is slow; the store fails before and after its commit; workers die at every point and
are replaced. A model of the promise watches what leaves and what the log says.
"""

import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.core import dates
from bot.core.approving import ask_at
from bot.core.model import Event, Status
from bot.core.planning import Candidate, Key
from bot.core.states import State
from bot.crash import POINTS
from bot.errors import BotError, StoreError
from bot.platforms.base import Answer, Outcome, Parcel, Trouble
from bot.services import decide
from bot.services.alert import gather, note
from bot.services.approve import Subject, approved
from bot.services.decide import Person
from bot.services.ground import Ground, read_ground
from bot.services.watch import open_questions
from bot.store import events, meta, posts
from bot.store.events import Author
from bot.store.posts import PostRecord
from bot.store.session import Connection, Store
from tests.support.builders import event, utc
from tests.support.stage import CHANNELS, SERIES, Platform, Stage, sent

pytestmark = pytest.mark.timeout(600)  # on a machine that has other work to do

START = utc("2021-06-01 06:00")
FOREVER = utc("2099-01-01 00:00")
LEASE = timedelta(hours=2)
RULES = {
    "soon": "{when: 1 hour before start, template: reminder}",
    "on-the-day": "{when: on the day of start at 08:00, template: reminder}",
    "day-before": "{when: 1 day before start at 12:00, template: reminder, grace: 2 hours}",
    "late": "{when: 2 days before start at 23:50, template: reminder, grace: 10 hours}",
}
APPROVED, UNLESS = "approved", "unless"
RULES |= {
    APPROVED: "{when: 3 hours before start, template: reminder, approve: true}",
    UNLESS: "{when: 2 hours before start, template: reminder, approve: 1 hour}",
}
"""Rules whose posts need a person: a word, or an hour without one."""

RECAP, OTHERWISE = "recap", "recap:otherwise"
RULES |= {
    RECAP: (
        "{when: 1 hour after end, template: recap, grace: 3 hours, otherwise: without,"
        " wait_for: recording, wait_until: 9 hours after end}"
    )
}
"""What waits for a recording, and what is said without one."""

NOTICES = {
    "moved": Status.CONFIRMED,
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "reinstated": Status.CONFIRMED,
}
RULES |= {name: f"{{on: {name}, template: notice}}" for name in NOTICES}
"""Notices by rule, and the status of the event each of them tells."""

NOTICE = "{{ rule | capitalize }}: {{ event.title | shrink }}, {{ event | when }}"
TEXT = (
    "{{ event | countdown | capitalize }}: {{ event.title | shrink }},"
    " {{ event | when }} {{ series.hashtag }}\n"
)
WATCH = "Watch {{ event.title | shrink }}: {{ event.recording_url }}"
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # no fsync of a disk to wait for
UIDS = ("a", "b", "c")
Said = tuple[Status, date]
ANSWERS = ("sent", "lost", "vanished", "refused", "account", "content", "duplicate", "raises")


class Killed(BaseException):
    """What SIGKILL is to a process: nothing catches it."""


@dataclass
class Wild(Platform):
    """Answers as it is told, keeps what it took, and shows all of it."""

    answers: list[str] = field(default_factory=list)
    slow: float = 0.0
    watch: Callable[[Parcel], None] = lambda _parcel: None
    keys: list[str] = field(default_factory=list)  #: of what it took

    async def publish(self, parcel: Parcel, check: Callable[[], None]) -> Outcome:
        self.clock.advance_to(self.clock.now() + timedelta(seconds=self.slow))
        check()
        self.watch(parcel)
        answer = self.answers.pop(0) if self.answers else "sent"
        if answer in ("sent", "lost", "duplicate", "raises"):
            self.keys.append(parcel.key)
            post = self.take(parcel)
        match answer:
            case "sent":
                return sent(post)
            case "raises":
                raise ValueError("a publisher that breaks its word")
            case "lost" | "vanished":
                return Outcome(answer=Answer.UNKNOWN, trouble=Trouble.PASSING, error="cut off")
            case "duplicate":
                trouble = Trouble.CONTENT
                return Outcome(answer=Answer.UNKNOWN, trouble=trouble, duplicate=True, error="403")
        troubles = {"account": Trouble.ACCOUNT, "content": Trouble.CONTENT}
        trouble = troubles.get(answer, Trouble.PASSING)
        return Outcome(answer=Answer.NOT_SENT, trouble=trouble, error=answer)


class Flaky(Store):
    """The store of a worker, whose next commit fails: before it is made, or after."""

    fails = ""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        how, self.fails = self.fails, ""
        with super().writing() as connection:
            yield connection
            if how == "before":
                raise StoreError("the disk is full")
        if how == "after":
            raise StoreError("the connection broke while it was committed")


MEANT = ("bot", "asyncio")
"""Loggers that would tell of every fault, and of tasks that are killed."""


class Promise(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.levels = {name: logging.getLogger(name).level for name in MEANT}
        for name in MEANT:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))
        self.names = [*NOTICES, "soon", "day-before", APPROVED, UNLESS, RECAP]
        words = {"notice": NOTICE, "recap": WATCH, "without": "Over: {{ event.title | shrink }}"}
        self.stage = Stage(self.folder, START, rules=self._rules(), lease=LEASE, words=words)
        self.stage.write("templates/posts/reminder.j2", TEXT)
        self.stage.editions.refresh()
        self.store, self.flaky = self.stage.store, Flaky(self.stage.store.url)
        self.platform = Wild(self.stage.clock, watch=self._leaves)
        self.stage.platform = self.platform
        self.owed: dict[Key, Candidate] = {}
        self.said: dict[str, tuple[str, Said]] = {}  # by key: the event, and what it was
        self.approved: dict[str, tuple[datetime, Said]] = {}  # by key: when, and of what
        self.heard: dict[str, tuple[datetime, str]] = {}  # by key: when, and what
        self.stopped: set[str] = set()
        self.otherwise: list[tuple[datetime, str, object]] = []  # when, and what an event became
        self.lost_rows = False
        self.broken: list[AssertionError] = []
        self.workers = 0
        self._hire()

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        try:
            self.platform.answers.clear()
            self.platform.unreadable, self.platform.slow, self.flaky.fails = False, 0.0, ""
            self.lets_time_pass(24 * 60 * 6)
            self.what_left_was_true()
            self._nothing_is_left_open()
        finally:
            self.stage.loop.run(self.delivery.stop(patience=5))
            self.stage.close()
            self.flaky.close()
            shutil.rmtree(self.folder)
            for name, level in self.levels.items():
                logging.getLogger(name).setLevel(level)

    # What happens

    @rule(uid=st.sampled_from(UIDS), hours=st.integers(2, 80))
    def adds_or_moves(self, uid: str, hours: int) -> None:
        starts = (self.now + timedelta(hours=hours)).replace(minute=30, second=0)
        if uid not in self._events():
            self.stage.add(event("2021-06-09 11:00", uid=uid, title=f"Talk {uid}"))
        self.stage.edit(uid, starts=starts, ends=None)
        self._forgets_what_changed(uid)

    @rule(uid=st.sampled_from(UIDS), status=st.sampled_from(Status))
    def changes_status(self, uid: str, status: Status) -> None:
        if uid in self._events():
            self.stage.edit(uid, status=status)
            self._forgets_what_changed(uid)

    @precondition(lambda self: self.platform.keys)
    @rule(
        status=st.sampled_from(Status),
        hours=st.sampled_from([0, 0, 1, 24]),
        minutes=st.sampled_from([1, 16, 45]),
    )
    def changes_what_was_told_last(self, status: Status, hours: int, minutes: int) -> None:
        uid = Key.parse(self.platform.keys[-1]).event
        starts = self._events()[uid].begins_at + timedelta(hours=hours)
        self.stage.edit(uid, status=status, starts=starts, ends=None)
        self._forgets_what_changed(uid)
        self._passes(timedelta(minutes=minutes))

    @rule(uid=st.sampled_from(UIDS), vanished=st.booleans())
    def vanishes_or_returns(self, uid: str, *, vanished: bool) -> None:
        if uid in self._events():
            with self.store.writing() as connection:
                author = Author(who="test", at=self.now, revision=meta.bump(connection))
                events.mark_vanished(connection, uid, author, vanished=vanished)
            if vanished:
                self.otherwise.append((self.now, uid, "vanished"))
            self._forgets_what_changed()

    @rule(uid=st.sampled_from(UIDS), link=st.sampled_from(["", "a", "b"]))
    def recording_comes_or_goes(self, uid: str, link: str) -> None:
        if uid in self._events():
            url = f"https://example.org/{link}" if link else ""
            self.stage.edit(uid, recording_url=url)
            self._forgets_what_changed()

    @precondition(lambda self: self.platform.keys)
    @rule(hours=st.integers(0, 13), link=st.sampled_from(["", "a"]))
    def waits_for_a_recording(self, hours: int, link: str) -> None:
        """Of an event that was spoken of: until some hours after it is over."""
        uid = Key.parse(self.platform.keys[-1]).event
        over = self._events()[uid].over_at + timedelta(hours=hours)
        self._passes(max(over - self.now, timedelta(0)))
        self.recording_comes_or_goes(uid, link)
        self._passes(timedelta(minutes=1))

    @rule(names=st.lists(st.sampled_from(sorted(RULES)), unique=True, min_size=1))
    def edits_the_rules(self, names: list[str]) -> None:
        self.names = names
        self.stage.write("schedules.yaml", SERIES + CHANNELS + self._rules())
        self.stage.editions.refresh()
        self._forgets_what_changed()

    @precondition(lambda self: self._in_question())
    @rule(data=st.data(), answer=st.sampled_from(["approves", "stops", "both", "nothing"]))
    def people_decide(self, data: st.DataObject, answer: str) -> None:
        self._answers(data.draw(st.sampled_from(self._in_question())), answer)

    @rule(
        uid=st.sampled_from(UIDS),
        name=st.sampled_from([APPROVED, UNLESS]),
        late=st.sampled_from([0, 0, 0, 90]),
        answer=st.sampled_from(["approves", "stops", "both", "nothing", "nothing"]),
        then=st.sampled_from(["", "", "", "moved", "moved and back", "off and on"]),
    )
    def a_post_comes_up_that_people_are_asked_about(
        self, uid: str, name: str, late: int, answer: str, then: str
    ) -> None:
        self.adds_or_moves(uid, 30)
        self.changes_status(uid, Status.CONFIRMED)
        self.edits_the_rules(sorted({*self.names, name}))
        found = [one for one in self._in_question() if one.record.event.uid == uid]
        candidate = next(one for one in found if one.rule.name == name)
        self._passes(max(ask_at(candidate) - self.now, timedelta(0)) + timedelta(minutes=1 + late))
        self.people_hear_what_they_are_asked()
        if candidate.deadline > self.now:
            self._answers(candidate, answer)
        self._passes(timedelta(minutes=1))
        self._restates(candidate.record.event, then)
        self._passes(max(candidate.release - self.now, timedelta(hours=1)) + timedelta(minutes=2))

    @rule()
    def people_hear_what_they_are_asked(self) -> None:
        with self.store.reading() as connection:
            asked = {one.key: one for one in open_questions(connection, self.now)}
        message = gather(self.store, self.now, {})
        if message is not None:
            note(self.store, message, self.now)
            for key, one in asked.items():
                if f"ask:{one.id}" in message.raised:
                    self.heard[key] = (self.now, one.note)

    @rule(answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=6))
    def prepares_answers(self, answers: list[str]) -> None:
        self.platform.answers = answers

    @rule(unreadable=st.booleans(), slow=st.sampled_from([0.0, 0.0, 20.0, 700.0, 7000.0]))
    def changes_the_weather(self, *, unreadable: bool, slow: float) -> None:
        self.platform.unreadable, self.platform.slow = unreadable, slow

    @rule(how=st.sampled_from(["before", "after"]))
    def breaks_the_store(self, how: str) -> None:
        self.flaky.fails = how

    @rule(minutes=st.sampled_from([1, 10, 60, 60 * 7, 60 * 26]))
    def lets_time_pass(self, minutes: int) -> None:
        self._passes(timedelta(minutes=minutes))

    @rule(point=st.sampled_from(POINTS), times=st.integers(1, 3), minutes=st.integers(1, 2000))
    def kills_the_worker(self, point: str, times: int, minutes: int) -> None:
        left = Counter({point: times})

        def reached(at: str) -> None:
            left[at] -= 1
            if left[at] == 0:
                self.dead = True
            if self.dead:
                raise Killed(at)

        self.delivery.reached = reached
        self._passes(timedelta(minutes=minutes))
        self._hire()

    @rule()
    def hires_another_while_the_first_lives(self) -> None:
        self._hire()

    @precondition(lambda self: self.platform.keys)
    @rule()
    def loses_the_log_of_a_post(self) -> None:
        """An older backup is put back: it lacks the newest row, and the lease in it is old."""
        self._passes(timedelta(0))
        with self.store.writing() as connection:
            newest = connection.exec_driver_sql(
                "SELECT max(id) FROM posts WHERE state = 'sent'"
            ).scalar()
            for table, column in (("attempts", "post_id"), ("told", "post_id"), ("posts", "id")):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", (newest,))
            connection.exec_driver_sql("UPDATE channels SET lease_holder = NULL")
        self.lost_rows = True
        self._hire()

    # What has to hold

    @invariant()
    def what_left_was_true(self) -> None:
        for broken in getattr(self, "broken", ()):
            raise broken

    def _leaves(self, parcel: Parcel) -> None:
        """A first byte is leaving now. The bot outlives publishers that raise: it is kept."""
        try:
            self._is_true(parcel)
        except AssertionError as broken:
            self.broken.append(broken)

    def _is_true(self, parcel: Parcel) -> None:
        key = Key.parse(parcel.key)
        record = self._events()[key.event]
        said = (record.status, record.starts)
        self.said[parcel.key] = (key.event, said)
        assert key.event not in self._vanished()
        assert parcel.key not in self.platform.keys, "it is there already"
        if key.rule in NOTICES:
            self._puts_right(key, parcel, record, said)
            return
        assert record.status is Status.CONFIRMED
        if key.rule in (RECAP, OTHERWISE):
            self._tells_the_recording_or_is_without(key, parcel, record)
            return
        assert self.now < record.begins_at
        if key.rule in (APPROVED, UNLESS):
            self._has_a_word(parcel.key, key, record, said)
        assert says_truly(parcel.text, record, self.now), (parcel.text, record, self.now)

    def _tells_the_recording_or_is_without(self, key: Key, parcel: Parcel, record: Event) -> None:
        """With the link as it is, in its time; or without one, at the end; not the one after the
        other.
        """
        other = key._replace(rule=OTHERWISE if key.rule == RECAP else RECAP)
        assert self.lost_rows or str(other) not in self.platform.keys, f"{other} is out"
        since = timedelta(hours=1 if key.rule == RECAP else 9)
        assert record.over_at + since <= self.now < record.over_at + timedelta(hours=12)
        assert bool(record.recording_url) == (key.rule == RECAP)
        watch = f"Watch {record.title}: {record.recording_url}"
        assert parcel.text.startswith(watch if key.rule == RECAP else "Over: ")

    def _has_a_word(self, name: str, key: Key, record: Event, said: Said) -> None:
        """Somebody approved just this; or heard of just this an hour ago, and did not stop it."""
        assert name not in self.stopped
        since = max(
            (at for at, uid, what in self.otherwise if uid == key.event and what != said),
            default=START,
        )
        at, what = self.approved.get(name, (None, None))
        if at is not None and at >= since and what == said:
            return
        assert key.rule == UNLESS, "nobody approved it"
        at, text = self.heard[name]
        assert since <= at <= self.now - timedelta(hours=1)
        assert dates.when(record, self.now) in text

    def _puts_right(self, key: Key, parcel: Parcel, record: Event, said: Said) -> None:
        """A notice is true, answers a post that is there, and tells what no post has told."""
        assert record.status is NOTICES[key.rule]
        assert dates.when(record, self.now) in parcel.text
        assert parcel.reply_to in {post.remote_id for post in self.platform.taken}
        told = [self.said[one] for one in self.platform.keys]
        of_event = [what for uid, what in told if uid == key.event]
        assert of_event, "it had not been announced"
        if not self.lost_rows:
            assert of_event[-1] != said, "it was told already"

    @invariant()
    def nothing_is_there_twice(self) -> None:
        if hasattr(self, "platform"):
            twice = [key for key, times in Counter(self.platform.keys).items() if times > 1]
            assert twice == []

    def _nothing_owed_is_missing(self) -> None:
        rows = self._rows()
        for key, one in self.owed.items():
            twin = one.twin(key.channel)
            if twin in rows and rows[twin].may_be_out:  # said in its stead
                continue
            assert key in rows, f"{key} was owed and is nowhere"
            assert rows[key].state is not State.DROPPED or rows[key].reason
        self.owed.clear()

    def _nothing_is_left_open(self) -> None:
        taken = dict(zip(self.platform.keys, self.platform.taken, strict=True))
        for key, row in self._rows().items():
            assert row.state not in (State.SENDING, State.RETRY), row
            if row.state is State.UNKNOWN:
                assert row.needs_person, row
                assert str(key) not in taken, row
            if row.state is State.SENT:
                assert row.remote_id == taken[str(key)].remote_id
                assert row.text == taken[str(key)].text

    # How it is done

    @property
    def now(self) -> datetime:
        return self.stage.clock.now()

    def _rules(self) -> str:
        return "posts:\n" + "".join(f"  {name}: {RULES[name]}\n" for name in self.names)

    def _hire(self) -> None:
        self.workers += 1
        self.flaky.fails = ""
        self.dead = False
        self.delivery = self.stage.delivery(worker=f"w{self.workers}")
        self.delivery.store = self.flaky

    def _passes(self, span: timedelta) -> None:
        """Tick up to then; whatever was in the plan at its deadline has to be accounted for."""
        start, until = self.now, self.now + span
        ground = self._ground()
        self.stage.loop.run(self._ticks(until))
        for candidate in ground.timetable.between(None, FOREVER):
            if start < candidate.deadline <= self.now and ground.owes(candidate, START):
                self.owed[candidate.key(self.delivery.desks[0].account)] = candidate
        served = self.delivery.desks[0].lease_until
        if served is not None and served > self.now and not self.flaky.fails:
            self._nothing_owed_is_missing()

    async def _ticks(self, until: datetime) -> None:
        while True:
            try:
                wake = await self.delivery.tick()
            except StoreError:
                wake = self.now
            except Killed:
                wake = None
            if self.dead:
                self.stage.clock.advance_to(until)
                return
            if self.now >= until and (wake is None or wake > until):
                return
            soonest = self.now + timedelta(seconds=1)
            self.stage.clock.advance_to(min(max(wake or until, soonest), max(until, soonest)))

    def _answers(self, candidate: Candidate, answer: str) -> None:
        """Stopped and approved again: an approval is what counts."""
        key = str(candidate.key(self.delivery.desks[0].account))
        person = Person(who="ana", now=self.now)
        with suppress(BotError), self.store.writing() as connection:  # it may be out
            if answer in ("stops", "both"):
                decide.hold(connection, key, person)
                self.stopped.add(key)
                self.approved.pop(key, None)
        ground = self._ground()
        now = ground.planned(candidate.key(""))
        if answer not in ("approves", "both") or now is None:
            return
        what = Subject(candidate=now, channel=self.delivery.desks[0].channel)
        about = approved(
            what, list(ground.records.values()), self.stage.editions.current, self.now
        ).about
        with suppress(BotError), self.store.writing() as connection:
            decide.approve(connection, key, person, about=about)
            event = now.record.event
            self.approved[key] = (self.now, (event.status, event.starts))
            self.stopped.discard(key)

    def _restates(self, was: Event, then: str) -> None:
        """Say of an event what is no longer so, and perhaps take it back."""
        about = self._events()[was.uid]
        before: dict[str, object] = {"starts": about.starts, "status": about.status}
        after: dict[str, dict[str, object]] = {
            "off and on": {"status": Status.POSTPONED},
            "moved": {"starts": about.begins_at + timedelta(minutes=10)},
            "moved and back": {"starts": about.begins_at + timedelta(minutes=10)},
        }
        if then:
            self.stage.edit(was.uid, **after[then])
            self._forgets_what_changed(was.uid)
        if then.endswith(("back", "on")):
            self._passes(timedelta(minutes=1))
            self.stage.edit(was.uid, **before)
            self._forgets_what_changed(was.uid)

    def _in_question(self) -> list[Candidate]:
        """The posts that a person may decide about now."""
        plan = self._ground().timetable.between(None, FOREVER) if hasattr(self, "stage") else ()
        return [
            one for one in plan if one.rule.name in (APPROVED, UNLESS) and one.deadline > self.now
        ]

    def _forgets_what_changed(self, uid: str = "") -> None:
        """What nobody saw yet and the plan no longer has is not owed."""
        if uid:
            about = self._events()[uid]
            self.otherwise.append((self.now, uid, (about.status, about.starts)))
        account = self.delivery.desks[0].account
        still = {one.key(account) for one in self._ground().timetable.between(None, FOREVER)}
        self.owed = {key: one for key, one in self.owed.items() if key in still}

    def _ground(self) -> Ground:
        with self.store.writing() as connection:
            return read_ground(connection, self.stage.editions.current, self.now)

    def _events(self) -> dict[str, Event]:
        with self.store.reading() as connection:
            return {one.event.uid: one.event for one in events.load(connection)}

    def _vanished(self) -> set[str]:
        with self.store.reading() as connection:
            return {one.event.uid for one in events.load(connection) if one.vanished_at}

    def _rows(self) -> dict[Key, PostRecord]:
        with self.store.reading() as connection:
            return {row.key: row for row in posts.all_posts(connection)}


def says_truly(text: str, about: Event, now: datetime) -> bool:
    """Whether the first words of a reminder are true at that instant, on a follower's clock."""
    words = text.partition(":")[0].lower()
    today: date = now.astimezone(about.zone).date()
    days = (about.first_day - today).days
    if words in ("today", "tomorrow", "in a week"):
        return days == {"today": 0, "tomorrow": 1, "in a week": 7}[words]
    _, number, unit = words.split()
    if unit.startswith("day"):
        return days == int(number)
    left = about.begins_at - now
    told = timedelta(**{unit.rstrip("s") + "s": int(number)})
    return abs(left - told) <= (
        timedelta(hours=1) if unit.startswith("hour") else timedelta(minutes=16)
    )


TestPromise = Promise.TestCase
TestPromise.settings = settings(
    max_examples=int(os.environ.get("EXAMPLES") or 20),
    report_multiple_bugs=False,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
