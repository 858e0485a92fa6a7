from datetime import timedelta

from bot.core.retrying import LONGEST, next_try
from tests.support.builders import utc

NOW = utc("2021-06-09 10:00")


def test_the_wait_doubles_up_to_five_minutes():
    waits = [(next_try(tries, NOW) - NOW).total_seconds() for tries in (1, 2, 3, 6, 7, 1000)]
    assert waits == [5, 10, 20, 160, 300, 300]


def test_the_platform_s_own_time_is_kept_where_it_is_later():
    assert next_try(1, NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_try(99, NOW, NOW + timedelta(seconds=1)) == NOW + LONGEST
