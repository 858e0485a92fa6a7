"""Text from outside, made safe to post: it notifies nobody, links nowhere, hides nothing.

What has to change changes visibly: no invisible characters are put into words. The one exception
are the isolates around right-to-left text, which keep it from reordering what stands next to it.
"""

import re
import unicodedata
from functools import lru_cache

from bot.core.emoji import emoji_spans
from bot.core.links import Span, links

LONGEST = 4000
"""No field of an event is longer: what comes after is cut off."""

DOT = "\u2024"
"""Looks like a dot, but makes no domain."""

_USUAL = r"[\w ,;:()!?'\"&+*/|=-]*"
_HARMLESS = re.compile(rf"{_USUAL}(?:\.(?= |$){_USUAL})*", re.ASCII)
_TAG = re.compile(
    r"<(script|style)\b[^<>]*>.*?</\1\s*>"
    r"|<!--.*?-->|<!\w[^<>]*>"
    r"|</?[a-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>"
    r"|</?(?:a|img|script|style|iframe|svg|input|video|audio|object|embed)\s[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|h\d|tr|td)\b[^<>]*>", re.IGNORECASE)
_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINER = re.compile(
    f"(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    "|(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4"
    "\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SPACE = re.compile(r"[\s\u2800\u3164]+")
_URL = re.compile(r"(?<![a-z0-9+.-])[a-z0-9+.-]*+://(\S*)", re.IGNORECASE)
_AFTER_URL = ")].,;:!?'\"\u00bb\u201d\u2019"
_MENTION = re.compile(
    "(?P<address>(?<=[a-zA-Z0-9_])(?<![^a-zA-Z0-9_+~.-][rR][tT])(?<!^[rR][tT]))?(?<![@\uff20])[@\uff20]++(?=\\w)"
)
_RUN_ON = re.compile(r"((?:[0-9]|[^\W\d_]{2})\.)(?=[A-Z][a-z]*$)")
_BRACES = re.compile(r"(?<=\{)(?=[{%#])|(?<=[}%#])(?=\})")
"""Between the two signs that a reader would take for template language nobody filled in."""

_ROUNDS = 10


@lru_cache(maxsize=4096)
def neutral(text: str, hashtag: str = "") -> str:
    """A field of an event as it may stand in a post that is to carry `hashtag` itself."""
    if _HARMLESS.fullmatch(text) and "  " not in text and "://" not in text:
        return text[:LONGEST].strip()
    for _ in range(_ROUNDS):  # what one step takes away can bring together what another looks for
        before, text = text, _once(text, hashtag)
        if text == before:
            break
    else:
        text = _once(_SIGNS.sub(" ", text), hashtag)
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


_SIGNS = re.compile("[<>@\uff20#\uff03.:]+")


def _once(text: str, hashtag: str) -> str:
    text = _seen(unicodedata.normalize("NFC", text[: 2 * LONGEST]))
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "://" in text:
        text = _URL.sub(_host, text)
    if "@" in text or "\uff20" in text:
        text = _MENTION.sub(_unaddressed, text)
    if hashtag:
        text = _hash_sign(hashtag).sub("", text)
    text = _BRACES.sub(" ", text)
    return _SPACE.sub(" ", _unlinked(text))[:LONGEST].strip()


def _seen(text: str) -> str:
    """Without the characters nobody sees, but for those that hold emoji and words together."""
    if not _UNSEEN.search(text):
        return text
    kept = {at for start, end in emoji_spans(text) for at in range(start, end)}
    kept.update(joiner.start() for joiner in _JOINER.finditer(text))
    return "".join(
        character for at, character in enumerate(text) if at in kept or not _UNSEEN.match(character)
    )


def _host(url: re.Match[str]) -> str:
    rest = url[1].rstrip(_AFTER_URL)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    return host.removeprefix("www.").replace(".", DOT) + url[1][len(rest) :]


def _unaddressed(mention: re.Match[str]) -> str:
    if mention["address"] is not None:
        return "@"
    before = mention.string[: mention.start()]
    following = mention.string[mention.end()]
    apart = " " if before[-1:].isalnum() else ""
    return "@ " if following.isdigit() else apart


@lru_cache(maxsize=16)
def _hash_sign(hashtag: str) -> re.Pattern[str]:
    name = re.escape(hashtag.lstrip("#"))
    return re.compile(rf"[#\uff03]+(?={name}(?!\w))", re.IGNORECASE)


def _unlinked(text: str) -> str:
    for _ in range(_ROUNDS):
        found = links(text)
        if not found:
            return text
        for span in reversed(found):
            text = text[: span.start] + _plain(text, span) + text[span.end :]
    return text.replace(".", DOT)


def _plain(text: str, span: Span) -> str:
    """A link taken apart: at the end of a sentence with the space that was forgotten."""
    link = text[span.start : span.end]
    return _RUN_ON.sub(r"\1 ", link).replace(".", DOT).replace(f"{DOT} ", ". ")
