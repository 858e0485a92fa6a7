"""Workers are killed in the middle of everything, and every post is on the server exactly once.

`make test-crash POSTS=10000 KILLS=200` makes it long; it prints the score after each round.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from pathlib import Path

import pytest

from tests.support.crash import Score, play

POSTS = int(os.environ.get("POSTS") or 150)
KILLS = int(os.environ.get("KILLS") or 8)
SEED = int(os.environ.get("SEED") or 1)
A_ROUND = 1_000  # posts: X lists no more than the newest 3,200 of an account
AT_ONCE = 2  # rounds


def rounds(posts: int, kills: int) -> Iterator[tuple[int, int]]:
    """Posts and kills of each round."""
    count = -(-posts // A_ROUND)
    for number in range(count):
        yield (
            posts * (number + 1) // count - posts * number // count,
            kills * (number + 1) // count - kills * number // count,
        )


def say(line: str) -> None:
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()


@pytest.mark.crash
@pytest.mark.timeout(0 if POSTS > A_ROUND else 240)
def test_whatever_kills_the_worker_every_post_is_written_exactly_once(tmp_path: Path) -> None:
    def one(numbered: tuple[int, tuple[int, int]]) -> Score:
        number, (size, kills) = numbered
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        return play(folder, size=size, kills=kills, seed=SEED + number)

    scores: list[Score] = []
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for score in pool.map(one, enumerate(rounds(POSTS, KILLS))):
            scores.append(score)
            say(f"round {len(scores)}:\n{score.table()}")
    total = reduce(add, scores)
    total.seconds = time.monotonic() - began
    say(f"all:\n{total.table()}")
    assert total.posts == POSTS
    assert total.kills == KILLS
    assert total.faults > 0
    assert total.broken == {}
