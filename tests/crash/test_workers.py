"""Several workers on one PostgreSQL: frozen, cut off, of other minds and with other clocks."""

import re
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.support.crash import MIX, Round, said_by, until
from tests.support.databases import Cluster, cluster, fresh_database

pytestmark = [pytest.mark.crash, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def round_(server: Cluster, tmp_path: Path) -> Iterator[Round]:
    with Round(folder=tmp_path, size=150, database=fresh_database(server.url)) as made:
        made.server.delay = 0.3
        yield made


def holder(round_: Round) -> int:
    """The process that serves the channel."""
    with psycopg.connect(round_.database) as connection:
        row = connection.execute("SELECT lease_holder FROM channels").fetchone()
    assert row is not None
    return int(row[0].split(":")[1])


def kept(round_: Round) -> None:
    round_.settle()
    score = round_.score()
    assert score.broken == {}, said_by(round_.workers)


def test_a_worker_frozen_past_its_lease_is_replaced_and_does_no_harm_when_it_wakes(
    round_: Round,
) -> None:
    round_.server.plan.mix(MIX, seed=1)
    workers = [round_.start() for _ in range(3)]
    for _ in range(3):  # wherever it is: in a transaction, before a byte, waiting for an answer
        before = round_.written
        assert until(lambda: round_.written > before + 8, 20), said_by(workers)  # noqa: B023
        [frozen] = [one for one in workers if one.process.pid == holder(round_)]
        frozen.signal(signal.SIGSTOP)
        time.sleep(0.2)  # for what it had sent to arrive
        before, began = round_.written, time.monotonic()
        assert until(lambda: round_.written > before, 20), said_by(workers)  # noqa: B023
        assert time.monotonic() - began < 10
        frozen.signal(signal.SIGCONT)
    kept(round_)


def test_a_database_that_goes_away_in_mid_burst_and_comes_back_costs_nothing(
    server: Cluster, round_: Round
) -> None:
    workers = [round_.start() for _ in range(2)]
    for _ in range(2):
        before = round_.written
        assert until(lambda: round_.written > before + 10, 20), said_by(workers)  # noqa: B023
        server.stop()
        time.sleep(1.5)
        server.start()
    kept(round_)
    assert all(worker.process.returncode == 0 for worker in workers)
    assert any("tried again" in worker.log for worker in workers)


def test_two_versions_of_the_files_never_both_speak(round_: Round, tmp_path: Path) -> None:
    round_.server.delay = 0.6
    old = round_.start()
    assert until(lambda: round_.written > 20, 20), old.log
    template = "{{ event.title }}, in new words. {{ series.hashtag }}\n"
    newer = round_.furnish(tmp_path / "newer", template)
    new = round_.start(newer)
    assert until(lambda: "new words" in round_.server.texts[-1], 20), said_by([old, new])
    late = round_.start()  # of the old files again
    assert until(lambda: "posts as" in late.log, 20), late.log
    kept(round_)
    versions = ["new" if "new words" in text else "old" for text in round_.server.texts]
    assert versions == sorted(versions, reverse=True), versions


def test_workers_whose_clocks_are_minutes_apart_agree_on_the_time(round_: Round) -> None:
    workers = [round_.start(BOT_CLOCK_OFFSET=offset) for offset in ("60", "-90")]
    assert until(lambda: round_.written > 20, 30), said_by(workers)
    first = min(post.created_at for post in round_.server.posts)
    assert timedelta(0) <= first - round_.due < timedelta(seconds=8)
    [holding] = [one for one in workers if one.process.pid == holder(round_)]
    holding.kill()
    kept(round_)
    offsets = {re.findall(r"clock is (\S+) seconds", worker.log)[0] for worker in workers}
    assert {round(float(offset), -1) for offset in offsets} == {-60.0, 90.0}
