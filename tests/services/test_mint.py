from datetime import UTC, datetime, timedelta

from bot.core.tid import instant_of
from bot.services.mint import mint

NOON = datetime(2021, 6, 8, 11, 59, 59, 999_000, tzinfo=UTC)


def test_no_two_keys_are_alike_though_the_clock_stands_still_or_steps():
    instants = [NOON + timedelta(microseconds=step) for step in (0, 0, -900, 1, 16_000, 20_000)]
    keys = [mint(instant) for instant in instants for _ in range(2000)]
    assert len(set(keys)) == len(keys)


def test_a_key_tells_when_it_was_made():
    found = instant_of(mint(NOON))
    assert found is not None
    assert abs(found - NOON) < timedelta(milliseconds=17)
