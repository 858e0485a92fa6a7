"""What an event is called: its uid for ever, and when two titles are the same."""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Container
from datetime import date

LONGEST_TITLE = 60
"""Characters of a uid that come from the title; whole words, as far as they go."""

# Letters that Unicode does not take apart, as their own languages write them in ASCII.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
    }
    | {"&": " and ", "'": "", "\u2019": ""}
)

_ALIKE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff")
)


def mint(first_day: date, title: str, taken: Container[str]) -> str:
    """A readable uid, new among those taken: `2021-06-09-candal-seminar-series-2021`."""
    stem = f"{first_day.isoformat()}-{_slug(title)}"
    numbered = (f"{stem}-{number}" for number in itertools.count(2))
    return next(uid for uid in itertools.chain([stem], numbered) if uid not in taken)


def same(title: str) -> str:
    """What two titles have in common that differ in spaces, case or typography alone."""
    folded = unicodedata.normalize("NFKC", title.translate(_ALIKE)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title[:500].casefold().translate(_LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall("[a-z0-9]+", letters)
    if not words:  # a script without an ASCII spelling: the same title gives the same name
        return hashlib.sha256(same(title).encode(errors="replace")).hexdigest()[:10]
    ends = list(itertools.accumulate(len(word) + 1 for word in words))
    whole = sum(end - 1 <= LONGEST_TITLE for end in ends)
    return "-".join(words[:whole]) if whole else words[0][:LONGEST_TITLE]
