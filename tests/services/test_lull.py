"""What is not asked again, and what is in spite of it."""

import pytest

from bot.services.lull import LONGEST, Lull
from bot.store import meta
from bot.store.session import Store
from tests.support.builders import utc

FINE: dict[str, str] = {}
BROKEN = {"files": "The edited files are broken"}


def test_without_an_answer_there_is_no_lull():
    assert not Lull().lasts((1, FINE), 0.0)


@pytest.mark.parametrize(
    ("seen", "elapsed", "lasts"),
    [
        ((1, FINE), 10.0, True),
        ((2, FINE), 10.0, False),
        ((1, BROKEN), 10.0, False),
        ((1, FINE), LONGEST, False),
    ],
)
def test_a_lull_ends_with_what_is_written_what_is_wrong_and_with_time(seen, elapsed, lasts):
    lull = Lull()
    lull.begin((1, FINE), 0.0)
    assert lull.lasts(seen, elapsed) is lasts


def test_where_nobody_counts_what_is_written_it_is_asked_again():
    lull = Lull()
    lull.begin((None, FINE), 0.0)
    assert not lull.lasts((None, FINE), 1.0)


def test_what_another_process_writes_is_counted_and_what_nobody_writes_is_not(stage):
    before = meta.touched(stage.store)
    assert meta.touched(stage.store) == before
    other = Store(stage.store.url)
    with other.writing() as connection:
        meta.put(connection, "anything", utc("2021-06-09 11:00").isoformat())
    other.close()
    if stage.store.is_sqlite:
        assert meta.touched(stage.store) != before
    else:
        assert meta.touched(stage.store) is None
