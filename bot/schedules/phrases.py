"""What one scalar may say: forms of words, each with its value and a helpful answer to slips.

A form is a regular expression in what Python and ECMA-262 share, in lower case; it reads any case,
and the same form, its case unfolded, is the pattern of the JSON Schema.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.core.documents import Node, Scalar
from bot.errors import nearest
from bot.schedules.page import Page, Place, found, quote

T = TypeVar("T")
Form = tuple[str, Callable[[re.Match[str]], T]]

_BARE = {"true", "false", "null"}
_ANY_CASE = re.IGNORECASE | re.ASCII  # else the long s and the kelvin sign would be letters too


class PhraseError(ValueError):
    """A sentence about a text, and how many characters into it the trouble begins."""

    def __init__(self, message: str, at: int = 0) -> None:
        self.at = at
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Hint:
    """Advice for one slip: {0} in it is what the pattern matched (or its group `here`), {name} a
    group.
    """

    pattern: str
    advice: str | Callable[[re.Match[str]], str]

    def answer(self, text: str) -> PhraseError | None:
        slip = re.search(self.pattern, text, re.IGNORECASE)
        if slip is None:
            return None
        groups = slip.groupdict()
        here = "here" if "here" in groups else 0
        advice = self.advice if isinstance(self.advice, str) else self.advice(slip)
        return PhraseError(advice.format(quote(slip[here]), **groups), slip.start(here))


_ODD_SPACE = Hint(r"[^\S \r\n]", "an unusual space stands here; write a plain one")


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase(Generic[T]):
    """The forms a text may take."""

    forms: tuple[Form[T], ...]
    expected: str  #: ends the sentence "…; expected "
    slips: tuple[Hint, ...] = ()  #: looked for before words that no form has
    hints: tuple[Hint, ...] = ()  #: and after them
    words: bool = False  #: the forms are of words, in any case
    types: tuple[str, ...] = ("string",)  #: what JSON Schema calls the texts
    extra: Mapping[str, Any] = field(default_factory=dict)  #: of the JSON Schema

    def value(self, text: str) -> T:
        """What the text means. Raises PhraseError."""
        lead = len(text) - len(text.lstrip(" "))
        said = text.strip(" ")
        try:
            return self._value(said)
        except PhraseError as error:
            raise PhraseError(str(error), lead + error.at) from None

    def read(self, node: Node, _place: Place, page: Page) -> T | None:
        """The value of a node; None where a mistake was noted."""
        if not isinstance(node, Scalar) or node.blank or not node.text.strip():
            what = "nothing" if isinstance(node, Scalar) else found(node)
            page.refuse(node, f"{what} stands here; expected {self.expected}")
            return None
        try:
            value = self.value(node.text)
        except PhraseError as error:
            page.refuse(node, str(error), error.at)
            return None
        if not node.quoted and node.text.lower() in _BARE and "boolean" not in self.types:
            page.refuse(node, f"if {quote(node.text)} is meant as a text, put it in quotes")
        return value

    def schema(self, _path: str) -> dict[str, Any]:
        forms = "|".join(_ecma(form, unfold=self.words) for form, _ in self.forms)
        return {
            "type": self.types[0] if len(self.types) == 1 else list(self.types),
            "pattern": f"^ *(?:{forms}) *$",
            "patternErrorMessage": f"expected {self.expected}",
            **self.extra,
        }

    def _value(self, said: str) -> T:
        for form, build in self.forms:
            if match := re.fullmatch(form, said, _ANY_CASE if self.words else 0):
                return build(match)
        early = (hint.answer(said) for hint in (*self.slips, _ODD_SPACE))
        late = (hint.answer(said) for hint in self.hints)
        answers = filter(None, itertools.chain(early, self._unknown_words(said), late))
        raise next(answers, self._puzzled(said))

    def _unknown_words(self, said: str) -> Iterator[PhraseError]:
        known = {word for form, _ in self.forms for word in _vocabulary(form)}
        for word in re.finditer(r"[^\W\d_]+", said) if self.words else ():
            if word[0].lower() not in known:
                guess = nearest(word[0].lower(), sorted(known))
                message = f"{quote(word[0])} is not understood{guess}; expected {self.expected}"
                yield PhraseError(message, word.start())

    def _puzzled(self, said: str) -> PhraseError:
        return PhraseError(f"{quote(said)} is not understood; expected {self.expected}")


def as_said(match: re.Match[str]) -> str:
    """The value of a form that is its text."""
    return match[0]


def _vocabulary(form: str) -> Iterator[str]:
    for word, optional in re.findall(r"([a-z]+)(\??)", _plain(form)):
        yield word
        if optional:
            yield word[:-1]


def _ecma(form: str, *, unfold: bool) -> str:
    plain = _plain(form)
    return re.sub("[a-z]", lambda m: f"[{m[0].upper()}{m[0]}]", plain) if unfold else plain


def _plain(form: str) -> str:
    return re.sub(r"\?P<\w+>", "", form)
