"""A season of one event on one channel, simulated: what is told last is what is true."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Event, Status
from bot.core.notices import Births, Case, judge
from bot.core.planning import Candidate
from bot.core.rules import Change, OnChange, Rule
from bot.core.telling import Standing, Telling, Turn, facts
from tests.support.builders import event, quiet, record, schedules, utc

START = utc("2021-06-01 12:00")
MINUTE = timedelta(minutes=1)
BIRTHS = Births(log=START, channel=START, rules={})


def notice_rule(change: Change, rank: int, **fields: object) -> Rule:
    return Rule(
        name=change,
        key=change,
        rank=rank,
        when=OnChange(change=change),
        template=change,
        **fields,  # type: ignore[arg-type]
    )


RULES = tuple(notice_rule(change, rank) for rank, change in enumerate(Change))
SCHEDULES = schedules(*RULES)
SEEN = BIRTHS._replace(rules={rule.key: START for rule in RULES})


@dataclass
class World:
    """An event, what the channel told of it, and a bot that is asked every minute."""

    event: Event
    now: datetime = START
    tellings: list[Telling] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    told: list[tuple[str, Candidate]] = field(default_factory=list)
    vanished: bool = False

    def case(self) -> Case:
        vanished_at = self.now if self.vanished else None
        return Case(
            record(self.event, created_at=START, vanished_at=vanished_at),
            self.tellings,
            self.turns,
        )

    def change(self, **fields: object) -> None:
        before = self.event
        self.event = replace(self.event, **fields)  # type: ignore[arg-type]
        what = {name for name in fields if getattr(before, name) != getattr(self.event, name)}
        if what:
            self.turns.append(Turn(self.now, frozenset(what)))

    def vanish(self, *, vanished: bool) -> None:
        if vanished is not self.vanished:
            self.vanished = vanished
            self.turns.append(Turn(self.now, frozenset({"vanished" if vanished else "returned"})))

    def tell(self) -> None:
        number = len(self.tellings) + 1
        self.tellings.append(
            Telling(number, str(number), self.now, Standing.SENT, facts(self.event))
        )

    def remind(self) -> None:
        """A post of the plan goes out, where one may."""
        if self.event.status is Status.CONFIRMED and not self.vanished:
            self.tell()

    def passes(self, minutes: int) -> None:
        for _ in range(minutes):
            notice = judge(self.case(), RULES, SCHEDULES, SEEN).notice
            if notice and not notice.barred and notice.release <= self.now < notice.deadline:
                assert not self.vanished
                self.told.append((notice.reference, notice))
                self.tell()
            self.now += MINUTE


EVENT = event(
    "2021-06-20 11:00", "2021-06-20 12:00", uid="talk", location="The Hall", url="https://a.org/1"
)
HOURS = st.integers(0, 48).map(lambda hours: utc("2021-06-20 10:00") + timedelta(hours=hours))
STEPS = st.lists(
    st.one_of(
        HOURS.map(lambda at: ("change", {"starts": at, "ends": at + timedelta(hours=1)})),
        st.sampled_from(Status).map(lambda status: ("change", {"status": status})),
        st.sampled_from(["The Hall", "Room 7"]).map(lambda at: ("change", {"location": at})),
        st.sampled_from(["https://a.org/1", "https://a.org/2"]).map(
            lambda url: ("change", {"url": url})
        ),
        st.booleans().map(lambda vanished: ("vanish", {"vanished": vanished})),
        st.just(("remind", {})),
        st.sampled_from([1, 5, 14, 15, 16, 40]).map(lambda count: ("passes", {"minutes": count})),
    ),
    max_size=25,
)


def lived(steps: list[tuple[str, dict[str, object]]]) -> World:
    world = World(EVENT)
    for what, said in steps:
        getattr(world, what)(**said)
    world.passes(60)
    return world


@settings(deadline=None)
@given(STEPS)
def test_at_rest_what_was_told_last_is_what_is_true(steps):
    world = lived(steps)
    if not world.tellings or world.vanished or world.event.status is Status.TENTATIVE:
        return
    told, true = world.tellings[-1].facts, facts(world.event)
    if world.event.status is not Status.CONFIRMED:
        assert told["status"] == true["status"]
        return
    assert told == true


@settings(deadline=None)
@given(STEPS)
def test_each_telling_is_put_right_at_most_once_and_never_what_was_not_told(steps):
    world = lived(steps)
    references = [reference for reference, _ in world.told]
    assert len(set(references)) == len(references)
    if not any(what == "remind" for what, _ in steps):
        assert world.told == []


@settings(deadline=None)
@given(STEPS)
def test_a_notice_tells_what_differs_from_what_it_answers(steps):
    for reference, notice in lived(steps).told:
        assert notice.told != facts(notice.record.event)
        assert reference == str(notice.answers) == notice.reply_to


@settings(deadline=None)
@given(STEPS, st.integers(1, 15))
def test_what_changes_again_within_its_settling_time_is_never_told(steps, minutes):
    world = World(EVENT)
    world.tell()
    for what, said in steps:
        if what == "change":
            world.change(**said)
            world.passes(min(minutes, 14))
        world.change(**{name: getattr(EVENT, name) for name in ("starts", "ends", "status")})
        world.change(location=EVENT.location, url=EVENT.url)
        world.passes(3)
    world.passes(60)
    assert world.told == []


def judged(tellings, now: Event, turns=(), *, rules=RULES, births=SEEN, plan=SCHEDULES, **fields):
    case = Case(record(now, created_at=START), tellings, turns, **fields)
    return judge(case, rules, plan, births)


def told(one: Event, number: int = 1, standing=Standing.SENT, at="2021-06-02 09:00") -> Telling:
    return Telling(number, str(number), utc(at), standing, facts(one))


MOVED = replace(EVENT, starts=utc("2021-06-21 10:00"), ends=utc("2021-06-21 11:00"))
AT = utc("2021-06-03 09:00")
TURN = Turn(AT, frozenset({"starts", "ends"}))


def test_a_notice_is_due_when_the_change_has_stood_and_until_the_date_that_was_told():
    notice = judged([told(EVENT)], MOVED, [TURN]).notice
    assert (notice.due, notice.deadline) == (AT + 15 * MINUTE, EVENT.begins_at)


def test_a_move_to_an_earlier_date_is_told_before_that():
    earlier = replace(EVENT, starts=utc("2021-06-10 10:00"), ends=None)
    assert judged([told(EVENT)], earlier, [TURN]).notice.deadline == earlier.begins_at


def test_without_a_clock_time_it_may_be_told_as_long_as_the_first_day_lasts():
    before, now = event("2021-06-20", uid="talk"), event("2021-06-22", uid="talk")
    assert judged([told(before)], now, [TURN]).notice.deadline == utc("2021-06-20 23:00")


def test_a_change_after_the_date_that_was_told_asks_for_nothing():
    late = [Turn(EVENT.begins_at + MINUTE, frozenset({"starts"}))]
    assert judged([told(EVENT)], MOVED, late).notice is None


def test_a_change_just_before_it_is_barred_with_the_reason():
    late = [Turn(EVENT.begins_at - MINUTE, frozenset({"starts"}))]
    assert judged([told(EVENT)], MOVED, late).notice.barred.startswith("too late")


def test_a_rule_s_own_grace_ends_it_sooner():
    rules = [notice_rule(Change.MOVED, 0, grace=timedelta(hours=2))]
    notice = judged([told(EVENT)], MOVED, [TURN], rules=rules).notice
    assert notice.deadline == notice.due + timedelta(hours=2)


def test_a_change_before_the_rule_was_there_is_told_for_twelve_hours_at_most():
    births = SEEN._replace(rules={Change.MOVED: AT + MINUTE})
    notice = judged([told(EVENT)], MOVED, [TURN], births=births).notice
    assert notice.deadline == notice.due + timedelta(hours=12)


def test_of_two_rules_for_one_change_the_first_that_fits_speaks():
    first = notice_rule(Change.MOVED, 0)
    second = replace(first, name="second", key="second", rank=1)
    notice = judged([told(EVENT)], MOVED, [TURN], rules=[first, second]).notice
    assert notice.rule is first


def test_a_post_under_way_makes_it_wait_and_one_in_vain_where_it_may_have_told_it():
    pending = told(EVENT, 2, Standing.PENDING, "2021-06-02 10:00")
    assert judged([told(EVENT), pending], MOVED, [TURN]).waits
    perhaps = told(MOVED, 2, Standing.DOUBTFUL, "2021-06-02 10:00")
    assert judged([told(EVENT), perhaps], MOVED, [TURN]).waits
    otherwise = told(EVENT, 2, Standing.DOUBTFUL, "2021-06-02 10:00")
    assert not judged([told(EVENT), otherwise], MOVED, [TURN]).waits
    before = told(MOVED, 2, Standing.DOUBTFUL, "2021-06-01 10:00")
    assert not judged([told(EVENT), before], MOVED, [TURN]).waits


def test_within_a_day_of_the_start_no_hour_is_quiet():
    plan = schedules(*RULES, quiet_hours=quiet("21:00", "08:00"))
    cancelled = replace(EVENT, status=Status.CANCELLED)
    night = [Turn(utc("2021-06-19 22:00"), frozenset({"status"}))]
    notice = judged([told(EVENT)], cancelled, night, plan=plan).notice
    assert notice.release == notice.due == utc("2021-06-19 22:15")
    night = [Turn(utc("2021-06-17 22:00"), frozenset({"status"}))]
    notice = judged([told(EVENT)], cancelled, night, plan=plan).notice
    assert notice.release == utc("2021-06-18 07:00")


def test_corrections_come_before_all_posts_and_news_where_the_file_has_it():
    moved = judged([told(EVENT)], MOVED, [TURN]).notice
    added = judged([], EVENT, is_news=True).notice
    assert (moved.is_correction, added.is_correction) == (True, False)
    assert moved.rank < 0 <= added.rank
