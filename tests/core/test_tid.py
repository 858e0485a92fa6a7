from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tid import instant_of, microseconds, tid

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given


@given(INSTANTS, st.integers(0, 1023))
def test_an_identifier_tells_its_instant(instant, clock):
    assert instant_of(tid(microseconds(instant), clock)) == instant


@given(INSTANTS, INSTANTS)
def test_identifiers_sort_as_their_instants(one, other):
    assert (tid(microseconds(one), 7) < tid(microseconds(other), 7)) is (one < other)


def test_one_that_bluesky_made_is_read_right():
    made = instant_of("3jzfcijpj2z2a")  # the specification's own example
    assert made is not None
    assert abs(made - datetime(2023, 6, 30, 15, 39, tzinfo=UTC)) < timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["", "3jzfcijpj2z2", "3jzfcijpj2z2aa", "zzzzzzzzzzzzz", "0000000000000", "3JZFCIJPJ2Z2A"],
)
def test_what_is_no_identifier_has_no_instant(text):
    assert instant_of(text) is None
