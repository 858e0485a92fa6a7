"""What is due goes out once, truthfully, and the log says what became of it."""

from datetime import timedelta

import pytest

from bot.core.model import Status
from bot.core.states import State
from bot.platforms.base import Answer, Outcome, Phase, Trouble
from bot.store import posts
from tests.support.builders import event, utc
from tests.support.stage import DAY_BEFORE, answers, lost

DUE = utc("2021-06-08 11:00")


def at(stage, instant):
    stage.clock.advance_to(instant)


def refused(**fields):
    return answers(Outcome(answer=Answer.NOT_SENT, phase=Phase.POST, error="503", **fields))


def test_a_post_goes_out_at_its_due_instant_and_not_before(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery, DUE - timedelta(seconds=1))
    assert stage.platform.texts == []
    stage.run(delivery, DUE)
    assert stage.platform.texts == ["Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"]
    row = stage.rows()["talk"]
    assert (row.state, row.remote_id, row.sent_at) == (State.SENT, "1", DUE)


def test_nothing_goes_out_twice_however_often_it_is_asked(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    at(stage, DUE)
    for _ in range(5):
        stage.run(delivery)
    assert len(stage.platform.texts) == 1


def test_a_burst_uses_every_connection_and_claims_no_more_than_that(stage):
    stage.platform.connections, stage.platform.silent = 40, True
    stage.add(*(event("2021-06-09 11:00", uid=f"talk-{number}") for number in range(50)))
    delivery = stage.delivery()
    at(stage, DUE)
    stage.run_and_die(delivery, under_way=40)
    assert len(stage.platform.parcels) == len(stage.rows()) == 40


def test_another_worker_takes_over_without_repeating(stage):
    stage.lease = timedelta(minutes=2)
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-06-09 15:00", uid="b"))
    at(stage, DUE)
    stage.run(stage.delivery(worker="a"))
    at(stage, DUE + timedelta(minutes=3))
    stage.run(stage.delivery(worker="b"))
    assert len(stage.platform.texts) == 2


def test_only_the_holder_of_the_lease_sends(stage):
    stage.add(event("2021-06-09 11:00", uid="a"))
    holder, other = stage.delivery(worker="a"), stage.delivery(worker="b")
    stage.run(holder)
    at(stage, DUE)
    stage.run(holder, DUE)
    stage.add(event("2021-06-09 15:00", uid="b"))
    stage.run(other)
    assert len(stage.platform.texts) == 1


def test_a_refusal_is_tried_again_after_a_while_and_rendered_anew(stage):
    stage.write(
        "templates/posts/reminder.j2", "At {{ now }}: {{ event.title }} {{ series.hashtag }}"
    )
    stage.editions.refresh()
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [refused(trouble=Trouble.PASSING)]
    delivery = stage.delivery()
    stage.run(delivery, DUE + timedelta(minutes=1))
    first, second = stage.platform.parcels
    assert first.text != second.text
    assert first.idempotency_key != second.idempotency_key
    assert stage.rows()["talk"].tries == 2


def test_a_refusal_is_not_repeated_past_the_deadline(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [refused(trouble=Trouble.PASSING)] * 10_000
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.reason) == (State.DROPPED, "missed: 503")
    assert stage.platform.taken == []


def test_content_the_platform_refuses_waits_for_a_person(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [refused(trouble=Trouble.CONTENT)]
    stage.run(stage.delivery(), DUE + timedelta(hours=1))
    row = stage.rows()["talk"]
    assert (row.state, row.needs_person, len(stage.platform.parcels)) == (State.DROPPED, True, 1)


def test_the_retry_after_of_the_platform_pauses_the_channel(stage):
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-06-09 12:00", uid="b"))
    reset = DUE + timedelta(minutes=30)
    stage.platform.connections = 1
    stage.platform.script = [refused(trouble=Trouble.PASSING, retry_at=reset)]
    delivery = stage.delivery()
    stage.run(delivery, reset - timedelta(seconds=1))
    assert len(stage.platform.parcels) == 1
    stage.run(delivery, reset + timedelta(minutes=1))
    assert len(stage.platform.taken) == 2


def test_an_event_that_moves_is_announced_under_its_new_date_only(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    at(stage, DUE - timedelta(hours=1))
    stage.run(delivery)
    stage.edit("talk", starts=utc("2021-06-10 10:00"))
    stage.run(delivery, DUE + timedelta(hours=23))
    assert stage.platform.texts == []
    stage.run(delivery, DUE + timedelta(hours=24))
    assert stage.platform.texts == ["Tomorrow: CANDAL seminar series 2021 #MidlandsHealth"]


def test_an_event_that_was_announced_and_moves_is_announced_again(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    stage.edit("talk", starts=utc("2021-06-16 10:00"))
    stage.run(delivery, DUE + timedelta(days=7))
    with stage.store.reading() as connection:
        keys = [row.key.reference for row in posts.all_posts(connection)]
    assert keys == ["2021-06-09", "2021-06-16"]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED])
def test_an_event_called_off_falls_silent_at_once_even_between_two_tries(stage, status):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.platform.script = [refused(trouble=Trouble.PASSING)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    stage.edit("talk", status=status)
    stage.run(delivery, utc("2021-06-10 00:00"))
    assert stage.platform.taken == []
    assert stage.rows()["talk"].state is State.DROPPED


def test_a_first_run_sends_what_is_still_in_time_and_is_silent_about_the_rest(stage):
    at(stage, DUE + timedelta(hours=1))
    stage.add(
        event("2021-06-09 11:00", uid="still-in-time"),
        event("2021-06-05 11:00", uid="long-over"),
    )
    stage.run(stage.delivery(), DUE + timedelta(hours=2))
    assert {uid: row.state for uid, row in stage.rows().items()} == {"still-in-time": State.SENT}


def test_a_post_missed_while_the_bot_was_down_is_dropped_and_said(stage):
    stage.lease = timedelta(minutes=2)
    stage.add(event("2021-06-09 11:00", uid="talk"))
    stage.run(stage.delivery(worker="a"))
    at(stage, utc("2021-06-09 12:00"))
    stage.run(stage.delivery(worker="b"))
    row = stage.rows()["talk"]
    assert (row.state, row.reason) == (
        State.DROPPED,
        "missed: the bot could not send it in time",
    )
    assert stage.platform.texts == []


def test_what_the_limits_leave_out_is_dropped_with_that_reason(staged):
    limits = "quiet_hours: {from: '21:00', until: '08:00'}\nlimits: {per_day: 1}\n"
    stage = staged(limits + DAY_BEFORE)
    stage.add(event("2021-06-09 07:00", uid="a"), event("2021-06-09 07:30", uid="b"))
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    rows = stage.rows()
    assert (rows["a"].state, rows["b"].state) == (State.SENT, State.DROPPED)
    assert rows["b"].reason == "limits: 1 a day are taken"


def test_posts_of_one_moment_are_spread_by_the_gap(staged):
    stage = staged("limits: {gap: 20 minutes}\n" + DAY_BEFORE)
    stage.add(event("2021-06-09 11:00", uid="a"), event("2021-06-09 12:00", uid="b"))
    stage.run(stage.delivery(), DUE + timedelta(hours=1))
    rows = stage.rows()
    assert [rows[uid].sent_at for uid in "ab"] == [DUE, DUE + timedelta(minutes=20)]


def test_no_more_is_claimed_than_there_are_connections(stage):
    stage.platform.connections = 2
    stage.add(*(event("2021-06-09 11:00", uid=f"e{number}") for number in range(9)))
    most = []
    take = stage.platform.take

    def counting(parcel):
        with stage.store.reading() as connection:
            rows = posts.all_posts(connection)
        most.append(sum(row.state is State.SENDING for row in rows))
        return take(parcel)

    stage.platform.take = counting
    stage.run(stage.delivery(), DUE)
    assert len(stage.platform.taken) == 9
    assert max(most) <= 2


def test_a_renamed_rule_that_says_was_repeats_nothing(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    for renamed in ("tomorrow: {was: day-before,", "tomorrow: {"):
        rules = DAY_BEFORE.replace("day-before: {", renamed)
        stage.write("schedules.yaml", _with(stage, rules))
        assert stage.editions.refresh()
        stage.run(delivery, stage.clock.now() + timedelta(minutes=5))
    assert len(stage.platform.texts) == 1


def test_a_text_that_cannot_be_written_is_never_sent_and_the_rest_is(stage):
    stage.write("templates/posts/reminder.j2", "{{ event.title }} {{ series.hashtag }}")
    stage.editions.refresh()
    stage.add(
        event("2021-06-09 11:00", uid="long", title="word " * 100),
        event("2021-06-09 11:00", uid="short"),
    )
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    rows = stage.rows()
    assert rows["short"].state is State.SENT
    assert rows["long"].state is State.DROPPED
    assert rows["long"].reason.startswith("its text cannot be written: ")


def test_an_edited_template_is_in_force_at_the_next_post(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery, DUE - timedelta(minutes=1))
    stage.write("templates/posts/reminder.j2", "Anew: {{ event.title }} {{ series.hashtag }}")
    assert stage.editions.refresh()
    stage.run(delivery, DUE)
    assert stage.platform.texts == ["Anew: CANDAL seminar series 2021 #MidlandsHealth"]


def test_the_answer_of_a_post_under_way_is_settled_when_the_worker_stops(stage):
    stage.add(event("2021-06-09 11:00", uid="talk"))
    delivery = stage.delivery()
    stage.run(delivery)
    at(stage, DUE)
    stage.platform.script = [lost]
    stage.loop.run(_tick_and_stop(delivery))
    assert stage.rows()["talk"].state is State.UNKNOWN


async def _tick_and_stop(delivery):
    await delivery.tick()
    await delivery.stop(patience=5)


def _with(stage, rules):
    text = (stage.folder / "schedules.yaml").read_text()
    return text[: text.index("posts:")] + rules
