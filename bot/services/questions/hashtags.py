"""Can the hashtag be read, aloud as well?"""

import re
from collections.abc import Iterator

from bot.services.questions.findings import Asked, Finding, Level

_ONE_WORD = 9
"""So many small letters may be one word; more are hardly ever."""


def small_letters(asked: Asked) -> Iterator[Finding]:
    """A screen reader takes #midlandshealth for one word that nobody knows."""
    series = asked.edition.schedules.series
    tag = series.hashtag.lstrip("#")
    if not tag.islower():
        return
    better = _camel_case(tag, series.name)
    if better or len(tag) > _ONE_WORD:
        advice = better or "LikeThis"
        yield Finding(
            level=Level.WARNING,
            where="series",
            what=f"the hashtag #{tag} is hard to read, and screen readers take it for one word:"
            f" write a capital for each word, #{advice}",
        )


def _camel_case(tag: str, name: str) -> str:
    """The tag with a capital for each word, where it is made of words of the name; else empty."""
    words = sorted({word.lower() for word in re.findall(r"\w{2,}", name)}, key=len, reverse=True)
    made, rest = [], tag
    while rest:
        word = next((word for word in words if rest.startswith(word)), None) or "".join(
            re.findall(r"^\d+", rest)
        )
        if not word:
            return ""
        made.append(word.capitalize())
        rest = rest[len(word) :]
    return "".join(made) if len(made) > 1 else ""
