"""What was told and is so no longer is put right: once, in time, and only where it was told."""

from datetime import timedelta

import pytest

from bot.core.model import Status
from bot.store import events, meta
from bot.store.events import Author
from tests.support.builders import event, utc

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
