"""What can go wrong, told to a person.

BotError                 a sentence that says what to do; the command line prints it and exits 1
├── ConfigError          the environment lacks or contradicts something
├── MistakesError        a file people write has mistakes, each with file:line:column
├── SourceError          a source of events cannot be read at all
├── TemplateError        a template cannot be rendered
│   ├── FitError         a rendered post cannot be made to fit its platform
│   └── CardError        the picture of a post cannot be drawn
├── StoreError           the database cannot be used
│   ├── StaleError       what was planned from has changed since; plan again
│   └── LeaseLostError   another worker serves the channel now
└── UnknownNameError     there is no event, post, rule or channel of that name
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class BotError(Exception):
    """Something a person can put right; its text says how."""


class ConfigError(BotError):
    """The environment lacks or contradicts something."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in a file: 1-based line and column, and a sentence."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class MistakesError(BotError):
    """A file has mistakes: all of them, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class SourceError(BotError):
    """A source of events cannot be read at all; what was known before stays in force."""


class TemplateError(BotError):
    """A template cannot be rendered: the text names the template, the line and the reason."""


class FitError(TemplateError):
    """A rendered post is longer than its platform takes, with everything left out that may be."""


class CardError(TemplateError):
    """A card cannot be drawn; its post can go out without it."""


class StoreError(BotError):
    """The database cannot be used as it is."""


class StaleError(StoreError):
    """The events or the configuration changed since the plan was made. Nothing was written."""


class LeaseLostError(StoreError):
    """Another worker holds the channel's lease. Nothing was written."""


class UnknownNameError(BotError):
    """There is nothing of that name; the text offers the nearest."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The ending of a sentence about an unknown word: " (did you mean 'x'?)", or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
