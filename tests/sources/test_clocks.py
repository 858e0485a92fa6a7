from datetime import UTC, date, datetime, time

import pytest

from bot.sources.clocks import Times, at_end, here, left_over
from bot.sources.texts import UnreadableError

DAY = date(2021, 6, 9)


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("11:00", "11:00", None),
        ("11:00-12:00", "11:00", "12:00"),
        ("09:30 \u2013 10:15", "09:30", "10:15"),
        ("9:30-10:15", "09:30", "10:15"),
        ("02:30", "02:30", None),
        ("at 14:00", "14:00", None),
        ("from 14:00 to 15:00", "14:00", "15:00"),
        ("at 11.30", "11:30", None),
        ("11.00-12.30", "11:00", "12:30"),
        ("9.00-10.00", "09:00", "10:00"),
        ("11am", "11:00", None),
        ("11 a.m.", "11:00", None),
        ("12am", "00:00", None),
        ("12pm", "12:00", None),
        ("12.30pm", "12:30", None),
        ("2-3pm", "14:00", "15:00"),
        ("11-1pm", "11:00", "13:00"),
        ("11am - 12.30pm", "11:00", "12:30"),
        ("11am - 12.30", "11:00", "12:30"),
        ("11am-1", "11:00", "13:00"),
        ("1pm-2:30", "13:00", "14:30"),
        ("13:00-2pm", "13:00", "14:00"),
        ("10-11:30", "10:00", "11:30"),
        ("12 noon", "12:00", None),
        ("at noon", "12:00", None),
        ("11:00-noon", "11:00", "12:00"),
        ("noon - 13:00", "12:00", "13:00"),
        ("14:00hrs", "14:00", None),
        ("(11:00-12:00)", "11:00", "12:00"),
    ],
)
def test_a_time_is_read_however_it_is_written(written: str, starts: str, ends: str | None) -> None:
    expected = Times(
        starts=time.fromisoformat(starts), ends=time.fromisoformat(ends) if ends else None
    )
    title = "A talk, "
    for found in (here(written, 0), at_end(written), at_end(f"{title}{written}")):
        assert found
        assert found.times == expected
    assert here(written, 0) == at_end(written)
    last = at_end(f"{title}{written}")
    assert last
    assert (last.start, last.end) == (len(title), len(title + written))


@pytest.mark.parametrize(
    "title",
    [
        "Talk", "Talk 9", "COVID-19", "Series 2020-21", "Release 2.10", "Rooms 1.10-2.20", "5-7",
        "High noon", "Ratio 1:100", "Version 10", "at 14", "pm", "Talk (part 2)",
    ],
)  # fmt: skip
def test_a_number_of_the_title_is_no_time(title: str) -> None:
    assert at_end(title) is None
    assert left_over(title) is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2:30", "'2:30' may be in the morning or in the afternoon; write 02:30 or 14:30"),
        ("24:00", "there is no clock time 24:00"),
        ("12:60", "there is no clock time 12:60"),
        ("13pm", "there is no clock time 13pm"),
        ("0am", "there is no clock time 0am"),
        (
            "Top 10 - 11am",
            "'10' may belong to the title or to the clock time; write 10:00, or a comma before it",
        ),
    ],
)
def test_a_time_that_may_be_another_is_refused(written: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        at_end(written)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["The 11:00 club", "A 9am start for all", "5.30pm tea (free)"])
def test_a_time_in_the_middle_is_left_over(text: str) -> None:
    assert at_end(text) is None
    assert left_over(text)


@pytest.mark.parametrize("word", ["BST", ""])
def test_times_are_placed_in_their_zone(word: str) -> None:
    times = Times(starts=time(11), ends=time(12, 30), zone_word=word)
    assert times.on(DAY, "Europe/London") == (
        datetime(2021, 6, 9, 10, tzinfo=UTC),
        datetime(2021, 6, 9, 11, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("word", ["GMT", "UTC"])
def test_gmt_is_the_local_time_in_winter_only(word: str) -> None:
    times = Times(starts=time(11), zone_word=word)
    winter = (datetime(2021, 1, 9, 11, tzinfo=UTC), None)
    assert times.on(date(2021, 1, 9), "Europe/London") == winter
    assert times.on(date(2021, 1, 9), "UTC") == winter
    with pytest.raises(UnreadableError, match="has BST on that day; write the local time"):
        times.on(DAY, "Europe/London")


def test_an_end_at_the_start_is_refused() -> None:
    with pytest.raises(UnreadableError, match="it ends at 11:00, not after 11:00"):
        Times(starts=time(11), ends=time(11)).on(DAY, "Europe/London")
