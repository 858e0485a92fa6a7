"""Two versions of the organiser's files never both speak."""

from dataclasses import replace
from datetime import timedelta

from bot.services.edition import Editions
from bot.services.force import in_force
from tests.support.stage import REMINDER, Stage

LEASE = timedelta(minutes=2)


def asks(stage, editions, worker):
    with stage.store.writing() as connection:
        now = stage.clock.now()
        return in_force(connection, editions.current, worker, LEASE, now)


def other_files(stage, tmp_path, *, newer):
    (tmp_path / "other").mkdir()
    other = Stage(tmp_path / "other", stage.clock.now())
    other.close()
    other.write("templates/posts/reminder.j2", "Anew: " + REMINDER)
    editions = Editions(other.folder / "schedules.yaml", other.folder / "templates")
    shift = timedelta(hours=1) if newer else timedelta(hours=-1)
    editions.current = replace(editions.current, newest=stage.editions.current.newest + shift)
    return editions


def test_the_first_worker_s_files_are_in_force_and_the_same_files_join_it(stage):
    assert asks(stage, stage.editions, "a")
    assert asks(stage, stage.editions, "b")


def test_a_worker_with_older_files_stands_by(stage, tmp_path):
    assert asks(stage, stage.editions, "a")
    assert not asks(stage, other_files(stage, tmp_path, newer=False), "b")


def test_a_worker_with_newer_files_takes_over_and_the_other_stands_by(stage, tmp_path):
    assert asks(stage, stage.editions, "a")
    assert asks(stage, other_files(stage, tmp_path, newer=True), "b")
    assert not asks(stage, stage.editions, "a")


def test_files_nobody_was_heard_of_for_a_lease_stand_in_nobody_s_way(stage, tmp_path):
    assert asks(stage, stage.editions, "a")
    older = other_files(stage, tmp_path, newer=False)
    stage.clock.advance_to(stage.clock.now() + LEASE)
    assert asks(stage, older, "b")


def test_a_worker_that_goes_on_asking_keeps_its_files_in_force(stage, tmp_path):
    older = other_files(stage, tmp_path, newer=False)
    for _ in range(8):
        assert asks(stage, stage.editions, "a")
        assert not asks(stage, older, "b")
        stage.clock.advance_to(stage.clock.now() + LEASE / 3)
