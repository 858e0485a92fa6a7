"""What was told and is so no longer is put right: once, in time, and only where it was told."""

from datetime import timedelta

import pytest

from bot.core.model import Entry, EventFields, Reading, Status
from bot.core.states import Cause, State
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services import sync
from bot.store import events, log, meta, posts
from bot.store.claims import Settlement
from bot.store.events import Author
from tests.support.builders import event, utc
from tests.support.stage import CHANNELS, SERIES, answers, lost, vanished

RULES = """\
posts:
  moved: {on: moved, template: moved}
  cancelled: {on: cancelled, template: cancelled}
  postponed: {on: postponed, template: postponed}
  reinstated: {on: reinstated, template: reinstated}
  recording: {on: recording, template: recording}
  changed: {on: changed, template: changed}
  week-before: {when: 7 days before start at 09:00, template: reminder}
  day-before: {when: 1 day before start at 12:00, template: reminder}
"""
WORDS = {
    "moved": "Moved: {{ event.title }}, now {{ event | when }} (was {{ told | daterange }})",
    "cancelled": "Cancelled: {{ event.title }}, {{ told | daterange }}",
    "postponed": "Postponed: {{ event.title }}, {{ told | daterange }}",
    "reinstated": "After all: {{ event.title }}, {{ event | when }}",
    "recording": "Watch: {{ event.recording_url }}",
    "changed": "Now at {{ event.location }}, was {{ told.location }}. {{ event.url }}",
    "added": "New: {{ event.title }}, {{ event | when }}",
    "recap": "Thank you all. {{ event.recording_url }}",
}
TOLD = utc("2021-06-03 08:00")
"""When the event of the 10th is announced."""

SETTLED = timedelta(minutes=15)
HASHTAG = " #MidlandsHealth"


@pytest.fixture
def made(staged):
    def make(rules=RULES, *, announced=True, **fields):
        one = staged(rules=rules, words=WORDS)
        one.add(event("2021-06-10 11:00", "2021-06-10 12:00", uid="talk", title="Talk", **fields))
        if announced:
            one.run(one.delivery(), TOLD)
        return one

    return make


def rest(stage, until, *, delivery=None):
    """What is posted from now on."""
    before = len(stage.platform.taken)
    stage.run(delivery or stage.delivery(), until)
    return [text.removesuffix(HASHTAG) for text in stage.platform.texts[before:]]


def at(stage, instant):
    stage.run(stage.delivery(), instant)


def test_a_moved_event_is_put_right_once_the_change_has_stood_a_quarter_of_an_hour(made):
    stage = made()
    at(stage, utc("2021-06-07 10:00"))
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=utc("2021-06-11 11:00"))
    assert rest(stage, utc("2021-06-07 10:14")) == []
    moved = "Moved: Talk, now Fri 11 June, 11:00–12:00 BST (was Thu 10 June)"
    assert rest(stage, utc("2021-06-07 10:15")) == [moved]
    assert rest(stage, utc("2021-06-09 10:00")) == []


def test_it_is_a_reply_to_the_post_that_told_the_old_date(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=utc("2021-06-11 11:00"))
    rest(stage, TOLD + SETTLED)
    announcement, correction = stage.platform.parcels
    assert (announcement.reply_to, correction.reply_to) == (None, "1")


def test_a_change_that_is_undone_in_time_is_not_spoken_of(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=utc("2021-06-11 11:00"))
    assert rest(stage, TOLD + timedelta(minutes=10)) == []
    stage.edit("talk", starts=utc("2021-06-10 10:00"), ends=utc("2021-06-10 11:00"))
    assert rest(stage, utc("2021-06-08 08:00")) == []


def test_every_date_that_stood_is_told_and_each_telling_is_put_right_once(made):
    stage = made()
    found = []
    for day in (11, 10, 11):
        stage.edit("talk", starts=utc(f"2021-06-{day} 10:00"), ends=utc(f"2021-06-{day} 11:00"))
        found += rest(stage, stage.clock.now() + timedelta(hours=1))
    assert [text[:30] for text in found] == [
        "Moved: Talk, now Fri 11 June, ",
        "Moved: Talk, now Thu 10 June, ",
        "Moved: Talk, now Fri 11 June, ",
    ]


def test_cancelled_reinstated_and_cancelled_again_is_told_three_times(made):
    stage = made()
    found = []
    for status in (Status.CANCELLED, Status.CONFIRMED, Status.CANCELLED):
        stage.edit("talk", status=status)
        found += rest(stage, stage.clock.now() + timedelta(hours=1))
    cancelled = "Cancelled: Talk, Thu 10 June"
    assert found == [cancelled, "After all: Talk, Thu 10 June, 11:00–12:00 BST", cancelled]
    assert rest(stage, utc("2021-06-12 00:00")) == []


def test_an_event_that_is_reinstated_before_its_cancellation_was_told_is_not_spoken_of(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    rest(stage, TOLD + timedelta(minutes=5))
    stage.edit("talk", status=Status.CONFIRMED)
    assert rest(stage, utc("2021-06-08 08:00")) == []


def test_nothing_is_said_of_what_had_not_been_announced(made):
    stage = made(announced=False)
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-12 00:00")) == []


def test_a_postponed_event_gets_its_new_date_told_even_when_the_old_one_has_passed(made):
    stage = made()
    stage.edit("talk", status=Status.POSTPONED)
    assert rest(stage, utc("2021-06-14 09:00")) == ["Postponed: Talk, Thu 10 June"]
    stage.edit(
        "talk",
        status=Status.CONFIRMED,
        starts=utc("2021-06-30 10:00"),
        ends=utc("2021-06-30 11:00"),
    )
    assert rest(stage, utc("2021-06-15 00:00")) == ["After all: Talk, Wed 30 June, 11:00–12:00 BST"]


def test_cancelling_comes_before_moving(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None, status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-08 08:00")) == ["Cancelled: Talk, Thu 10 June"]


def test_nothing_is_told_once_the_date_that_was_told_has_begun(made):
    stage = made()
    at(stage, utc("2021-06-10 09:50"))
    stage.edit("talk", starts=utc("2021-06-17 10:00"), ends=None)
    notices = [text for text in rest(stage, utc("2021-06-16 00:00")) if "Moved" in text]
    assert notices == []


def test_a_clock_time_that_completes_a_date_is_no_move(staged):
    stage = staged(rules=RULES, words=WORDS)
    stage.add(event("2021-06-10", uid="talk", title="Talk"))
    at(stage, TOLD)
    stage.edit("talk", starts=utc("2021-06-10 10:00"), ends=utc("2021-06-10 11:00"))
    assert rest(stage, utc("2021-06-09 10:00")) == []


def test_another_place_or_page_is_told(made):
    stage = made(location="The Hall", url="https://example.org/talk")
    stage.edit("talk", location="Room 7")
    assert rest(stage, utc("2021-06-04 00:00")) == [
        "Now at Room 7, was The Hall. https://example.org/talk"
    ]


def test_a_place_that_only_became_known_is_no_news(made):
    stage = made()
    stage.edit("talk", location="Room 7")
    assert rest(stage, utc("2021-06-08 00:00")) == []


def test_where_no_rule_tells_the_greater_change_the_lesser_one_is_told(made):
    stage = made(rules=RULES.replace("  reinstated: {on: reinstated, template: reinstated}\n", ""))
    stage.edit("talk", status=Status.CANCELLED)
    rest(stage, utc("2021-06-04 08:00"))
    stage.edit("talk", status=Status.CONFIRMED, starts=utc("2021-06-16 10:00"), ends=None)
    assert rest(stage, utc("2021-06-04 09:00")) == [
        "Moved: Talk, now Wed 16 June, 11:00 BST (was Thu 10 June)"
    ]


def test_a_vanished_event_is_silent_and_what_it_changed_meanwhile_is_told_when_it_returns(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None)
    vanish(stage, vanished=True)
    assert rest(stage, utc("2021-06-05 08:00")) == []
    vanish(stage, vanished=False)
    assert rest(stage, utc("2021-06-05 08:14")) == []
    assert len(rest(stage, utc("2021-06-05 08:15"))) == 1


def vanish(stage, *, vanished):
    with stage.store.writing() as connection:
        author = Author(who="list", at=stage.clock.now(), revision=meta.bump(connection))
        events.mark_vanished(connection, "talk", author, vanished=vanished)


QUIET = 'quiet_hours: {from: "21:00", until: "08:00"}\nlimits: {per_day: 1, gap: 20 minutes}\n'


def test_within_a_day_of_the_start_no_hour_is_quiet(made):
    stage = made(rules=QUIET + RULES)
    at(stage, utc("2021-06-09 20:30"))
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-09 20:45")) == ["Cancelled: Talk, Thu 10 June"]


@pytest.mark.parametrize("quiet", [QUIET, QUIET.partition("\n")[0] + "\n"])
def test_longer_before_it_a_notice_waits_for_the_end_of_quiet_hours(made, quiet):
    stage = made(rules=quiet + RULES)
    at(stage, utc("2021-06-05 20:30"))
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-06 06:59")) == []
    assert rest(stage, utc("2021-06-06 07:00")) == ["Cancelled: Talk, Thu 10 June"]


def test_it_does_not_count_in_the_limits_and_is_not_held_by_them(made):
    stage = made(rules="limits: {per_day: 1, gap: 3 hours}\n" + RULES)
    stage.add(event("2021-06-05 15:00", uid="other", title="Other"))
    at(stage, utc("2021-06-04 11:00"))  # the day's only post: Other is tomorrow
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-04 12:00")) == ["Cancelled: Talk, Thu 10 June"]
    stage.edit("other", status=Status.CANCELLED)
    stage.add(event("2021-06-06 15:00", uid="third", title="Third"))
    assert rest(stage, utc("2021-06-05 11:00")) == [
        "Cancelled: Other, Sat 5 June",
        "Tomorrow: Third",
    ]


RECAP = RULES + "  recap: {when: 1 day after end at 10:00, template: recap, grace: 2 hours}\n"
WATCH = "https://example.org/watch"


def test_a_recording_is_told_where_the_recap_went_out_without_it(made):
    stage = made(rules=RECAP)
    at(stage, utc("2021-06-11 12:00"))
    stage.edit("talk", recording_url=WATCH)
    assert rest(stage, utc("2021-06-20 00:00")) == [f"Watch: {WATCH}"]


def test_a_recap_that_is_still_to_come_tells_the_recording_itself(made):
    stage = made(rules=RECAP)
    at(stage, utc("2021-06-10 12:00"))
    stage.edit("talk", recording_url=WATCH)
    assert rest(stage, utc("2021-06-20 00:00")) == [f"Thank you all. {WATCH}"]


def test_a_recap_that_will_not_link_to_the_recording_holds_up_nothing(made):
    stage = made(rules=RECAP)
    stage.write("templates/posts/recap.j2", "Thank you all. {{ series.hashtag }}")
    stage.editions.refresh()
    at(stage, utc("2021-06-10 12:00"))
    stage.edit("talk", recording_url=WATCH)
    assert rest(stage, utc("2021-06-20 00:00")) == [f"Watch: {WATCH}", "Thank you all."]


def test_a_recap_that_was_missed_leaves_the_recording_to_its_notice(made):
    stage = made(rules=RECAP)
    at(stage, utc("2021-06-10 12:00"))
    stage.edit("talk", recording_url=WATCH)
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.CONTENT, error="not so")
    stage.platform.script = [answers(refused)]
    assert rest(stage, utc("2021-06-20 00:00")) == [f"Watch: {WATCH}"]


def test_a_recording_known_before_the_event_is_told_when_it_is_over(made):
    stage = made()
    stage.edit("talk", recording_url=WATCH)
    assert f"Watch: {WATCH}" not in rest(stage, utc("2021-06-10 10:59"))
    assert rest(stage, utc("2021-06-10 11:00")) == [f"Watch: {WATCH}"]


ADDED = "posts:\n  added: {on: added, template: added}\n" + RULES.partition("\n")[2]


def listing(stage, *found):
    """The list is read, and holds these."""
    entries = [
        Entry(
            line=number,
            fields=EventFields(
                title=title,
                starts=utc(starts),
                ends=None,
                timezone="Europe/London",
            ),
        )
        for number, (title, starts) in enumerate(found, 1)
    ]
    with stage.store.writing() as connection:
        reading = Reading(entries=entries)
        sync.apply(connection, reading, "listing:a.txt", stage.clock.now(), absence_means=True)


FIRST, SECOND = ("First", "2021-06-20 10:00"), ("Second", "2021-06-21 10:00")


def test_an_event_that_is_new_in_the_list_is_told_and_what_the_first_reading_held_is_not(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-01 08:00"))
    listing(stage, FIRST)
    assert rest(stage, utc("2021-06-01 09:00")) == []
    listing(stage, FIRST, SECOND)
    assert rest(stage, utc("2021-06-01 09:14")) == []
    assert rest(stage, utc("2021-06-01 09:15")) == ["New: Second, Mon 21 June, 11:00 BST"]
    assert rest(stage, utc("2021-06-10 09:15")) == []


def test_a_list_that_was_empty_at_first_has_only_news(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-01 08:00"))
    listing(stage)
    at(stage, utc("2021-06-02 08:00"))
    listing(stage, FIRST)
    assert len(rest(stage, utc("2021-06-03 09:00"))) == 1


def test_what_was_there_before_the_rule_is_no_news(staged):
    stage = staged(rules=RULES, words=WORDS)
    at(stage, utc("2021-06-01 08:00"))
    stage.add(event("2021-06-20 11:00", uid="talk"))
    at(stage, utc("2021-06-01 08:05"))
    stage.write("schedules.yaml", SERIES + CHANNELS + ADDED)
    stage.editions.refresh()
    assert rest(stage, utc("2021-06-10 08:00")) == []


def test_an_event_that_a_reminder_told_first_is_no_news(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-03 08:01"))
    stage.add(event("2021-06-10 11:00", uid="talk", title="Talk"))
    assert rest(stage, utc("2021-06-08 08:00")) == ["In a week: Talk"]


def test_an_event_without_a_title_is_news_when_it_has_one(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-01 08:00"))
    stage.add(event("2021-06-20 11:00", uid="talk", title="TBA"))
    assert rest(stage, utc("2021-06-02 08:00")) == []
    stage.edit("talk", title="Talk")
    assert rest(stage, utc("2021-06-03 08:00")) == ["New: Talk, Sun 20 June, 11:00 BST"]


def test_a_new_rule_tells_what_has_just_changed_and_not_what_changed_long_ago(made):
    only = RULES.replace("  moved: {on: moved, template: moved}\n", "")
    stage = made(rules=only)
    stage.edit("talk", starts=utc("2021-06-14 10:00"), ends=None)
    stage.add(event("2021-06-10 15:00", uid="other", title="Other"))
    at(stage, utc("2021-06-03 10:00"))
    at(stage, utc("2021-06-04 10:00"))
    stage.edit("other", starts=utc("2021-06-14 14:00"), ends=None)
    at(stage, utc("2021-06-04 12:00"))
    stage.write("schedules.yaml", SERIES + CHANNELS + RULES)
    stage.editions.refresh()
    assert [text[:13] for text in rest(stage, utc("2021-06-06 10:00"))] == ["Moved: Other,"]


# Nobody knows


def test_a_notice_waits_until_it_is_known_what_became_of_a_post_about_the_event(made):
    stage = made()
    at(stage, utc("2021-06-09 10:59"))
    stage.platform.script = [lost]
    at(stage, utc("2021-06-09 11:00"))
    stage.platform.unreadable = True
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None)
    assert rest(stage, utc("2021-06-09 11:30")) == []
    stage.platform.unreadable = False
    assert rest(stage, utc("2021-06-09 12:00")) == [
        "Moved: Talk, now Fri 11 June, 11:00 BST (was Thu 10 June)"
    ]


def test_a_notice_whose_answer_was_lost_is_found_and_not_sent_again(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    stage.platform.script = [lost]
    assert rest(stage, utc("2021-06-05 08:00")) == ["Cancelled: Talk, Thu 10 June"]
    assert notice(stage).state is State.SENT


def test_a_notice_that_vanished_is_sent_again_while_it_is_still_so(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    stage.platform.script = [vanished]
    assert rest(stage, utc("2021-06-05 08:00")) == ["Cancelled: Talk, Thu 10 June"]
    assert (notice(stage).state, notice(stage).tries) == (State.SENT, 2)
    first, second = stage.platform.parcels[1:]
    assert (first, first.reply_to) == (second, "1")


def test_a_notice_that_vanished_and_is_no_longer_so_is_not_sent_again(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    stage.platform.script = [vanished]
    at(stage, TOLD + timedelta(minutes=16))
    stage.edit("talk", status=Status.CONFIRMED)
    assert rest(stage, utc("2021-06-05 08:00")) == []


def test_what_is_untrue_whether_or_not_a_lost_notice_got_through_is_put_right(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None)
    stage.platform.script = [vanished]
    at(stage, TOLD + timedelta(minutes=16))
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-05 08:00")) == ["Cancelled: Talk, Thu 10 June"]


def test_a_notice_that_was_refused_is_tried_again_with_the_date_as_it_is_then(made):
    stage = made()
    stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None)
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="503")
    stage.platform.script = [answers(refused)]
    at(stage, TOLD + timedelta(minutes=15))
    stage.edit("talk", starts=utc("2021-06-14 10:00"), ends=None)
    assert rest(stage, utc("2021-06-04 00:00")) == [
        "Moved: Talk, now Mon 14 June, 11:00 BST (was Thu 10 June)"
    ]


def test_a_change_while_a_post_is_under_way_is_put_right_when_it_has_landed(made):
    stage = made(announced=False)

    def moved_meanwhile(platform, parcel):
        stage.edit("talk", starts=utc("2021-06-11 10:00"), ends=None)

    stage.platform.script = [moved_meanwhile]
    assert rest(stage, TOLD + timedelta(hours=1)) == [
        "In a week: Talk",
        "Moved: Talk, now Fri 11 June, 11:00 BST (was Thu 10 June)",
    ]


def test_two_workers_tell_it_once(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    at(stage, TOLD + timedelta(minutes=14))
    a, b = stage.delivery(worker="a"), stage.delivery(worker="b")
    stage.run(a, TOLD + timedelta(minutes=14))
    assert rest(stage, TOLD + timedelta(minutes=16), delivery=b) == []
    stage.run(a, TOLD + timedelta(minutes=17))
    assert stage.platform.texts[1:] == ["Cancelled: Talk, Thu 10 June" + HASHTAG]


def test_an_older_backup_tells_no_notice_a_second_time(made):
    stage = made()
    stage.edit("talk", status=Status.CANCELLED)
    at(stage, utc("2021-06-05 08:00"))
    with stage.store.writing() as connection:
        newest = notice(stage).id
        for table, column in (("attempts", "post_id"), ("told", "post_id"), ("posts", "id")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", (newest,))
    assert rest(stage, utc("2021-06-06 08:00")) == []
    assert notice(stage).reason == "found on the account's own timeline"


def test_a_lost_disk_makes_nothing_untrue(made, staged):
    stage = made()
    new = staged(folder="new disk", rules=RULES, words=WORDS)
    new.clock.advance_to(TOLD + timedelta(minutes=10))
    new.platform = stage.platform
    new.platform.clock = new.clock
    new.add(event("2021-06-10 11:00", "2021-06-10 12:00", uid="talk", title="Talk"))
    at(new, TOLD + timedelta(hours=1))
    assert stage.platform.texts == ["In a week: Talk #MidlandsHealth"]
    new.edit("talk", status=Status.CANCELLED)
    assert rest(new, TOLD + timedelta(hours=2)) == ["Cancelled: Talk, Thu 10 June"]


def notice(stage):
    with stage.store.reading() as connection:
        rows = [row for row in posts.all_posts(connection) if row.key.reference.isdigit()]
    [found] = rows
    return found


def test_a_reminder_that_cannot_be_written_holds_up_no_news_of_its_event(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-03 07:30"))
    stage.write("templates/posts/reminder.j2", "{{ event.titel }} {{ series.hashtag }}")
    stage.editions.refresh()
    stage.add(event("2021-06-10 11:00", uid="talk", title="Talk"))
    assert rest(stage, utc("2021-06-03 09:00")) == ["New: Talk, Thu 10 June, 11:00 BST"]


def test_a_reminder_and_news_that_are_due_at_once_are_one_post(staged):
    stage = staged(rules=ADDED, words=WORDS)
    at(stage, utc("2021-06-03 07:30"))
    stage.add(event("2021-06-10 11:00", uid="talk", title="Talk"))
    stage.clock.advance_to(utc("2021-06-03 08:10"))
    assert rest(stage, utc("2021-06-03 12:00")) == ["In a week: Talk"]


def test_a_notice_that_cannot_be_written_is_tried_once_and_told_of_when_it_is_too_late(made):
    stage = made()
    stage.write("templates/posts/cancelled.j2", "{{ event.titel }} {{ series.hashtag }}")
    stage.editions.refresh()
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-10 12:00")) == []
    assert (notice(stage).state, notice(stage).reason[:27]) == (
        State.DROPPED,
        "its text cannot be written:",
    )


def test_what_was_taken_down_is_not_put_right(made):
    stage = made()
    with stage.store.writing() as connection:
        [row] = posts.all_posts(connection)
        gone = Settlement(
            post_id=row.id,
            tries=row.tries,
            cause=Cause.SETTLED,
            phase="post",
            outcome="deleted",
            ended=stage.clock.now(),
            remote_id=row.remote_id,
        )
        log.taken_down(connection, gone, gone=True)
    stage.edit("talk", status=Status.CANCELLED)
    assert rest(stage, utc("2021-06-12 00:00")) == []


def test_other_posts_about_an_event_let_a_correction_go_first(made):
    stage = made()
    at(stage, utc("2021-06-09 10:50"))
    stage.edit("talk", starts=utc("2021-06-10 14:00"), ends=None)
    assert rest(stage, utc("2021-06-09 12:00")) == [
        "Moved: Talk, now Thu 10 June, 15:00 BST (was Thu 10 June)",
        "Tomorrow: Talk",
    ]
