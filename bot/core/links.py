"""What X makes links of, wanted or not: the rules of twitter-text, in time linear in the text.

twitter-text looks for a domain at every place of the text anew, which takes seconds for a few
thousand dotted characters. Here each word with a dot is cut at its dots once; whether a chain of
labels ends in a top-level domain is worked out from its right end.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.core import tlds


class Span(NamedTuple):
    """A part of a text: text[start:end]."""

    start: int
    end: int


_SPACES = (
    "\\x09-\\x0d\\x20\\x85\\xa0\\u1680\\u180e\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
)
_DIRECTIONAL = "\\u202a-\\u202e\\u061c\\u200e\\u200f\\u2066-\\u2069"
_INVALID = "\\ufffe\\ufeff\\uffff"
_LATIN = (
    "\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\xff\\u0100-\\u024f\\u0253\\u0254\\u0256\\u0257\\u0259\\u025b\\u0263"
    "\\u0268\\u026f\\u0272\\u0289\\u028b\\u02bb\\u0300-\\u036f\\u1e00-\\u1eff"
)
_NOT_IN_WORDS = f"!'#%&()*+,\\\\/:;<=>?@\\[\\]^{{|}}~${_SPACES}{_INVALID}{_DIRECTIONAL}"
_GENERAL = f"[a-z\\u0400-\\u04ff0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&{_LATIN}]"
_PARENTHESES = f"\\((?:{_GENERAL}+|{_GENERAL}*\\({_GENERAL}+\\){_GENERAL}*)\\)"
_PATH_ENDING = f"[+\\-a-z\\u0400-\\u04ff0-9=_#/{_LATIN}]"
_PATH = f"(?:{_GENERAL}*(?:{_PARENTHESES}{_GENERAL}*)*{_PATH_ENDING}|{_PARENTHESES}|@{_GENERAL}+/)"
_QUERY = "\\?[a-z0-9!?*'@();:&=+$/%#\\[\\]\\-_.,~|]*[a-z0-9\\-_&=#/]"

_WORD = re.compile(f"[^{_NOT_IN_WORDS}]+")
_REST = re.compile(f"(?::[0-9]+)?(?P<path>/{_PATH}*)?(?:{_QUERY})?", re.IGNORECASE)
_PROTOCOL = re.compile("https?://", re.IGNORECASE)
_DOT = re.compile("\\.")
_SPACE = re.compile("[ \\n]")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_FOLDED = str.maketrans("\u017f\u0131\u0130\u212a", "siik")
_NOT_BEFORE_URL = re.compile(f"[A-Za-z0-9@\uff20$#\uff03{_INVALID}]", re.IGNORECASE)
_BEGINNING = re.compile(f"(?<![A-Za-z0-9@\uff20$#\uff03{_INVALID}])[^-_.]", re.IGNORECASE)
_SHORTENED = re.compile(f"https?://t\\.co/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE)
_PLAIN_END = re.compile(f"[\\-a-z0-9{_LATIN}]+\\Z", re.IGNORECASE)
_TLD = re.compile("xn--[-0-9a-z]+|[a-z]+", re.IGNORECASE)
_AFTER_TLD = re.compile("[^0-9a-zA-Z@+-]|\\Z", re.IGNORECASE)
_LONGEST_OTHER_TLD = max(map(len, tlds.OTHER))
_LONGEST_URL = 4096
_LONGEST_SLUG = 40
_LONGEST_LABEL = 63
_LONGEST_ENCODABLE = 256  # encoding takes time quadratic in the label


def links(text: str) -> Sequence[Span]:
    """What X would link in a text in NFC, from left to right."""
    return _links(text) if "." in text else ()


@lru_cache(maxsize=256)  # a post is counted, then read once more
def _links(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    here = 0
    while (dot := text.find(".", here)) >= 0:
        # The first character of a text is no place like others: all but the first stretch keep
        # the space before them.
        start = max(text.rfind(" ", here, dot), text.rfind("\n", here, dot), here)
        end = _SPACE.search(text, dot)
        here = end.start() if end else len(text)
        found += [Span(start + one.start, start + one.end) for one in _links_in(text[start:here])]
    return tuple(found)


@lru_cache(maxsize=1024)  # addresses come again in post after post
def _links_in(stretch: str) -> tuple[Span, ...]:
    """The links of a stretch of text: no link goes beyond a space or the end of a line."""
    found: list[Span] = []
    position = 0
    for start, end in _dotted_words(stretch):
        if end > position:
            position = _links_in_word(stretch, start, end, position, found)
    return tuple(found)


def _dotted_words(text: str) -> Iterator[Span]:
    """The words with a dot that is not their last character."""
    here = 0
    while (dot := text.find(".", here)) >= 0:
        space = text.find(" ", dot)
        after = space if space >= 0 else len(text)
        for word in _WORD.finditer(text, max(here, text.rfind(" ", here, dot)), after):
            if text.find(".", word.start(), word.end() - 1) >= 0:
                yield Span(*word.span())
        here = after


def _links_in_word(text: str, start: int, end: int, position: int, found: list[Span]) -> int:
    """Add the links of the word at text[start:end]; returns where the last match ends."""
    chain = _chain(text, start, end)
    deepest = _deepest(chain, chain.whole) if any(chain.tlds) else ()
    for number, reached in enumerate(deepest):
        if chain.dots[number] <= position:
            continue
        begin = _beginning(chain, number, position, named=reached is None)
        last = number if reached is None else reached
        if begin is None or not chain.tlds[last]:
            continue
        url = _url(text, begin.start, begin.end, chain.tlds[last])
        found.extend(_accepted(url, chain))
        position = url.end
    return position


class _Chain(NamedTuple):
    """A word, cut at its dots; label n stands before dot n."""

    text: str
    start: int
    dots: list[int]
    tlds: list[int]  #: where the top-level domain after each dot ends, or 0

    def left(self, number: int) -> int:
        return self.dots[number - 1] + 1 if number else self.start

    def whole(self, number: int) -> str:
        """Label n if all of it may be part of a domain, else nothing."""
        label = self.text[self.left(number) : self.dots[number]]
        return "" if not label or label[0] in "-_" or label[-1] in "-_" else label

    def plain(self, number: int) -> str:
        """Label n if it is of letters that X links without a protocol, else nothing."""
        label = self.text[self.left(number) : self.dots[number]]
        return label if _PLAIN_END.match(label) else ""


def _chain(text: str, start: int, end: int) -> _Chain:
    dots = [at.start() for at in _DOT.finditer(text, start, end)]
    return _Chain(text, start, dots, [_tld_end(text, dot + 1) for dot in dots])


def _deepest(chain: _Chain, label: Callable[[int], str]) -> list[int | None]:
    """For each dot the last one after it that whole labels lead to and a top-level domain
    follows; None where there is none.
    """
    deepest: list[int | None] = [None] * len(chain.dots)
    for number in range(len(chain.dots) - 2, -1, -1):
        following = label(number + 1)
        if following and deepest[number + 1] is not None:
            deepest[number] = deepest[number + 1]
        elif following and chain.tlds[number + 1] and "_" not in following:
            deepest[number] = number + 1
    return deepest


def _beginning(chain: _Chain, number: int, position: int, *, named: bool) -> Span | None:
    """The first place in label n where a URL may begin: where it does, and its domain does.

    `named`: the label is the last before the top-level domain, which takes no underscore.
    """
    text, left, dot = chain.text, chain.left(number), chain.dots[number]
    if dot == left or text[dot - 1] in "-_":
        return None
    floor = text.rfind("_", left, dot) + 1 if named else 0
    if number == 0 and floor <= left and text[left] != "-" and text[left] != "_":
        protocol = _protocol_start(text, left)
        if protocol is not None and (protocol > position or protocol == 0):
            return Span(protocol, left)
    first = max(left, floor, position + 1 if position else 0)
    found = _BEGINNING.search(text, first, dot)
    if found is None:
        return None
    begin = found.start()
    if begin == 0 and _BEGINNING.match(text, 1, dot):
        begin = 1  # the first character of a text is rather before a URL than its beginning
    return Span(begin, begin)


def _protocol_start(text: str, end: int) -> int | None:
    for length in (8, 7):
        start = end - length
        if start >= 0 and _PROTOCOL.fullmatch(text, start, end):
            return None if start and _NOT_BEFORE_URL.match(text, start - 1) else start
    return None


class _Url(NamedTuple):
    """What looks like a URL: its protocol at `start`, its domain at text[domain:domain_end]."""

    text: str
    start: int
    domain: int
    domain_end: int
    end: int
    has_path: bool


def _url(text: str, start: int, domain: int, domain_end: int) -> _Url:
    rest = _REST.match(text, domain_end)
    assert rest is not None  # port, path and query may all be missing
    return _Url(text, start, domain, domain_end, rest.end(), bool(rest["path"]))


def _accepted(url: _Url, chain: _Chain) -> list[Span]:
    if not _has_valid_length(url):
        return []
    if url.start == url.domain:
        return _without_protocol(url, chain)
    shortened = _SHORTENED.match(url.text, url.start, url.end)
    if shortened is None:
        return [Span(url.start, url.end)]
    return [Span(*shortened.span())] if len(shortened[1]) <= _LONGEST_SLUG else []


def _has_valid_length(url: _Url) -> bool:
    domain = url.text[url.domain : url.domain_end]
    encoded = _encoded_length(domain)
    protocol = url.domain - url.start or len("https://")
    length = url.end - url.start + encoded - len(domain)
    return encoded > 0 and protocol + length <= _LONGEST_URL


def _encoded_length(domain: str) -> int:
    """The length of a domain in Punycode, 0 where it is none."""
    labels = _DOTS.split(domain)
    if max(map(len, labels)) > (_LONGEST_LABEL if domain.isascii() else _LONGEST_ENCODABLE):
        return 0
    if domain.isascii():
        return len(domain)
    try:
        return len(domain.encode("idna"))
    except UnicodeError:
        return 0


def _without_protocol(url: _Url, chain: _Chain) -> list[Span]:
    """The parts of the domain that X links though no protocol stands before them."""
    if url.start and url.text[url.start - 1] in "-_./":
        return []
    spans: list[Span] = []
    inside = slice(*(bisect_left(chain.dots, at) for at in (url.start, url.domain_end)))
    part = _Chain(url.text, url.start, chain.dots[inside], chain.tlds[inside])
    position = url.start
    for number, reached in enumerate(_deepest(part, part.plain)):
        last = number if reached is None else reached
        left = max(part.left(number), position)
        begin = _PLAIN_END.search(url.text, left, part.dots[number])
        if begin and part.tlds[last] and part.dots[number] > position:
            spans.append(Span(begin.start(), position := part.tlds[last]))
    if spans and url.has_path:
        start, end = spans[-1]
        spans[-1] = Span(start, end + url.end - url.domain_end)
    return spans


def _tld_end(text: str, start: int) -> int:
    """Where the top-level domain at `start` ends; 0 where there is none."""
    word = _TLD.match(text, start)
    if word and _is_ascii_tld(word[0], text[word.end() : word.end() + 1]):
        return word.end()
    if word and text[start : word.end() + 1].isascii():
        return 0
    for end in range(min(len(text), start + _LONGEST_OTHER_TLD), start, -1):
        if text[start:end].lower() in tlds.OTHER and _AFTER_TLD.match(text, end):
            return end
    return 0


def _is_ascii_tld(word: str, following: str) -> bool:
    word = word.translate(_FOLDED).lower()
    return word.startswith("xn--") or (
        word in tlds.ASCII and _AFTER_TLD.match(following) is not None
    )
