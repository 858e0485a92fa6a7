"""Hostile surroundings: disks, databases and files that fail, told in a sentence and outlived."""

import os
import resource
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.states import State
from tests.support.crash import SCHEDULES, Round, Worker, said_by, until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]


@pytest.fixture
def round_(tmp_path: Path) -> Iterator[Round]:
    with Round(folder=tmp_path, size=60) as made:
        made.server.delay = 0.2
        yield made


def database(round_: Round) -> Path:
    return round_.folder / "bot.db"


def kept(round_: Round) -> None:
    round_.settle()
    assert round_.score().broken == {}, said_by(round_.workers)


def test_a_full_disk_stops_the_posts_and_room_lets_them_go_on(round_: Round) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 5, 20), worker.log
    _limit_files(worker, database(round_).with_name("bot.db-wal").stat().st_size)
    assert until(lambda: "disk is full" in worker.log or "disk I/O" in worker.log, 20), worker.log
    written = round_.written
    time.sleep(2)
    assert round_.written <= written + 8  # what was claimed before: nothing new
    _limit_files(worker, resource.RLIM_INFINITY)
    kept(round_)
    assert len(round_.workers) == 1


def _limit_files(worker: Worker, size: int) -> None:
    """No file of the process may grow past so many bytes: a disk that is full."""
    pid = worker.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_database_that_another_program_holds_is_waited_for(round_: Round) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 5, 20), worker.log
    with sqlite3.connect(database(round_)) as other:  # what a restore or a backup tool may do
        other.execute("BEGIN EXCLUSIVE")
        written = round_.written
        assert until(lambda: "another program holds the database" in worker.log, 20), worker.log
        assert round_.written <= written + 8
        other.rollback()
    other.close()
    kept(round_)


def test_a_read_only_database_is_told_and_nothing_is_posted(round_: Round) -> None:
    first = round_.start()
    assert until(lambda: round_.written > 3, 20), first.log
    first.kill()
    written = round_.written
    url = f"sqlite:///file:{database(round_)}?mode=ro&uri=true"
    worker = round_.start(DATABASE_URL=url)
    assert until(lambda: "the database is read-only" in worker.log, 20), worker.log
    time.sleep(2)
    assert worker.stop() == 0, worker.log
    assert round_.written == written
    kept(round_)


def runs(round_: Round, *, within: float = 20, **more: str) -> tuple[int, str]:
    """Exit code and words of a worker that cannot start."""
    worker = round_.start(**more)
    code = worker.process.wait(within)
    return code, worker.log


def test_a_database_that_is_no_database_is_told_in_a_sentence(round_: Round) -> None:
    database(round_).write_bytes(b"these are holiday pictures" * 1000)
    code, said = runs(round_)
    assert (code, said.count("\n")) == (1, 1), said
    assert "not an SQLite database" in said


def test_a_damaged_database_is_told_in_a_sentence_and_nothing_is_posted(round_: Round) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 20, 20), worker.log
    worker.kill()
    with sqlite3.connect(database(round_)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    damaged = bytearray(database(round_).read_bytes())
    for page in range(1, len(damaged) // 4096):
        damaged[page * 4096 : page * 4096 + 200] = os.urandom(200)
    database(round_).write_bytes(damaged)
    written = round_.written
    code, said = runs(round_)
    assert code == 1, said
    assert "damaged" in said
    assert "Traceback" not in said
    assert round_.written == written


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(round_: Round) -> None:
    code, said = runs(round_, DATABASE_URL="sqlite:////proc/bot.db")
    assert (code, said.count("\n")) == (1, 1), said
    assert "cannot be opened" in said


def test_a_schedule_swapped_a_hundred_times_under_load_repeats_and_loses_nothing(
    round_: Round,
) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 3, 20), worker.log
    path = round_.folder / "schedules.yaml"
    for number in range(100):
        text = SCHEDULES.replace("grace: 58", f"grace: {10 + number % 40}")
        if number % 10 == 8:
            text = SCHEDULES.replace("  soon:", "  sooner:\n    was: soon")
        if number == 50:
            text = SCHEDULES.replace("posts:\n", "posts:\n  oops\n")  # saved halfway
        swapped = path.with_suffix(f".{number}")
        swapped.write_text(text)
        swapped.replace(path)
        time.sleep(1.5 if number == 50 else 0.02)
    path.write_text(SCHEDULES)
    kept(round_)
    assert "are broken" in worker.log
    assert "are in force" in worker.log


def test_a_lost_disk_repeats_nothing(round_: Round) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 20, 20), worker.log
    worker.kill()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database(round_)}{suffix}").unlink(missing_ok=True)
    kept(round_)


def test_an_older_backup_repeats_nothing(round_: Round) -> None:
    worker = round_.start()
    assert until(lambda: round_.written > 10, 20), worker.log
    backup = round_.folder / "backup.db"
    with sqlite3.connect(database(round_)) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()
    assert until(lambda: round_.written > 35, 20), worker.log
    worker.kill()
    for suffix in ("-wal", "-shm"):
        Path(f"{database(round_)}{suffix}").unlink(missing_ok=True)
    backup.replace(database(round_))
    kept(round_)


def test_stops_in_mid_burst_leave_nothing_that_is_being_sent(round_: Round) -> None:
    for _ in range(4):
        before = round_.written
        worker = round_.start()
        assert until(lambda: round_.written > before + 3, 20), worker.log  # noqa: B023
        worker.stop()
        assert all(row.state is not State.SENDING for row in round_.rows()), worker.log
    kept(round_)
