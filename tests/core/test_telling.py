"""What a post tells is kept as text, and read back as the event it told."""

from dataclasses import replace

import pytest

from bot.core.model import Status
from bot.core.telling import Standing, Telling, as_told, facts, last_told
from tests.support.builders import event, utc


@pytest.mark.parametrize(
    "told",
    [
        event("2021-06-09"),
        event("2021-06-09", "2021-06-11", status=Status.POSTPONED),
        event("2021-06-09 11:00"),
        event("2021-06-09 11:00", "2021-06-09 12:00", location="The Hall", url="https://a.org"),
        event("2021-11-24 09:30", timezone="America/New_York", recording_url="https://b.org"),
    ],
)
def test_an_event_is_read_back_as_it_was_told(told):
    today = replace(told, starts=event("2022-01-01").starts, ends=None, location="elsewhere")
    assert as_told(today, facts(told)) == told


def telling(row, hour, standing=Standing.SENT, **fields):
    return Telling(row, str(row), utc(f"2021-06-01 {hour:02}:00"), standing, facts(event(**fields)))


def number(tellings):
    found = last_told(tellings)
    return found.post_id if found else None


def test_the_newest_text_counts_not_the_newest_row():
    tried_again, newer_row = telling(1, 9), telling(2, 8)
    assert number([tried_again, newer_row]) == 1


def test_a_post_nobody_knows_about_has_told_nothing_for_certain():
    doubtful, pending = telling(2, 9, Standing.DOUBTFUL), telling(3, 10, Standing.PENDING)
    assert number([telling(1, 8), doubtful, pending]) == 1
    assert number([doubtful, pending]) is None


def test_a_post_that_names_no_place_takes_none_back():
    last = last_told([telling(1, 8, location="The Hall"), telling(2, 9)])
    assert last is not None
    assert (last.post_id, last.facts["location"]) == (2, "The Hall")
