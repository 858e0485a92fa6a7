"""The words of a listing's grammar: months, weekdays, dashes and bullets."""

import re

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

DECEMBER = len(MONTHS)

DASH = "[-\u2010\u2011\u2012\u2013\u2014\u2015\u2212]"
YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\b\.?"
)
BULLET = re.compile(
    r"[\s>*+\u2022\u00b7\u2023\u2043\u25e6\u25aa\u25ab\u25a0\u25a1\u25cf\u25cb\u25ba\u25b6\u2219\u2010-\u2015-]+"
)

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"))
_UNSEEN |= dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\ufeff"))


def month_number(word: str) -> int:
    """June, jun. and JUNE are 6."""
    return next(n for n, name in enumerate(MONTHS, start=1) if name.startswith(word[:3].lower()))


def weekday_number(word: str) -> int:
    """Monday, mon and MON. are 0."""
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(word[:3].lower()))


def tidy(text: str) -> str:
    """One line without characters nobody sees, single spaces between its words."""
    return " ".join(text.translate(_UNSEEN).split())
