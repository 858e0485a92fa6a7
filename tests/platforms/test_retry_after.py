from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.retry_after import LONGEST, retry_at

NOW = datetime(2021, 6, 9, 10, 0, tzinfo=UTC)
RESET = "x-rate-limit-reset"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("30", timedelta(seconds=30)),
        (" 30 ", timedelta(seconds=30)),
        ("Wed, 09 Jun 2021 10:00:30 GMT", timedelta(seconds=30)),
        ("Wed, 09 Jun 2021 10:00:30 -0000", timedelta(seconds=30)),
        ("Wed, 09 Jun 2021 11:00:30 +0100", timedelta(seconds=30)),
        ("99999999999999999999999999", LONGEST),
        ("Sat, 09 Jun 9999 10:00:30 GMT", LONGEST),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, wait: timedelta) -> None:
    assert retry_at({"Retry-After": said}, NOW) == NOW + wait


@pytest.mark.parametrize("said", ["", "soon", "0", "-5", "1.5", "٣", "Wed, 09 Jun 2021 09:00 GMT"])
def test_what_is_past_or_unreadable_says_nothing(said: str) -> None:
    assert retry_at({"Retry-After": said}, NOW) is None


def test_the_reset_is_the_time_at_which_to_ask_again() -> None:
    headers = {RESET: str(int(NOW.timestamp()) + 90)}

    assert retry_at(headers, NOW, reset=RESET) == NOW + timedelta(seconds=90)
    assert retry_at(headers, NOW) is None


def test_retry_after_wins_over_the_reset() -> None:
    headers = {"Retry-After": "5", RESET: str(int(NOW.timestamp()) + 90)}

    assert retry_at(headers, NOW, reset=RESET) == NOW + timedelta(seconds=5)


def test_a_reset_far_off_is_capped() -> None:
    assert retry_at({RESET: "9" * 400}, NOW, reset=RESET) == NOW + LONGEST


@given(st.text() | st.integers().map(str) | st.datetimes().map(lambda d: d.strftime("%c GMT")))
def test_no_header_breaks_it_or_makes_it_wait_longer(said: str) -> None:
    at = retry_at({"Retry-After": said, RESET: said}, NOW, reset=RESET)

    assert at is None or NOW < at <= NOW + LONGEST
