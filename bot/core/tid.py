"""Timestamp identifiers (TID): keys of 13 characters that sort by time.

https://atproto.com/specs/tid: 53 bits of microseconds since 1970, then 10 bits that keep clocks
apart, in base 32.
"""

import re
from datetime import UTC, datetime, timedelta

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile("[234567abcdefghij][234567a-z]{12}")
_SHIFTS = range(60, -1, -5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS = 1 << 10


def microseconds(instant: datetime) -> int:
    """Since 1970; the instant is aware."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def tid(microseconds: int, clock: int) -> str:
    """The identifier of an instant, given as since 1970, on one of 1024 clocks."""
    number = microseconds * _CLOCKS + clock % _CLOCKS
    return "".join([_DIGITS[number >> shift & 31] for shift in _SHIFTS])


def instant_of(key: str) -> datetime | None:
    """When it was made, in UTC; None for what is no TID."""
    if not _TID.fullmatch(key):
        return None
    number = 0
    for char in key:
        number = number * 32 + _DIGITS.index(char)
    return _EPOCH + timedelta(microseconds=number // _CLOCKS)
