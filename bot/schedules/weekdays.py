"""Weekdays, one or several: `mon-fri`, `weekdays`, `mon, wed`. Monday is 0."""

import re

from bot.errors import nearest
from bot.schedules.phrases import Phrase, PhraseError

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_DAYS = {
    **{name: frozenset({number}) for number, name in enumerate(WEEK)},
    **{f"{name}s": frozenset({number}) for number, name in enumerate(WEEK)},
    **{name[:3]: frozenset({number}) for number, name in enumerate(WEEK)},
    **{name: frozenset({number}) for name, number in _SHORT.items()},
    **dict.fromkeys(("weekday", "weekdays"), frozenset(range(5))),
    **dict.fromkeys(("weekend", "weekends"), frozenset({5, 6})),
}
_ANY_DAYS = "mon-fri, weekdays, or a list such as mon, wed"


_RANGE = re.compile(" *(\\w+)(?: *[\u2013-] *(\\w+)| +to +(\\w+))? *", re.IGNORECASE)


def _days(match: re.Match[str]) -> frozenset[int]:
    """Weekdays, Monday is 0; a range may go over Sunday."""
    parts = re.finditer("[^,]+", re.sub("(?i) and ", "  ,  ", match[0]))
    said = [_range(part[0], part.start()) for part in parts if part[0].strip()]
    return frozenset[int]().union(*said)


def _range(text: str, at: int) -> frozenset[int]:
    matched = _RANGE.fullmatch(text)
    if matched is None:
        raise PhraseError(f"'{text.strip()}' is not understood; expected {_ANY_DAYS}", at)
    first, *last = (
        _day(matched[group], at + matched.start(group)) for group in (1, 2, 3) if matched[group]
    )
    if not last:
        return first
    if len(first) > 1 or len(last[0]) > 1:
        raise PhraseError(f"'{text.strip()}' is not understood; expected {_ANY_DAYS}", at)
    start, end = min(first), min(last[0])
    return frozenset((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day(name: str, at: int) -> frozenset[int]:
    if name.lower() not in _DAYS:
        guess = nearest(name.lower(), _DAYS)
        raise PhraseError(f"'{name}' is not a day{guess}; expected {_ANY_DAYS}", at)
    return _DAYS[name.lower()]


DAYS = Phrase(
    forms=(("[A-Za-z][A-Za-z, \u2013-]*", _days),),
    expected=_ANY_DAYS,
    extra={"examples": ["mon-fri", "weekdays", "mon, wed"]},
)
