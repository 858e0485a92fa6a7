"""Keys for frozen posts: a platform that is given one twice is given the same post twice.

All are TIDs, because Bluesky takes no others: there a second post under a key would silently
replace the first, so that no two may be alike.
"""

import secrets
from datetime import datetime
from itertools import count

from bot.core.tid import microseconds, tid

_WINDOW = 1 << 14  # microseconds within which the keys of this process are counted through
_CLOCK = secrets.randbelow(1 << 10)
_numbers = count(secrets.randbelow(_WINDOW))


def mint(now: datetime) -> str:
    """A key of about `now`: 17 milliseconds off at most, and this process's only one of its kind
    while it mints fewer than a million a second.
    """
    begun = microseconds(now) // _WINDOW * _WINDOW
    return tid(begun + next(_numbers) % _WINDOW, _CLOCK)
