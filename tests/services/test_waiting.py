"""Posts that wait for the recording: sent when it is known, or something else at the end, or
nothing; never both, whatever happens in between.
"""

from datetime import timedelta

import pytest

from bot.core.model import Status
from bot.core.planning import Key
from bot.core.states import State
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services import decide, resolve
from bot.services.decide import Person
from bot.services.ground import read_ground
from bot.services.watch import open_questions
from bot.store import posts
from tests.services.test_plan import lines
from tests.support.builders import event, utc
from tests.support.stage import CHANNELS, SERIES, answers, lost, vanished

WAITS = "wait_for: recording, wait_until: 14 days after end"
RECAP = f"when: 1 day after end at 10:00, template: recap, {WAITS}"
RULES = f"""\
posts:
  reminder: {{when: 1 day before start at 12:00, template: reminder}}
  recap: {{{RECAP}, otherwise: without}}
"""
NOTICE = "  recording: {on: recording, template: notice}\n"
QUIET = 'quiet_hours: {from: "21:00", until: "08:00"}\n'
WORDS = {
    "recap": "{{ event.title }}: {{ event.recording_url }}",
    "without": "Thank you all.{% if event.recording_url %} {{ event.recording_url }}{% endif %}",
    "notice": "Now to watch: {{ event.recording_url }}",
}
URL = "https://example.org/watch"
WATCH, THANKS, NOW_TO_WATCH = f"Talk: {URL}", "Thank you all.", f"Now to watch: {URL}"
DUE, END = utc("2021-06-11 09:00"), utc("2021-06-24 09:00")
LATE = END + timedelta(hours=12)
"""When the post falls due by itself, when the waiting ends, and the end of its grace."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def made(staged):
    def make(rules=RULES, **fields):
        one = staged(rules=rules, words=WORDS)
        fields = {"uid": "talk", "title": "Talk"} | fields
        one.add(event("2021-06-10 11:00", "2021-06-10 12:00", **fields))
        return one

    return make


def goes_on(stage, until, **options):
    """What is posted from now on, but the reminder."""
    before = len(stage.platform.taken)
    stage.run(stage.delivery(**options), until)
    texts = (text.removesuffix(" #MidlandsHealth") for text in stage.platform.texts[before:])
    return [text for text in texts if not text.startswith("Tomorrow")]


def log(stage):
    """The rows of the recap, by rule: state and reason."""
    with stage.store.reading() as connection:
        return {
            row.key.rule: (row.state, row.reason)
            for row in posts.all_posts(connection)
            if row.key.rule.startswith("recap")
        }


def standing(stage):
    """Of the plan, the recap's lines."""
    return [
        (line.post, line.state, line.reason)
        for line in lines(stage)
        if line.post.startswith("recap")
    ]


def person(stage):
    return Person(who="ann", now=stage.clock.now())


def test_it_goes_out_as_soon_as_the_recording_is_known(made):
    stage = made()
    assert goes_on(stage, DUE + 3 * DAY) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + 3 * DAY) == [WATCH]
    assert goes_on(stage, LATE + DAY) == []
    assert log(stage) == {"recap": (State.SENT, "")}


def test_it_goes_out_at_its_own_time_where_the_recording_was_known_before(made):
    stage = made()
    goes_on(stage, DUE - 12 * HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE - timedelta(seconds=1)) == []
    assert goes_on(stage, DUE) == [WATCH]
    assert goes_on(stage, LATE + DAY) == []


def test_at_the_end_of_the_waiting_something_else_is_said_and_the_log_says_why(made):
    stage = made()
    assert goes_on(stage, END - timedelta(seconds=1)) == []
    assert goes_on(stage, END) == [THANKS]
    assert goes_on(stage, LATE + DAY) == []
    assert log(stage) == {
        "recap": (State.DROPPED, "its recording was not there in time"),
        "recap:otherwise": (State.SENT, ""),
    }


def test_without_otherwise_nothing_is_said(made):
    stage = made(RULES.replace(", otherwise: without", ""))
    assert goes_on(stage, END + HOUR) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == []
    assert log(stage) == {"recap": (State.DROPPED, "its recording was not there in time")}


def test_what_comes_after_something_else_was_said_is_not_said_as_well(made):
    stage = made()
    assert goes_on(stage, END) == [THANKS]
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == []
    assert standing(stage) == [
        ("recap", "skipped", "it is out already, as 'recap:otherwise'"),
        ("recap:otherwise", "sent", ""),
    ]


def test_a_recording_that_comes_at_the_last_moment_is_told_instead(made):
    """The bot was away, or it was night: what would be said otherwise is no longer true."""
    stage = made(RULES.replace("at 10:00", "at 21:30") + QUIET)
    assert goes_on(stage, utc("2021-06-24 22:00")) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, utc("2021-06-26 00:00")) == [WATCH]
    assert stage.platform.taken[-1].created_at == utc("2021-06-25 07:00")


def test_a_link_that_is_taken_back_and_given_again_is_told_once(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", recording_url=URL)
    found = goes_on(stage, DUE + 2 * HOUR)
    stage.edit("talk", recording_url="")
    found += goes_on(stage, END + HOUR)
    stage.edit("talk", recording_url=URL)
    assert found + goes_on(stage, LATE + DAY) == [WATCH]


def test_a_link_that_is_put_right_does_not_begin_the_waiting_anew(made):
    stage = made()
    goes_on(stage, DUE - 12 * HOUR)
    stage.edit("talk", recording_url="https://example.org/wrong")
    stage.clock.advance_to(DUE - HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE) == [WATCH]


def test_it_waits_for_its_weekday_and_for_the_end_of_quiet_hours(made):
    stage = made(RULES.replace(WAITS, f"{WAITS}, days: mon-fri") + QUIET)
    saturday = utc("2021-06-19 12:00")
    assert goes_on(stage, saturday) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, utc("2021-06-22 00:00")) == [WATCH]
    assert stage.platform.taken[-1].created_at == utc("2021-06-21 09:00")


def test_nothing_is_said_of_an_event_that_was_called_off_meanwhile(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", status=Status.CANCELLED)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == []
    assert standing(stage)[0] == ("recap", "dropped", "the event is cancelled")


# The notice of a recording


def test_the_notice_tells_the_link_after_the_recap_went_out_without_it(made):
    stage = made(RULES + NOTICE)
    assert goes_on(stage, END) == [THANKS]
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == [NOW_TO_WATCH]


def test_where_the_recap_told_the_link_the_notice_does_not(made):
    stage = made(RULES + NOTICE)
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + 20 * DAY) == [WATCH]


def test_the_notice_tells_the_link_where_the_recap_is_skipped_or_silent(made):
    stage = made(RULES.replace(", otherwise: without", "") + NOTICE)
    goes_on(stage, END + HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == [NOW_TO_WATCH]


# Crashes, refusals, decisions


@pytest.mark.parametrize("script", [lost, vanished])
def test_while_nobody_knows_whether_something_else_was_said_the_recap_waits(made, script):
    stage = made()
    goes_on(stage, END - HOUR)
    stage.platform.script = [script]
    found = goes_on(stage, END)
    stage.edit("talk", recording_url=URL)
    assert found + goes_on(stage, END + timedelta(seconds=30)) in ([], [THANKS])
    found = goes_on(stage, LATE + DAY)
    assert len(stage.platform.texts) == len(set(stage.platform.texts))
    said = [text for text in stage.platform.texts if not text.startswith("Tomorrow")]
    assert len(said) <= 1


def test_a_try_that_was_refused_gives_way_to_what_has_come_to_be_known(made):
    stage = made()
    goes_on(stage, END - HOUR)
    refusal = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="503", http_status=503)
    stage.platform.script = [answers(refusal)] * 2
    assert goes_on(stage, END) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == [WATCH]
    assert log(stage)["recap:otherwise"][0] is State.DROPPED


def test_a_try_of_the_recap_is_given_up_once_something_else_was_said(made):
    stage = made()
    goes_on(stage, END - HOUR)
    stage.edit("talk", recording_url=URL)
    refusal = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="503", http_status=503)
    stage.platform.script = [answers(refusal)]
    assert goes_on(stage, END - HOUR) == []
    stage.edit("talk", recording_url="")
    assert goes_on(stage, END + HOUR) == [THANKS]
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == []
    assert log(stage)["recap"] == (State.DROPPED, "it is out already, as 'recap:otherwise'")


def test_what_a_person_skips_does_not_go_out_when_the_recording_comes(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    with stage.store.writing() as connection:
        decide.skip(connection, "talk/recap/x/2021-06-10", person(stage))
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == []


def test_two_workers_send_one_of_the_two(made):
    stage = made()
    goes_on(stage, END - HOUR)
    first, second = stage.delivery(worker="a"), stage.delivery(worker="b")
    for instant in (END, END + HOUR, LATE):
        stage.run(first, instant)
        stage.run(second, instant)
    said = [text for text in stage.platform.texts if not text.startswith("Tomorrow")]
    assert len(said) == 1


def test_a_person_s_word_on_what_still_waits_is_in_the_plan(made):
    stage = made()
    key = "talk/recap/x/2021-06-10"
    with stage.store.writing() as connection:
        decide.hold(connection, key, person(stage))
    assert standing(stage)[0] == ("recap", "held", f"held by ann: bot posts approve {key}")
    with stage.store.writing() as connection:
        decide.skip(connection, key, person(stage))
    assert standing(stage)[0] == ("recap", "skipped", "skipped by ann")


def test_a_post_that_needs_approval_is_not_asked_about_before_its_text_is_known(made):
    stage = made(RULES.replace("template: recap", "template: recap, approve: true"))
    assert goes_on(stage, DUE + HOUR) == []
    assert standing(stage)[0][:2] == ("recap", "waiting")
    with stage.store.reading() as connection:
        assert open_questions(connection, stage.clock.now()) == []
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + 2 * HOUR) == []
    assert standing(stage)[0][:2] == ("recap", "held")
    with stage.store.reading() as connection:
        [asked] = open_questions(connection, stage.clock.now())
    assert URL in asked.note


# First runs, lost logs


def test_a_first_run_tells_no_recording_that_was_known_for_long(made, staged):
    stage = staged(rules=RULES, words=WORDS)
    stage.clock.advance_to(DUE + 5 * DAY)
    over = {"uid": "talk", "title": "Talk", "recording_url": URL}
    stage.add(event("2021-06-10 11:00", "2021-06-10 12:00", **over))
    assert goes_on(stage, LATE + DAY) == []
    assert standing(stage) == [
        ("recap", "skipped", "not owed: it fell due before the bot knew of it")
    ]


def test_a_rule_that_comes_to_wait_repeats_nothing_and_a_new_one_floods_nobody(made):
    stage = made("posts:\n  recap: {when: 1 day after end at 10:00, template: recap}\n")
    goes_on(stage, DUE - 12 * HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + 3 * DAY) == [WATCH]
    stage.write("schedules.yaml", SERIES + CHANNELS + RULES + f"  again: {{{RECAP}}}\n")
    stage.editions.refresh()
    assert goes_on(stage, LATE + DAY) == []


def test_a_recording_that_comes_after_the_bot_is_told_however_long_the_event_is_over(made, staged):
    stage = staged(rules=RULES, words=WORDS)
    stage.clock.advance_to(DUE + 5 * DAY)
    stage.add(event("2021-06-10 11:00", "2021-06-10 12:00", uid="talk", title="Talk"))
    goes_on(stage, DUE + 6 * DAY)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, LATE + DAY) == [WATCH]


def test_an_older_backup_repeats_nothing_that_was_told_days_ago(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + HOUR) == [WATCH]
    stage.clock.advance_to(DUE + 4 * DAY)
    with stage.store.writing() as connection:
        for table in ("attempts", "told", "posts"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("UPDATE channels SET lease_holder = NULL")
    assert goes_on(stage, LATE + DAY, worker="b") == []
    assert log(stage) == {"recap": (State.SENT, "found on the account's own timeline")}


def test_what_an_older_backup_knows_nothing_of_is_looked_for_when_its_link_is_given_again(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + HOUR) == [WATCH]
    stage.clock.advance_to(DUE + 4 * DAY)
    with stage.store.writing() as connection:
        for table in ("attempts", "told", "posts"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("UPDATE channels SET lease_holder = NULL")
        connection.exec_driver_sql("UPDATE events SET recording_url = '', recorded_at = NULL")
    delivery = stage.delivery(worker="b")
    stage.run(delivery, DUE + 5 * DAY)
    stage.edit("talk", recording_url=URL)
    stage.run(delivery, LATE + DAY)
    assert len([text for text in stage.platform.texts if text.startswith("Talk")]) == 1
    assert log(stage)["recap"] == (State.SENT, "found on the account's own timeline")


def test_the_timeline_is_not_read_back_to_a_post_that_waited_and_is_in_the_log(made):
    stage = made()
    goes_on(stage, DUE + HOUR)
    stage.edit("talk", recording_url=URL)
    assert goes_on(stage, DUE + 9 * DAY) == [WATCH]
    delivery = stage.delivery(worker="b")
    now = stage.clock.now()
    with stage.store.writing() as connection:
        ground = read_ground(connection, stage.editions.current, now)
        assert resolve.since(connection, delivery.desks[0], ground, now) > now - 2 * DAY


# The plan


def test_the_plan_says_what_is_waited_for_until_when_and_what_then(made):
    stage = made()
    assert standing(stage) == [
        (
            "recap",
            "waiting",
            "waits for the recording until 24 June 10:00; then 'without' goes out",
        ),
        ("recap:otherwise", "planned", "unless the recording comes first"),
    ]
    recap, otherwise = (line for line in lines(stage) if line.post.startswith("recap"))
    assert recap.text == "Talk: https://example.org/recording #MidlandsHealth"
    assert (recap.at, otherwise.at) == (None, END)
    assert recap.key == Key("talk", "recap", "x", "2021-06-10")
    assert otherwise.key == Key("talk", "recap:otherwise", "x", "2021-06-10")


def test_the_plan_says_that_nothing_follows_where_the_file_says_nothing(made):
    stage = made(RULES.replace(", otherwise: without", ""))
    why = "waits for the recording until 24 June 10:00; then nothing goes out"
    assert standing(stage) == [("recap", "waiting", why)]
    stage.clock.advance_to(END)
    assert standing(stage) == [("recap", "skipped", "its recording was not there in time")]
