"""Sources come into the store on start, when their file changes, and every so often."""

from datetime import timedelta

import pytest

from bot.schedules import read as read_schedules
from bot.services.sync import Syncing, merged
from bot.store import events, meta
from bot.store.events import Author
from tests.support.builders import utc

HEAD = """\
series: {name: S, hashtag: "#MidlandsHealth", timezone: Europe/London, url: "https://example.org/s"}
channels: {x: {platform: x}}
posts: {soon: {when: 1 hour before start, template: reminder}}
sources:
"""


@pytest.fixture
def schedules():
    return read_schedules(HEAD + "  - yaml: events.yaml\n", name="schedules.yaml")


@pytest.fixture
def syncing(stage):
    return Syncing(store=stage.store, clock=stage.clock, folder=stage.folder)


def listed(*titles, day=9):
    return "".join(f"- {{title: {title}, starts: 2021-06-{day:02}}}\n" for title in titles)


def known(stage):
    with stage.store.reading() as connection:
        return events.load(connection)


def revision(stage):
    with stage.store.reading() as connection:
        return meta.revision(connection)


def test_a_source_is_read_on_start_and_again_when_its_file_changes(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    assert [one.event.title for one in known(stage)] == ["Talk"]
    stage.write("events.yaml", listed("Talk", "Another"))
    syncing.look(schedules)
    assert [one.event.title for one in known(stage)] == ["Another", "Talk"]


def test_the_same_again_changes_nothing(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    before = revision(stage)
    stage.write("events.yaml", listed("Talk") + "\n")
    syncing.look(schedules)
    assert revision(stage) == before


def test_a_changed_date_is_a_move_of_the_same_event(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    [before] = known(stage)
    stage.clock.advance_to(stage.clock.now() + timedelta(days=1))
    stage.write("events.yaml", listed("Talk", day=16))
    syncing.look(schedules)
    [after] = known(stage)
    assert (after.event.uid, after.event.first_day.day) == (before.event.uid, 16)
    assert (after.created_at, after.dated_at) == (before.created_at, stage.clock.now())


def test_an_event_that_vanishes_falls_silent_and_may_return(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk", "Other"))
    syncing.look(schedules)
    stage.write("events.yaml", listed("Other"))
    syncing.look(schedules)
    gone = {one.event.title: one.vanished_at for one in known(stage)}
    assert gone == {"Talk": stage.clock.now(), "Other": None}
    stage.write("events.yaml", listed("Talk", "Other"))
    syncing.look(schedules)
    assert [one.vanished_at for one in known(stage)] == [None, None]


def test_what_a_person_set_is_not_overwritten(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    [one] = known(stage)
    with stage.store.writing() as connection:
        author = Author(
            who="ana", at=stage.clock.now(), revision=meta.bump(connection), by_hand=True
        )
        events.change(connection, one.event.uid, {"location": "Leicester"}, author)
    stage.write("events.yaml", "- {title: Talk, starts: 2021-06-09, location: Nottingham}\n")
    syncing.look(schedules)
    assert known(stage)[0].event.location == "Leicester"


@pytest.mark.parametrize("broken", ["- {title: Talk", "\x00\x01", ""])
def test_a_source_that_cannot_be_read_changes_nothing_and_is_told(
    stage, syncing, schedules, broken
):
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    stage.write("events.yaml", broken)
    syncing.look(schedules)
    assert [one.vanished_at for one in known(stage)] == [None]
    [said] = syncing.troubles.values()
    assert "events.yaml" in said
    stage.write("events.yaml", listed("Talk"))
    syncing.look(schedules)
    assert syncing.troubles == {}


def test_a_file_that_is_not_there_is_told(stage, syncing, schedules):
    syncing.look(schedules)
    [said] = syncing.troubles.values()
    assert "is not there" in said


def test_lines_that_were_refused_are_told_and_the_rest_is_taken(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk") + "- {title: No date}\n")
    syncing.look(schedules)
    assert [one.event.title for one in known(stage)] == ["Talk"]
    [said] = syncing.troubles.values()
    assert "events.yaml:2: " in said


def test_a_source_that_is_to_be_read_every_so_often_is_due_then(stage, syncing):
    often = HEAD + "  - yaml: events.yaml\n    every: 30 minutes\n"
    schedules = read_schedules(often, name="schedules.yaml")
    stage.write("events.yaml", listed("Talk"))
    assert len(syncing.due(schedules)) == 1
    assert syncing.due(schedules) == []
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=30))
    assert len(syncing.due(schedules)) == 1


def test_what_a_sync_would_do_is_seen_without_doing_it(stage, syncing, schedules):
    stage.write("events.yaml", listed("Talk", "Other"))
    syncing.look(schedules)
    stage.write("events.yaml", listed("Talk", day=16) + listed("New"))
    with stage.store.reading() as connection:
        refs = events.all_refs(connection)
    now = utc("2021-06-01 00:00")
    seen = merged(known(stage), schedules, stage.folder, now, refs)
    before = revision(stage)
    syncing.look(schedules)
    told = {one.event.uid: (one.event, one.vanished_at is None) for one in seen}
    assert told == {one.event.uid: (one.event, one.vanished_at is None) for one in known(stage)}
    assert revision(stage) == before + 1


def test_a_source_outside_of_the_folder_is_refused(stage, syncing, tmp_path):
    stage.write("events.yaml", listed("Talk"))
    (stage.folder / "link.yaml").symlink_to("/etc/passwd")
    schedules = read_schedules(HEAD + "  - yaml: link.yaml\n", name="schedules.yaml")
    syncing.look(schedules)
    assert known(stage) == []
    [said] = syncing.troubles.values()
    assert "leads out of the folder" in said
