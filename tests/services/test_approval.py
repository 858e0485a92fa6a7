"""What needs a person's word goes out with it, in time, or is dropped and told; never otherwise."""

from datetime import timedelta

import pytest

from bot.core.model import Status
from bot.core.states import State
from bot.errors import BotError
from bot.services import decide
from bot.services.alert import gather, note
from bot.services.approve import approved, subjects
from bot.services.decide import Person
from bot.services.known import read_known, recall
from bot.services.plan import plan
from bot.store import decisions, events
from tests.support.builders import event, utc

DUE = utc("2021-06-08 11:00")
DEADLINE = utc("2021-06-08 23:00")
KEY = "talk/day-before/x/2021-06-09"
HELD = "posts: {day-before: {when: 1 day before start at 12:00, template: reminder, approve: true}}"
UNLESS = HELD.replace("true", "6 hours")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(params=[HELD, UNLESS], ids=["approve: true", "approve: 6 hours"])
def rules(request):
    return request.param


def staged_with(staged, rules, **options):
    one = staged(rules + "\n", **options)
    one.add(event("2021-06-09 11:00", uid="talk", title="Talk"))
    return one


def told(stage):
    """What people hear now; None where there is nothing."""
    message = gather(stage.store, stage.clock.now(), {})
    if message is None:
        return None
    note(stage.store, message, stage.clock.now())
    return message.body


def look(stage):
    """The events, the files and the log, as a command reads them."""
    now, edition = stage.clock.now(), stage.editions.current
    with stage.store.reading() as connection:
        records = events.load(connection)
        known = read_known(connection, edition.schedules)
        return records, edition, recall(connection, known, records, edition.schedules, now)


def lines(stage):
    records, edition, known = look(stage)
    return {str(line.key): line for line in plan(records, edition, known, stage.clock.now())}


def approve(stage, key=KEY):
    """As `bot posts approve` does it."""
    records, edition, known = look(stage)
    now = stage.clock.now()
    found = {str(one): what for one, what in subjects(records, edition, known, now).items()}
    about = approved(found[key], records, edition, now).about
    person = Person(who="ana", now=now)
    with stage.store.writing() as connection:
        return decide.approve(connection, key, person, about=about)


def says(stage, action, key=KEY):
    with stage.store.writing() as connection:
        return action(connection, key, Person(who="ana", now=stage.clock.now()))


def until(stage, delivery, end, step=HOUR):
    """Run to an instant, with people hearing their alerts now and then; what they heard."""
    heard = []
    while stage.clock.now() < end:
        stage.run(delivery, min(stage.clock.now() + step, end))
        heard.append(told(stage))
    return [one for one in heard if one]


def test_without_an_approval_it_is_dropped_and_told_once(staged):
    stage = staged_with(staged, HELD)
    heard = until(stage, stage.delivery(), utc("2021-06-09 12:00"))
    row = stage.rows()["talk"]
    assert (row.state, row.reason, row.text) == (State.DROPPED, "nobody approved it", None)
    assert stage.platform.parcels == []
    assert len(heard) == 2
    assert heard[1] == "- Not sent: day-before of talk on x. nobody approved it."


def test_a_day_before_it_is_due_people_are_asked_once_with_its_text_and_the_command(staged):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery, DUE - timedelta(hours=24, minutes=1))
    assert told(stage) is None
    stage.run(delivery, DUE - timedelta(hours=24))
    assert told(stage) == (
        "- Waits for your approval: day-before of talk on x, due Tue 8 Jun 2021, 12:00 BST."
        " Without it, it is dropped on Wed 9 Jun 2021, 00:00 BST.\n"
        "    Tomorrow: Talk #MidlandsHealth\n"
        f"  To send it: bot posts approve {KEY}"
    )
    stage.run(delivery, DEADLINE - MINUTE)
    assert told(stage) is None


def test_approved_beforehand_it_goes_out_when_it_is_due(staged, rules):
    stage = staged_with(staged, rules)
    delivery = stage.delivery()
    stage.run(delivery)
    approve(stage)
    assert until(stage, delivery, DUE + MINUTE) == []
    assert [post.created_at for post in stage.platform.taken] == [DUE]


def test_approved_late_it_goes_out_at_once_with_the_words_of_that_moment(staged):
    stage = staged_with(
        staged, HELD.replace("1 day before start at 12:00", "2 days before start at 20:00")
    )
    delivery, key = stage.delivery(), "talk/day-before/x/2021-06-09"
    stage.run(delivery, utc("2021-06-08 01:00"))
    approve(stage, key)
    stage.run(delivery, utc("2021-06-08 01:01"))
    assert stage.platform.texts == ["Tomorrow: Talk #MidlandsHealth"]


def test_an_approval_at_the_very_deadline_comes_too_late(staged):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery, DEADLINE - MINUTE)
    says(stage, lambda connection, key, person: decide.approve(connection, key, person, about="?"))
    stage.clock.advance_to(DEADLINE)
    with pytest.raises(BotError, match="could be sent until Wed 09 Jun 2021 00:00 BST"):
        approve(stage)
    stage.run(delivery, DEADLINE + MINUTE)
    assert (stage.rows()["talk"].state, stage.platform.taken) == (State.DROPPED, [])


def test_an_approval_just_before_the_deadline_sends_it_or_says_that_it_was_missed(staged):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery, DEADLINE - MINUTE)
    approve(stage)
    stage.clock.advance_to(DEADLINE)
    stage.run(delivery, DEADLINE + MINUTE)
    assert (stage.rows()["talk"].reason[:6], stage.platform.taken) == ("missed", [])


def test_a_skip_answers_the_question_and_nothing_more_is_told(staged, rules):
    stage = staged_with(staged, rules)
    delivery = stage.delivery()
    assert len(until(stage, delivery, DUE - HOUR)) == 1
    says(stage, decide.skip)
    assert until(stage, delivery, utc("2021-06-09 12:00")) == []
    row = stage.rows()["talk"]
    assert (row.state, row.reason) == (State.DROPPED, "skipped by ana")


def test_unless_it_is_stopped_it_goes_out_when_it_is_due(staged):
    stage = staged_with(staged, UNLESS)
    [heard] = until(stage, stage.delivery(), DUE + MINUTE, step=timedelta(minutes=5))
    assert heard == (
        "- Goes out on Tue 8 Jun 2021, 12:00 BST unless you stop it: day-before of talk on x.\n"
        "    Tomorrow: Talk #MidlandsHealth\n"
        f"  To stop it: bot posts hold {KEY}"
    )
    assert [post.created_at for post in stage.platform.taken] == [DUE]


@pytest.mark.parametrize("action", [decide.hold, decide.skip])
def test_stopped_it_does_not_go_out(staged, action):
    stage = staged_with(staged, UNLESS)
    delivery = stage.delivery()
    until(stage, delivery, DUE - HOUR)
    says(stage, action)
    assert until(stage, delivery, utc("2021-06-09 12:00")) == []
    assert (stage.rows()["talk"].state, stage.platform.taken) == (State.DROPPED, [])


def test_stopped_before_anybody_was_asked_nobody_is(staged):
    stage = staged_with(staged, UNLESS)
    stage.delivery()
    says(stage, decide.hold)
    assert until(stage, stage.delivery(), utc("2021-06-09 12:00")) == []


def test_stopped_and_approved_it_goes_out(staged):
    stage = staged_with(staged, UNLESS)
    delivery = stage.delivery()
    until(stage, delivery, DUE - HOUR)
    says(stage, decide.hold)
    stage.run(delivery, DUE + HOUR)
    approve(stage)
    stage.run(delivery, DUE + 2 * HOUR)
    assert len(stage.platform.taken) == 1


@pytest.mark.parametrize("limits", ["", "limits: {gap: 1 minute}\n"])
def test_nothing_goes_out_while_nobody_could_be_told(staged, limits):
    stage = staged_with(staged, limits + UNLESS)
    delivery = stage.delivery()
    stage.run(delivery, DUE + HOUR - MINUTE)
    stage.add(event("2021-07-09 11:00", uid="other"))  # so that it looks anew
    stage.run(delivery, DUE + HOUR)
    assert stage.platform.taken == []
    assert told(stage).startswith("- Goes out on Tue 8 Jun 2021, 12:00 BST unless")
    stage.run(delivery, DUE + timedelta(hours=6, minutes=59))
    assert stage.platform.taken == []
    stage.run(delivery, DUE + timedelta(hours=7))
    assert [post.created_at for post in stage.platform.taken] == [DUE + timedelta(hours=7)]


def test_a_worker_that_was_down_asks_late_and_sends_late(staged):
    stage = staged_with(staged, UNLESS)
    delivery = stage.delivery()
    stage.run(delivery)
    stage.clock.advance_to(DUE + HOUR)
    stage.run(delivery)
    assert "Tue 8 Jun 2021, 19:00 BST unless you stop it" in told(stage)
    until(stage, delivery, DEADLINE)
    assert [post.created_at for post in stage.platform.taken] == [DUE + timedelta(hours=7)]


def test_where_the_deadline_comes_first_it_has_to_be_approved(staged):
    stage = staged_with(staged, UNLESS)
    delivery = stage.delivery()
    stage.run(delivery)
    stage.clock.advance_to(DEADLINE - timedelta(hours=5))
    heard = until(stage, delivery, utc("2021-06-09 12:00"))
    assert heard[0].startswith("- Waits for your approval: day-before of talk on x")
    assert stage.platform.taken == []
    assert stage.rows()["talk"].reason.startswith("nobody approved it")
    assert heard[1].startswith("- Not sent: day-before of talk on x. nobody approved it")


def test_quiet_hours_delay_what_was_asked_late(staged):
    quiet = 'quiet_hours: {from: "18:00", until: "23:30"}\n'
    stage = staged_with(staged, quiet + UNLESS)
    delivery = stage.delivery()
    stage.run(delivery)
    stage.clock.advance_to(DUE + HOUR)
    until(stage, delivery, DEADLINE, step=MINUTE)
    assert [post.created_at for post in stage.platform.taken] == [utc("2021-06-08 22:30")]


def test_a_restart_between_asking_and_sending_asks_nothing_again(staged):
    stage = staged_with(staged, UNLESS)
    heard = until(stage, stage.delivery(worker="a"), DUE - HOUR)
    assert len(heard) == 1
    stage.lease = timedelta(minutes=2)
    assert until(stage, stage.delivery(worker="b"), DUE + HOUR) == []
    stage.clock.advance_to(DUE + timedelta(days=61))
    assert len(stage.platform.taken) <= 1


def changes(stage, what):
    match what:
        case "status":
            stage.edit("talk", status=Status.TENTATIVE)
            stage.clock.advance_to(stage.clock.now() + MINUTE)
            stage.edit("talk", status=Status.CONFIRMED)
        case "dates":
            stage.edit("talk", starts=utc("2021-06-09 14:00"))
        case "title":
            stage.edit("talk", title="Another talk")
        case "template":
            stage.write(
                "templates/posts/reminder.j2", "Do come: {{ event.title }} {{ series.hashtag }}\n"
            )
            assert stage.editions.refresh()


@pytest.mark.parametrize("what", ["status", "dates", "title", "template"])
def test_what_has_changed_since_it_was_approved_has_to_be_approved_anew(staged, what):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery)
    approve(stage)
    stage.run(delivery, DUE - 2 * HOUR)
    changes(stage, what)
    [asked] = until(stage, delivery, DUE + HOUR)
    assert "It was approved, and is not what it was then." in asked
    assert stage.platform.taken == []
    approve(stage)
    until(stage, delivery, DUE + 2 * HOUR)
    assert len(stage.platform.taken) == 1


@pytest.mark.parametrize("what", ["status", "dates", "title", "template"])
def test_what_has_changed_since_it_was_asked_about_is_asked_about_anew(staged, what):
    stage = staged_with(staged, UNLESS)
    delivery = stage.delivery()
    assert len(until(stage, delivery, DUE - 2 * HOUR)) == 1
    changes(stage, what)
    assert len(until(stage, delivery, DUE, step=MINUTE)) == 1
    stage.run(delivery, DUE + 3 * HOUR)
    assert stage.platform.taken == []
    stage.run(delivery, DUE + 5 * HOUR)
    assert len(stage.platform.taken) == 1


@pytest.mark.parametrize("rules", [HELD, UNLESS], ids=["approve: true", "approve: 6 hours"])
def test_another_event_that_changes_its_words_has_it_asked_about_anew(staged, rules):
    stage = staged_with(staged, rules, words={"reminder": "{{ event.title }}, 1 of {{ total }}"})
    delivery = stage.delivery()
    until(stage, delivery, DUE - HOUR)
    if rules == HELD:
        approve(stage)
    stage.run(delivery, DUE - HOUR + MINUTE)
    stage.add(event("2021-07-09 11:00", uid="other"))
    stage.run(delivery, DUE + HOUR)
    assert stage.platform.taken == []
    assert "Talk, 1 of 2" in told(stage)
    approve(stage)
    until(stage, delivery, DUE + 2 * HOUR)
    assert stage.platform.texts == ["Talk, 1 of 2 #MidlandsHealth"]


@pytest.mark.parametrize("fields", [{"tags": ("open",)}, {"summary": "About things."}])
def test_what_its_words_do_not_speak_of_may_change(staged, fields):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery)
    approve(stage)
    stage.clock.advance_to(stage.clock.now() + MINUTE)
    stage.edit("talk", **fields)
    assert until(stage, delivery, DUE + MINUTE) == []
    assert len(stage.platform.taken) == 1


def test_an_approval_of_what_a_source_is_about_to_say_counts_when_it_has_said_it(staged):
    stage = staged_with(staged, HELD)
    delivery = stage.delivery()
    stage.run(delivery)
    records, edition, known = look(stage)
    moved = records[0].__class__(
        event=event("2021-06-09 14:00", uid="talk", title="Talk"),
        revision=2,
        created_at=records[0].created_at,
        dated_at=stage.clock.now(),
    )
    now = stage.clock.now()
    found = subjects([moved], edition, known, now)
    about = next(approved(one, [moved], edition, now).about for one in found.values())
    says(stage, lambda *words: decide.approve(*words, about=about))
    stage.clock.advance_to(now + MINUTE)
    stage.edit("talk", starts=utc("2021-06-09 13:00"))
    until(stage, delivery, DUE + MINUTE)
    assert len(stage.platform.taken) == 1


def test_a_plain_hold_is_taken_back_whatever_changed(staged):
    stage = staged_with(staged, HELD.replace(", approve: true", ""))
    delivery = stage.delivery()
    says(stage, decide.hold)
    says(stage, decide.approve)
    stage.edit("talk", title="Another talk")
    stage.run(delivery, DUE + MINUTE)
    assert len(stage.platform.taken) == 1


def test_what_is_found_on_the_account_after_a_lost_log_is_not_asked_about(staged, rules):
    stage = staged_with(staged, rules)
    delivery = stage.delivery()
    stage.run(delivery)
    approve(stage)
    stage.run(delivery, DUE + MINUTE)
    with stage.store.writing() as connection:
        for table in ("attempts", "told", "posts", "decisions"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("UPDATE channels SET lease_holder = NULL")
    assert until(stage, stage.delivery(worker="b"), DEADLINE) == []
    assert stage.rows()["talk"].state is State.SENT
    assert len(stage.platform.taken) == 1


def test_what_is_out_already_is_not_asked_about_when_its_rule_begins_to_ask(staged):
    stage = staged_with(staged, HELD.replace(", approve: true", ""))
    delivery = stage.delivery()
    stage.run(delivery, DUE + MINUTE)
    text = (stage.folder / "schedules.yaml").read_text(encoding="utf-8")
    stage.write("schedules.yaml", text.replace("reminder}", "reminder, approve: true}"))
    assert stage.editions.refresh()
    assert until(stage, delivery, DEADLINE) == []
    with stage.store.reading() as connection:
        assert decisions.history(connection, "talk/day-before/x:api.x.com:1/2021-06-09") == []


def test_a_text_that_cannot_be_written_is_the_reason_and_nobody_is_asked(staged):
    stage = staged_with(staged, HELD, words={"reminder": "{{ event.title }} " + "word " * 80})
    heard = until(stage, stage.delivery(), utc("2021-06-09 12:00"))
    assert stage.rows()["talk"].reason.startswith("its text cannot be written: ")
    assert len(heard) == 1


def test_the_plan_says_what_is_held_and_how_to_let_it_go(staged):
    stage = staged_with(staged, HELD)
    stage.run(stage.delivery())
    line = lines(stage)[KEY]
    assert (line.state, line.at) == ("held", None)
    assert line.reason == f"waits for approval: bot posts approve {KEY}"
    assert line.text == "Tomorrow: Talk #MidlandsHealth"
    approve(stage)
    assert (lines(stage)[KEY].state, lines(stage)[KEY].reason) == ("planned", "")


def test_the_plan_says_what_goes_out_unless_it_is_stopped(staged):
    stage = staged_with(staged, UNLESS)
    stage.run(stage.delivery())
    line = lines(stage)[KEY]
    assert (line.state, line.at) == ("planned", DUE)
    assert line.reason == f"unless you stop it: bot posts hold {KEY}"
    stage.clock.advance_to(DUE + HOUR)
    late = lines(stage)[KEY]
    assert late.at == DUE + timedelta(hours=7)
    assert late.reason == f"it was asked about late; unless you stop it: bot posts hold {KEY}"
    stage.clock.advance_to(DEADLINE - HOUR)
    assert lines(stage)[KEY].state == "held"
    stage.clock.advance_to(DEADLINE)
    assert lines(stage)[KEY].reason.startswith("nobody approved it")


def test_what_is_asked_and_heard_is_in_the_history(staged):
    stage = staged_with(staged, UNLESS)
    until(stage, stage.delivery(), DUE - HOUR)
    approve(stage)
    with stage.store.reading() as connection:
        found = decisions.history(connection, "talk/day-before/x:api.x.com:1/2021-06-09")
    assert [(one.action, one.who) for one in found] == [
        ("ask", "the bot"),
        ("asked", "the bot"),
        ("approve", "ana"),
    ]
    assert len({one.text_digest for one in found}) == 1


def test_what_is_asked_about_keeps_its_room_under_the_limits(staged):
    limits = "limits: {per_day: 1}\n"
    other = UNLESS.replace("posts: {", "posts:\n  ").removesuffix("}") + "\n"
    early = "  early: {when: 1 day before start at 06:00, template: reminder}\n"
    stage = staged_with(staged, limits + other + early)
    until(stage, stage.delivery(), DUE + MINUTE, step=timedelta(minutes=30))
    assert [post.created_at for post in stage.platform.taken] == [DUE]


def test_a_correction_waits_and_its_loss_says_what_that_means(staged):
    rules = (
        "posts:\n"
        "  cancelled: {on: cancelled, template: reminder, approve: true}\n"
        "  day-before: {when: 3 days before start at 12:00, template: reminder}\n"
    )
    stage = staged_with(staged, rules, words={"reminder": "{{ rule }}: {{ event.title }}"})
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-06 12:00"))
    assert len(stage.platform.taken) == 1
    stage.edit("talk", status=Status.CANCELLED)
    assert until(stage, delivery, stage.clock.now() + timedelta(minutes=14), step=MINUTE) == []
    [asked] = until(stage, delivery, stage.clock.now() + timedelta(minutes=5), step=MINUTE)
    assert "It puts right what its followers were told." in asked
    assert "To send it: bot posts approve talk/cancelled/x/1" in asked
    [lost] = until(stage, delivery, utc("2021-06-09 12:00"))
    assert "nobody approved it: those who were told otherwise do not know" in lost
    assert len(stage.platform.taken) == 1


def test_a_correction_that_is_approved_goes_out_at_once(staged):
    rules = (
        "posts:\n"
        "  cancelled: {on: cancelled, template: reminder, approve: 12 hours}\n"
        "  day-before: {when: 3 days before start at 12:00, template: reminder}\n"
    )
    stage = staged_with(staged, rules, words={"reminder": "{{ rule }}: {{ event.title }}"})
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-06 12:00"))
    stage.edit("talk", status=Status.CANCELLED)
    until(stage, delivery, stage.clock.now() + timedelta(hours=2), step=timedelta(minutes=5))
    assert len(stage.platform.taken) == 1
    approve(stage, "talk/cancelled/x/1")
    stage.run(delivery, stage.clock.now() + MINUTE)
    assert len(stage.platform.taken) == 2


def test_a_correction_in_the_night_before_waits_for_an_hour_without_a_no(staged):
    rules = (
        'quiet_hours: {from: "21:00", until: "08:00"}\n'
        "posts:\n"
        "  cancelled: {on: cancelled, template: reminder, approve: 1 hour}\n"
        "  day-before: {when: 1 day before start at 12:00, template: reminder}\n"
    )
    stage = staged_with(staged, rules, words={"reminder": "{{ rule }}: {{ event.title }}"})
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-08 22:00"))
    stage.edit("talk", status=Status.CANCELLED)
    stage.run(delivery, utc("2021-06-08 23:30"))
    assert stage.loop.run(delivery.tick()) > stage.clock.now()
    assert len(stage.platform.taken) == 1
    assert "Goes out on Wed 9 Jun 2021, 00:15 BST unless" in told(stage)
    stage.run(delivery, utc("2021-06-09 06:00"))
    assert [post.created_at for post in stage.platform.taken[1:]] == [utc("2021-06-09 00:30")]


def test_a_recap_waits_for_its_recording_first_and_for_a_person_then(staged):
    rules = (
        "posts: {recap: {when: 1 day after end at 10:00, template: recap, wait_for: recording,"
        " wait_until: 14 days after end, otherwise: plain, approve: true}}"
    )
    words = {"recap": "Watch: {{ event.recording_url }}", "plain": "It was {{ event.title }}"}
    stage = staged_with(staged, rules, words=words)
    delivery, key = stage.delivery(), "talk/recap/x/2021-06-09"
    assert until(stage, delivery, utc("2021-06-10 08:30")) == []
    with pytest.raises(BotError, match="waits for the recording until 23 June"):
        approve(stage, key)
    until(stage, delivery, utc("2021-06-11 09:00"))
    stage.edit("talk", recording_url="https://example.org/watch")
    heard = until(stage, delivery, utc("2021-06-11 10:00"))
    assert "    Watch: https://example.org/watch #MidlandsHealth\n" in heard[0]
    assert stage.platform.taken == []
    approve(stage, key)
    until(stage, delivery, utc("2021-06-11 11:00"))
    assert stage.platform.texts == ["Watch: https://example.org/watch #MidlandsHealth"]
    until(stage, delivery, utc("2021-06-25 10:00"), step=timedelta(hours=6))
    assert len(stage.platform.taken) == 1


def test_what_is_said_without_the_recording_waits_for_a_person_too(staged):
    rules = (
        "posts: {recap: {when: 1 day after end at 10:00, template: recap, wait_for: recording,"
        " wait_until: 14 days after end, otherwise: plain, approve: true}}"
    )
    words = {"recap": "Watch: {{ event.recording_url }}", "plain": "It was {{ event.title }}"}
    stage = staged_with(staged, rules, words=words)
    delivery = stage.delivery()
    heard = until(stage, delivery, utc("2021-06-23 08:00"), step=timedelta(hours=6))
    assert "To send it: bot posts approve talk/recap:otherwise/x/2021-06-09" in heard[-1]
    approve(stage, "talk/recap:otherwise/x/2021-06-09")
    until(stage, delivery, utc("2021-06-23 10:00"))
    assert stage.platform.texts == ["It was Talk #MidlandsHealth"]


def test_a_recording_is_told_by_the_recap_that_waits_or_else_by_its_notice(staged):
    rules = (
        "posts:\n"
        "  day-before: {when: 1 day before start at 12:00, template: reminder}\n"
        "  recording: {on: recording, template: recap}\n"
        "  recap: {when: 1 day after end at 10:00, template: recap, approve: true}\n"
    )
    words = {"recap": "{{ rule }}: {{ event.recording_url }}"}
    stage = staged_with(staged, rules, words=words)
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-09 12:00"))
    stage.edit("talk", recording_url="https://example.org/watch")
    heard = until(stage, delivery, utc("2021-06-10 20:30"))
    assert (len(heard), len(stage.platform.taken)) == (1, 1)
    until(stage, delivery, utc("2021-06-10 22:00"))
    assert stage.platform.texts[1:] == ["recording: https://example.org/watch #MidlandsHealth"]


def test_an_approval_from_before_the_first_run_counts(staged):
    stage = staged_with(staged, HELD)
    approve(stage)
    assert until(stage, stage.delivery(), DUE + MINUTE) == []
    assert len(stage.platform.taken) == 1


def test_a_digest_waits_too(staged):
    rules = "posts: {ahead: {every: week on Monday at 09:00, template: list, approve: true}}"
    words = {"list": "{% each event in events %}{{ event.title }}\n{% endeach %}"}
    stage = staged_with(staged, rules, words=words)
    delivery, key = stage.delivery(), "series/ahead/x/2021-W23"
    [asked] = until(stage, delivery, utc("2021-06-06 12:00"))
    assert f"bot posts approve {key}" in asked
    approve(stage, key)
    until(stage, delivery, utc("2021-06-07 08:01"))
    assert len(stage.platform.taken) == 1
