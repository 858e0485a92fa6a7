"""What a reader would stumble over in a text that is about to be posted."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Self

from wcwidth import iter_graphemes

from bot.core.links import links as linked

MOST_EMOJI = 4
SHOUTING_WORDS = 4
SHOUTING_LETTERS = 16

_TBA = re.compile(  # a letter first: so it is found three times as quickly as after a \b
    r"[tT](?<=\b.)(?i:\.?B\.?[ACD]\b|o be (?:announced|confirmed|determined|decided|advised)\b)"
)
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_MENTION = re.compile(
    r"(?:(?<![a-z0-9_])|(?<=^rt)|(?<=[^a-z0-9_+~.-]rt))[@\uff20][a-z0-9_]+", re.IGNORECASE
)
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064"
    "\ufeff\ufff9-\uffff\ud800-\uf8ff\U000f0000-\U0010ffff]"
)
_CAPITALS = re.compile(r"(?:[^\W\d_a-z]+(?=[ \n!?.]|$)[ ]?)+")
_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class Fault(str):
    """What a reader would stumble over, a sentence."""

    __slots__ = ("alike", "found")
    found: str  #: the part of the text it is about
    alike: str  #: what faults of the same kind share, where their sentences differ

    def __new__(cls, sentence: str, found: str = "", alike: str = "") -> Self:
        fault = super().__new__(cls, sentence)
        fault.found, fault.alike = found, alike
        return fault


def says_tba(title: str) -> bool:
    """Whether something in it is still to be announced, confirmed or decided."""
    return _TBA.search(title) is not None


def lint(
    text: str,
    *,
    hashtag: str,
    links: Collection[str] = (),
    mentions: Collection[str] = (),
    platform: str = "x",
) -> list[Fault]:
    """What is wrong with a post; nothing where it may go out.

    `links` and `mentions` are those the template means to make.
    """
    if not text.strip():
        return [Fault("the text is empty")]
    return [
        *_hashtag(text, hashtag),
        *_words(_beside(text, links)),
        *_links(text, links, platform),
        *_mentions(text, mentions),
        *_characters(text),
    ]


def lint_picture(alt: str) -> list[Fault]:
    """What is wrong with a picture's alt text, as `lint` says it."""
    if alt.strip():
        return []
    return [Fault("its picture has no alt text: who does not see it would learn nothing")]


def _beside(text: str, links: Collection[str]) -> str:
    """The text without its own links, whose letters nobody reads as words."""
    for link in links:
        text = text.replace(link, " ")
    return text


def style(text: str) -> list[Fault]:
    """What would read better otherwise: titles come as they are, so it keeps no post back."""
    return [*_shouting(text), *_emoji(text)]


def _hashtag(text: str, hashtag: str) -> Iterator[Fault]:
    if _is_written(text, hashtag):  # as always
        return
    found = _tag(hashtag).findall(text)
    if not found:
        yield Fault(f"the hashtag {hashtag} is missing")
    elif len(found) > 1:
        times = len(found)
        yield Fault(f"the hashtag {hashtag} stands there {times} times: once is enough", hashtag)
    elif found[0] != hashtag:
        yield Fault(f"the hashtag is written {found[0]}: it should be {hashtag}", found[0])


def _is_written(text: str, hashtag: str) -> bool:
    """Whether the text plainly has the hashtag, once, and no other."""
    at = text.find("#")
    end = at + len(hashtag)
    return (
        at >= 0
        and text.startswith(hashtag, at)
        and text[at - 1 : at] in _APART
        and text[end : end + 1] in _APART
        and text.find("#", at + 1) < 0
        and "\uff03" not in text
    )


_APART = ("", " ", "\n")


@lru_cache(maxsize=16)
def _tag(hashtag: str) -> re.Pattern[str]:
    name = re.escape(hashtag.lstrip("#"))
    return re.compile(rf"(?<![\w&])[#\uff03]{name}(?!\w)", re.IGNORECASE)


def _words(text: str) -> Iterator[Fault]:
    if found := _TBA.search(text):
        yield Fault(f"it says '{found[0]}': wait until that is known", found[0])
    if ("{" in text or "}" in text) and (found := _BRACES.search(text)):
        yield Fault(f"'{found[0]}' is template language that was not filled in", found[0])


def _shouting(text: str) -> Iterator[Fault]:
    for run in _CAPITALS.finditer(text):
        words = run[0].split()
        if len(words) >= SHOUTING_WORDS and sum(map(len, words)) >= SHOUTING_LETTERS:
            said = run[0].strip()
            yield Fault(f"'{said}' shouts: write it in small letters", said, "shouts")


def _links(text: str, own: Collection[str], platform: str) -> Iterator[Fault]:
    for start, end in linked(text):
        url = text[start:end]
        if url in own or (platform != "x" and "://" not in url):
            continue
        if any(link.startswith(url) for link in own):
            yield Fault(f"only '{url}' of the link would work: encode the characters after it", url)
        else:
            yield Fault(
                f"'{url}' would become a link that nobody means: put a space after the dot", url
            )


def _mentions(text: str, own: Collection[str]) -> Iterator[Fault]:
    if "@" not in text and "\uff20" not in text:
        return
    for found in _MENTION.finditer(_without_links(text)):
        if found[0] not in own:
            yield Fault(f"'{found[0]}' would notify a stranger: take its @ off", found[0])


def mentions(text: str) -> list[str]:
    """Whom a text would notify, as it names them."""
    return _MENTION.findall(_without_links(text))


def _without_links(text: str) -> str:
    for start, end in reversed(linked(text)):
        if "://" in text[start:end]:
            text = text[:start] + " " + text[end:]
    return text


def _characters(text: str) -> Iterator[Fault]:
    if found := _UNSEEN.search(text):
        number = f"U+{ord(found[0]):04X}"
        yield Fault(f"it holds the character {number}, which readers do not see", found[0])


def _emoji(text: str) -> Iterator[Fault]:
    emoji = 0 if text.isascii() else sum(1 for seen in iter_graphemes(text) if _PICTURE.match(seen))
    if emoji > MOST_EMOJI:
        advice = f"at most {MOST_EMOJI} are pleasant to read"
        yield Fault(f"it holds {emoji} emoji: {advice}", alike="emoji")
