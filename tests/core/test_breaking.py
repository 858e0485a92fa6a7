from datetime import timedelta

from bot.core.breaking import CLOSED, Breaker
from tests.support.builders import utc

NOW = utc("2021-06-09 10:00")


def after(*failures):
    breaker = CLOSED
    for at_once in failures:
        now = breaker.paused_until or NOW  # a probe
        breaker = breaker.failed(now, "503", at_once=at_once)
    return breaker


def test_a_closed_breaker_lets_everything_through():
    assert CLOSED.allows(free=64, flying=10, now=NOW) == 64


def test_two_failures_are_forgiven_the_third_pauses_the_channel():
    assert after(False, False).allows(64, 0, NOW) == 64
    assert after(False, False, False).allows(64, 0, NOW) == 0


def test_trouble_with_the_account_pauses_at_once():
    assert after(True).allows(64, 0, NOW) == 0


def test_after_the_pause_one_probe_is_let_through_at_a_time():
    breaker = after(True)
    assert breaker.paused_until == NOW + timedelta(seconds=30)
    assert breaker.allows(64, 0, NOW + timedelta(seconds=30)) == 1
    assert breaker.allows(64, 1, NOW + timedelta(seconds=30)) == 0


def test_pauses_grow_to_a_quarter_of_an_hour():
    before, last = after(*[False] * 49).paused_until, after(*[False] * 50).paused_until
    assert last - before == timedelta(minutes=15)
    assert after(*[False] * 4).paused_until == NOW + timedelta(seconds=30 + 60)


def test_what_was_under_way_when_the_pause_began_does_not_lengthen_it():
    breaker = after(False, False, False)
    for _ in range(64):
        breaker = breaker.failed(NOW, "reset by peer")
    assert breaker == after(False, False, False)


def test_the_platform_s_own_time_is_waited_for_even_after_one_failure():
    reset = NOW + timedelta(hours=2)
    breaker = CLOSED.failed(NOW, "429", not_before=reset)
    assert breaker == Breaker(failures=1, paused_until=reset, why="429")


def test_a_failure_that_lands_late_does_not_shorten_the_pause():
    reset = NOW + timedelta(hours=2)
    breaker = CLOSED.failed(NOW, "429", not_before=reset).failed(NOW, "reset by peer")
    assert breaker.paused_until == reset
