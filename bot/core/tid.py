"""Timestamp identifiers (TID): keys of 13 characters that sort by time.

https://atproto.com/specs/tid: 53 bits of microseconds since 1970, then 10 bits that keep clocks
apart, in base 32.
"""

import re
from datetime import UTC, datetime, timedelta

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile("[234567abcdefghij][234567a-z]{12}")
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_SHIFTS = (55, 45, 35, 25, 15, 5)  #: of the pairs; one digit is left
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CLOCKS = 1 << 10


def microseconds(instant: datetime) -> int:
    """Since 1970; the instant is aware."""
    return (instant - _EPOCH) // _MICROSECOND


def tid(microseconds: int, clock: int) -> str:
    """The identifier of an instant, given as since 1970, on one of 1024 clocks."""
    number = microseconds * _CLOCKS + clock % _CLOCKS
    pairs = [_PAIRS[number >> shift & 1023] for shift in _SHIFTS]
    return "".join(pairs) + _DIGITS[number & 31]


def instant_of(key: str) -> datetime | None:
    """When it was made, in UTC; None for what is no TID."""
    if not _TID.fullmatch(key):
        return None
    number = 0
    for char in key:
        number = number * 32 + _DIGITS.index(char)
    return _EPOCH + timedelta(microseconds=number // _CLOCKS)
