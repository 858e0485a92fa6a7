"""What a reader would stumble over in a text that is about to be posted."""

import re
from collections.abc import Collection, Iterator

from wcwidth import iter_graphemes

from bot.core.links import links as linked

MOST_EMOJI = 4
SHOUTING_WORDS = 4
SHOUTING_LETTERS = 16

_TBA = re.compile(
    r"\bT\.?B\.?[ACD]\b|\bto be (?:announced|confirmed|determined|decided|advised)\b", re.IGNORECASE
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
) -> list[str]:
    """What is wrong with a post, a sentence each; nothing where it may go out.

    `links` and `mentions` are those the template means to make.
    """
    if not text.strip():
        return ["the text is empty"]
    return [
        *_hashtag(text, hashtag),
        *_words(text),
        *_links(text, links, platform),
        *_mentions(text, mentions),
        *_characters(text),
    ]


def lint_picture(alt: str) -> list[str]:
    """What is wrong with a picture's alt text, as `lint` says it."""
    if alt.strip():
        return []
    return ["its picture has no alt text: who does not see it would learn nothing"]


def _hashtag(text: str, hashtag: str) -> Iterator[str]:
    name = re.escape(hashtag.lstrip("#"))
    found = re.findall(rf"(?<![\w&])[#\uff03]{name}(?!\w)", text, re.IGNORECASE)
    if not found:
        yield f"the hashtag {hashtag} is missing"
    elif len(found) > 1:
        yield f"the hashtag {hashtag} stands there {len(found)} times: once is enough"
    elif found[0] != hashtag:
        yield f"the hashtag is written {found[0]}: it should be {hashtag}"


def _words(text: str) -> Iterator[str]:
    if found := _TBA.search(text):
        yield f"it says '{found[0]}': wait until that is known"
    if found := _BRACES.search(text):
        yield f"'{found[0]}' is template language that was not filled in"
    for run in _CAPITALS.finditer(text):
        words = run[0].split()
        if len(words) >= SHOUTING_WORDS and sum(map(len, words)) >= SHOUTING_LETTERS:
            yield f"'{run[0].strip()}' shouts: write it in small letters"


def _links(text: str, own: Collection[str], platform: str) -> Iterator[str]:
    for start, end in linked(text):
        url = text[start:end]
        if url in own or (platform != "x" and "://" not in url):
            continue
        if any(link.startswith(url) for link in own):
            yield f"only '{url}' of the link would work: encode the characters after it"
        else:
            yield f"'{url}' would become a link that nobody means: put a space after the dot"


def _mentions(text: str, own: Collection[str]) -> Iterator[str]:
    for found in _MENTION.finditer(_without_links(text)):
        if found[0] not in own:
            yield f"'{found[0]}' would notify a stranger: take its @ off"


def mentions(text: str) -> list[str]:
    """Whom a text would notify, as it names them."""
    return _MENTION.findall(_without_links(text))


def _without_links(text: str) -> str:
    for start, end in reversed(linked(text)):
        if "://" in text[start:end]:
            text = text[:start] + " " + text[end:]
    return text


def _characters(text: str) -> Iterator[str]:
    if found := _UNSEEN.search(text):
        yield f"it holds the character U+{ord(found[0]):04X}, which readers do not see"
    emoji = 0 if text.isascii() else sum(1 for seen in iter_graphemes(text) if _PICTURE.match(seen))
    if emoji > MOST_EMOJI:
        yield f"it holds {emoji} emoji: at most {MOST_EMOJI} are pleasant to read"
