"""What nobody knows about is looked for, sent once more if it is not there, and never twice."""

from datetime import timedelta

import pytest

from bot.core.states import State
from bot.platforms.base import Answer, Outcome, RemotePost, Trouble
from bot.store import posts
from tests.support.builders import event, utc
from tests.support.stage import REMINDER, Platform, answers, lost, vanished

DUE = utc("2021-06-08 11:00")
TEXT = "Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"
FOREVER = [vanished] * 10_000


@pytest.fixture
def stage(staged):
    one = staged()
    one.add(event("2021-06-09 11:00", uid="talk"))
    return one


def minutes(number):
    return timedelta(minutes=number)


def tries(stage):
    with stage.store.reading() as connection:
        [row] = posts.all_posts(connection)
        return [(one.phase, one.outcome) for one in posts.tries_of(connection, row.id)]


def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(stage):
    stage.platform.script = [lost]
    stage.run(stage.delivery(), DUE + minutes(2))
    row = stage.rows()["talk"]
    assert (row.state, row.remote_id) == (State.SENT, "1")
    assert len(stage.platform.parcels) == 1
    assert tries(stage) == [("post", "unknown"), ("lookup", "sent")]


def test_it_is_looked_for_after_1_5_and_15_minutes_before_the_same_bytes_are_sent_again(stage):
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(15) - timedelta(seconds=1))
    assert tries(stage) == [("post", "unknown"), ("lookup", "absent"), ("lookup", "absent")]
    stage.run(delivery, DUE + minutes(16))
    first, second = stage.platform.parcels
    assert first == second
    row = stage.rows()["talk"]
    assert (row.state, row.tries, stage.platform.texts) == (State.SENT, 2, [TEXT])


def test_a_post_that_appears_late_is_found_by_a_later_look(stage):
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(2))
    stage.platform.take(stage.platform.parcels[0])
    stage.run(delivery, DUE + minutes(20))
    assert (stage.rows()["talk"].state, len(stage.platform.parcels)) == (State.SENT, 1)


def test_the_duplicate_refusal_of_a_second_try_proves_the_first_and_is_looked_for_again(stage):
    def duplicate(platform, parcel):
        platform.take(parcel)  # the first one shows up at last
        return Outcome(answer=Answer.UNKNOWN, duplicate=True, error="duplicate content")

    stage.platform.script = [vanished, duplicate]
    stage.run(stage.delivery(), DUE + minutes(30))
    row = stage.rows()["talk"]
    assert (row.state, len(stage.platform.parcels)) == (State.SENT, 2)


def test_a_duplicate_refusal_of_a_first_try_needs_a_person_and_is_not_repeated(stage):
    outcome = Outcome(answer=Answer.UNKNOWN, duplicate=True, error="duplicate content")
    stage.platform.script = [answers(outcome)]
    stage.run(stage.delivery(), DUE + minutes(60))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person) == (State.UNKNOWN, True)
    assert len(stage.platform.parcels) == 1


def test_a_second_try_that_was_not_sent_proves_nothing_of_the_first(stage):
    unreachable = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="refused")
    stage.platform.script = [vanished, answers(unreachable)]
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(17))
    assert stage.rows()["talk"].state is State.UNKNOWN
    stage.run(delivery, DUE + minutes(40))
    [first, second, third] = stage.platform.parcels
    assert first == second == third
    assert (stage.rows()["talk"].state, stage.platform.texts) == (State.SENT, [TEXT])


def test_words_that_changed_after_a_second_try_that_was_not_sent_are_not_a_new_post(stage):
    unreachable = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="refused")
    stage.platform.script = [vanished, answers(unreachable)]
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(17))
    stage.edit("talk", title="CANDAL seminar, new title")
    stage.run(delivery, utc("2021-06-09 11:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, len(stage.platform.parcels)) == (State.UNKNOWN, True, 2)


def test_words_refused_in_a_second_try_need_a_person_who_looks_for_the_first(stage):
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.CONTENT, error="too long")
    stage.platform.script = [vanished, answers(refused)]
    stage.run(stage.delivery(), DUE + minutes(60))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, len(stage.platform.parcels)) == (State.UNKNOWN, True, 2)


def test_what_would_read_differently_now_is_looked_for_but_not_sent_again(stage):
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(1))
    stage.edit("talk", title="CANDAL seminar, new title")
    stage.run(delivery, utc("2021-06-09 11:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person) == (State.UNKNOWN, True)
    assert len(stage.platform.parcels) == 1


def test_what_stays_unknown_until_its_deadline_waits_for_a_person(stage):
    stage.platform.script = list(FOREVER)
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, row.next_try_at) == (State.UNKNOWN, True, None)
    assert stage.platform.taken == []


def test_a_timeline_that_cannot_be_read_proves_nothing(stage):
    stage.platform.script = [lost]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    stage.platform.unreadable = True
    stage.run(delivery, DUE + minutes(120))
    assert (stage.rows()["talk"].state, len(stage.platform.parcels)) == (State.UNKNOWN, 1)
    stage.platform.unreadable = False
    stage.run(delivery, DUE + minutes(140))
    assert (stage.rows()["talk"].state, len(stage.platform.parcels)) == (State.SENT, 1)


def test_a_row_of_a_worker_that_died_is_found_by_the_next(stage):
    _worker_dies(stage)
    stage.platform.take(stage.platform.parcels[0])
    stage.clock.advance_to(DUE + minutes(3))
    stage.run(stage.delivery(worker="next"), DUE + minutes(5))
    assert (stage.rows()["talk"].state, stage.platform.texts) == (State.SENT, [TEXT])


def test_a_row_of_a_worker_that_died_before_sending_is_sent_by_the_next(stage):
    _worker_dies(stage)
    stage.clock.advance_to(DUE + minutes(3))
    stage.run(stage.delivery(worker="next"), DUE + minutes(40))
    assert (stage.rows()["talk"].state, stage.platform.texts) == (State.SENT, [TEXT])


def _worker_dies(stage):
    """The claim is committed, and nothing is ever settled."""
    stage.lease = minutes(2)
    stage.clock.advance_to(DUE)
    stage.platform.silent = True
    stage.run_and_die(stage.delivery(worker="dead"))
    stage.platform.silent = False


def test_a_lost_disk_repeats_nothing(stage, staged):
    stage.run(stage.delivery(), DUE)
    new = staged(folder="new disk")
    new.clock.advance_to(DUE + minutes(10))
    new.platform = stage.platform
    new.platform.clock = new.clock
    new.add(event("2021-06-09 11:00", uid="talk"))
    new.run(new.delivery(), DUE + minutes(60))
    assert stage.platform.texts == [TEXT]
    assert (new.rows()["talk"].state, new.rows()["talk"].remote_id) == (State.SENT, "1")


def test_nothing_is_sent_before_the_own_timeline_could_be_read(stage):
    stage.clock.advance_to(DUE)
    stage.platform.unreadable = True
    delivery = stage.delivery()
    stage.run(delivery, DUE + minutes(30))
    assert stage.platform.parcels == []
    stage.platform.unreadable = False
    stage.run(delivery, DUE + minutes(32))
    assert stage.platform.texts == [TEXT]


def test_a_post_of_somebody_else_s_on_the_account_is_not_taken_for_ours(stage):
    stage.clock.advance_to(DUE)
    other = RemotePost(
        remote_id="77", text="Tomorrow: CANDAL!", created_at=DUE - timedelta(minutes=5)
    )
    stage.platform.taken.append(other)
    stage.run(stage.delivery(), DUE + minutes(5))
    assert stage.platform.texts == ["Tomorrow: CANDAL!", TEXT]


def test_two_posts_of_the_same_text_are_not_settled_by_one_find(staged):
    stage = staged()
    stage.write("templates/posts/reminder.j2", REMINDER.replace("event.title", "series.name"))
    stage.editions.refresh()
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-06-09 12:00", uid="b"))
    stage.platform.connections = 1
    stage.platform.script = [lost, vanished]
    stage.run(stage.delivery(), DUE + minutes(2))
    states = sorted(row.state for row in stage.rows().values())
    assert states == [State.SENT, State.UNKNOWN]


def test_platforms_s_clock_may_differ_by_a_minute(stage):
    class Skewed(Platform):
        def take(self, parcel):
            post = super().take(parcel)
            self.taken[-1] = RemotePost(
                remote_id=post.remote_id,
                text=post.text,
                created_at=post.created_at - timedelta(seconds=60),
            )
            return post

    stage.platform = Skewed(stage.clock, script=[lost])
    stage.run(stage.delivery(), DUE + minutes(2))
    assert stage.rows()["talk"].state is State.SENT
