"""What a worker plans after a change is what it would have planned had it started only then."""

import tempfile
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.agenda import HORIZON
from bot.core.model import Status
from bot.core.planning import Candidate, Key
from bot.errors import BotError
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.services import decide
from bot.services.consent import subject
from bot.services.decide import Person
from bot.services.desk import Desk
from bot.services.ground import read_ground
from bot.store import decisions, events, meta
from bot.store.events import Author
from tests.support.builders import event, utc
from tests.support.stage import WAITS, Stage, answers, lost

START = utc("2021-06-01 00:00")
RULES = """\
{limits}quiet_hours: {{from: "22:00", until: "07:00"}}
posts:
  moved: {{on: moved, template: notice}}
  cancelled: {{on: cancelled, template: notice}}
  added: {{on: added, template: notice}}
  recording: {{on: recording, template: link}}
  soon: {{when: 2 hours before start, template: reminder}}
  day-before: {{when: "1 day before start at 12:00", template: reminder}}
  day-after: {{when: "1 day after end at 10:00", template: link, only: {{upcoming: at least 2}}}}
  asked: {{when: "on the day of start at 08:00", template: broken, approve: true}}
  unless: {{when: 1 hour before start, template: reminder, approve: 3 hours}}
  watch: {{when: "on the day of end at 20:00", template: link, wait_for: recording,
    wait_until: 2 days after end, otherwise: reminder}}
  broken: {{when: "2 days before start at 09:00", template: broken, except: {{kind: talk}}}}
  weekly: {{every: week on Monday at 09:00, template: digest}}
"""
WORDS = {
    "notice": "{{ rule }} {{ event.title | shrink }}",
    "link": "{{ event.title | shrink }} {{ event.recording_url }}",
    "broken": "{{ next.title }} after {{ event.title | shrink }}",
    "digest": "{% each event in events %}{{ event.title }}{% endeach %}",
}
LIMITS = ("", "limits: {per_day: 3, gap: 20 minutes}\n")
UIDS = "abcd"
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # no fsync to wait for


def refused(**fields):
    return answers(Outcome(answer=Answer.NOT_SENT, phase=Phase.POST, error="503", **fields))


SCRIPTS = {
    "refused": refused(trouble=Trouble.PASSING),
    "needs a person": refused(trouble=Trouble.CONTENT),
    "lost": lost,
}

PHASES = [
    hypothesis.Phase.explicit,
    hypothesis.Phase.reuse,
    hypothesis.Phase.generate,
]  # a shorter example takes long to find
days = st.integers(-1, 6)
hours = st.sampled_from([None, 0, 9, 23])
uids = st.sampled_from(UIDS)
steps = st.one_of(
    st.tuples(st.just("put"), uids, days, hours, st.sampled_from(["event", "talk"])),
    st.tuples(st.just("move"), uids, days, hours),
    st.tuples(st.just("edit"), uids, st.sampled_from(["title", "recording_url", "status"])),
    st.tuples(st.just("vanish"), uids, st.booleans()),
    st.tuples(st.just("decide"), st.integers(0, 99), st.sampled_from(["hold", "skip", "approve"])),
    st.tuples(st.just("decide"), st.integers(0, 99), st.sampled_from(["retry", "resolve"])),
    st.tuples(st.just("answer"), st.sampled_from(sorted(SCRIPTS))),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 180, 540, 900])),
    st.tuples(st.just("wait"), st.sampled_from([180, 540, 900, 2400])),
    st.tuples(st.just("look")),
    st.tuples(st.just("hear")),
)


def at(day, hour):
    found = event((START + timedelta(days=day)).strftime("%Y-%m-%d"))
    if hour is None:
        return {"starts": found.starts, "ends": None}
    return {"starts": START + timedelta(days=day, hours=hour), "ends": None}


class Play:
    """One worker, and everything that happens around it."""

    def __init__(self, folder: Path, limits: str) -> None:
        self.stage = Stage(folder, START, rules=RULES.format(limits=limits), words=WORDS)
        self.delivery = self.stage.delivery()
        self.count = 0

    def close(self) -> None:
        self.stage.close()

    def act(self, what: str, *said) -> None:
        self.count += 1
        with self.stage.store.writing() as connection:
            now = self.stage.clock.now()
            if what == "wait":
                self.stage.clock.advance_to(now + timedelta(minutes=said[0]))
            elif what == "answer":
                self.stage.platform.script.append(SCRIPTS[said[0]])
            elif what == "hear":
                meta.bump(connection)
                decisions.asked(connection, decisions.questions(connection, now), now)
            elif what == "decide":
                self._decide(connection, *said)
            elif what != "look":
                author = Author(who="test", at=now, revision=meta.bump(connection))
                self._change(connection, author, what, *said)

    def _change(self, connection, author, what, uid, *said) -> None:
        known = {one.event.uid: one for one in events.load(connection)}
        if what == "put" and uid not in known:
            day, hour, kind = said
            one = event(uid=uid, title=f"Title {uid}", kind=kind, timezone="Europe/London")
            events.add(connection, type(one)(**_fields(one) | at(day, hour)), author)
        elif uid not in known:
            return
        elif what == "move":
            events.change(connection, uid, at(*said), author)
        elif what == "edit":
            events.change(connection, uid, self._edit(known[uid].event, said[0]), author)
        elif what == "vanish":
            events.mark_vanished(connection, uid, author, vanished=said[0])

    def _edit(self, before, name):
        if name == "status":
            off = before.status is Status.CANCELLED
            return {"status": Status.CONFIRMED if off else Status.CANCELLED}
        return {name: f"https://example.org/{self.count}" if "url" in name else f"T{self.count}"}

    def _decide(self, connection, number, what) -> None:
        keys = sorted(
            {*self.desk.agenda.inside, *self._logged(connection)} if self.desk.agenda else ()
        )
        if not keys:
            return
        person, key = Person(who="test", now=self.stage.clock.now()), str(keys[number % len(keys)])
        try:
            if what == "resolve":
                decide.resolve_not_sent(connection, key, person)
            elif what == "approve":
                decide.approve(connection, key, person, about=self._about(key))
            else:
                getattr(decide, what)(connection, key, person)
        except BotError:
            pass  # not of such a post

    def _about(self, key: str) -> str:
        """What is approved: how the post reads now, if it is still to come."""
        ground, edition = self.delivery.ground, self.stage.editions.current
        candidate = ground.planned(Key.parse(key)) if ground else None
        if ground is None or candidate is None:
            return ""
        return subject(candidate, self.desk.channel, edition, ground.programme)

    def _logged(self, connection) -> list[Key]:
        rows = connection.exec_driver_sql("SELECT event, rule, channel, reference FROM posts")
        return [Key(*row) for row in rows]

    @property
    def desk(self) -> Desk:
        [desk] = self.delivery.desks
        return desk

    def tick(self) -> None:
        self.stage.loop.run(self.delivery.tick())

    def renewed(self) -> dict[Key, Candidate]:
        """What the worker's agenda holds, once it has taken in what changed."""
        with self.stage.store.writing() as connection:
            now = self.stage.clock.now()
            ground = self.delivery.ground = self.delivery._plan(connection, now)
            self.delivery._wake = None  # it took the change in before the tick could see it
            if self.desk.agenda is None:
                self.desk.open(connection, ground, now)
            else:
                self.desk.renew(connection, ground, now)
            return self._looked_ahead(connection, self.desk, ground, now)

    def anew(self) -> dict[Key, Candidate]:
        """What that of a worker holds that starts now."""
        with self.stage.store.writing() as connection:
            now = self.stage.clock.now()
            ground = read_ground(connection, self.stage.editions.current, now)
            other = Desk(
                channel=self.desk.channel,
                account=self.desk.account,
                bound_at=self.desk.bound_at,
                publisher=self.desk.publisher,
                worker="b",
                lease=self.desk.lease,
                waits=WAITS,
            )
            other.open(connection, ground, now)
            assert other.questions == self.desk.questions
            assert _asked_for(other) == _asked_for(self.desk)
            assert (other.again, other.orphaned) == (self.desk.again, self.desk.orphaned)
            return self._looked_ahead(connection, other, ground, now)

    def _looked_ahead(self, connection, desk, ground, now) -> dict[Key, Candidate]:
        desk.agenda.look_ahead(now, partial(ground.logged, connection, desk.account))
        inside = desk.agenda.inside.items()  # beyond the horizon it depends on when it looked
        return {key: one for key, one in inside if one.release <= now + HORIZON}


def _asked_for(desk):
    """The notices by event, and what each waits for; of no use is what only waits."""
    return {uid: one for uid, one in desk.notices.verdicts.items() if one.notice is not None}


def _fields(one) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("limits", LIMITS)
@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60, phases=PHASES
)
@example(  # what was never owed lapses without a word, and stays away when its event changes
    script=[("wait", 430), ("move", "a", 0, 9), ("wait", 20), ("wait", 120), ("edit", "a", "title")]
)
@given(script=st.lists(steps, min_size=1, max_size=25))
def test_whatever_happens_the_agenda_is_that_of_a_worker_that_starts_now(limits, script):
    with (
        tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder,
        closing(Play(Path(folder), limits)) as play,
    ):
        for day, uid in enumerate(UIDS, 1):
            play.act("put", uid, day, 9, "event")
        play.tick()
        for step in script:
            play.act(*step)
            if step[0] != "answer":
                assert play.renewed() == play.anew()
            play.tick()
