"""What another edition of the files would change, post by post: only what is still to go out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.planning import Key


class Verdict(StrEnum):
    """What becomes of a post."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"  #: to another time; its words may be others, too
    REWORDED = "reworded"
    HELD = "held"  #: it waits for an approval from now on
    FREED = "freed"  #: it goes out by itself from now on


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """One post of one edition: when it goes out and what it says then, or why it does not."""

    key: Key  #: with the channel's nickname
    post: str  #: the name of its rule
    at: datetime | None  #: None: it does not go out, or is out already
    text: str
    reason: str = ""
    held: bool = False  #: whether it goes out only if it is approved


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One post that is not as it was."""

    verdict: Verdict
    before: Outlook | None
    after: Outlook | None

    @property
    def shown(self) -> Outlook:
        """As it would be; where it would not be, as it is."""
        found = self.before if self.verdict is Verdict.DROPPED else self.after
        assert found is not None
        return found

    @property
    def when(self) -> datetime:
        """When it goes out as shown."""
        assert self.shown.at is not None
        return self.shown.at


def compare(before: Iterable[Outlook], after: Iterable[Outlook]) -> list[Difference]:
    """What differs, by time. An event on another date has posts of another key: they are paired."""
    old = {one.key: one for one in before}
    new = {one.key: one for one in after}
    pairs = [(old.get(key), new.get(key)) for key in {**old, **new}]
    found = [
        difference
        for one, other in _paired(pairs)
        if (difference := _difference(one, other)) is not None
    ]
    return sorted(found, key=lambda one: (one.when, one.shown.key))


def _difference(before: Outlook | None, after: Outlook | None) -> Difference | None:
    goes = before is not None and before.at is not None
    will = after is not None and after.at is not None
    if not goes and not will:
        return None
    if not will:
        verdict = Verdict.DROPPED
    elif not goes:
        verdict = Verdict.ADDED
    elif before and after and before.held != after.held:
        verdict = Verdict.HELD if after.held else Verdict.FREED
    elif before and after and before.at != after.at:
        verdict = Verdict.MOVED
    elif before and after and before.text != after.text:
        verdict = Verdict.REWORDED
    else:
        return None
    return Difference(verdict=verdict, before=before, after=after)


Pair = tuple[Outlook | None, Outlook | None]


def _paired(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The same, with what goes under one key and comes under another of the same rule as one."""
    gone: Mapping[tuple[str, str, str], list[Pair]] = defaultdict(list)
    came: list[Outlook] = []
    for before, after in pairs:
        if before is not None and before.at is not None and (after is None or after.at is None):
            gone[_subject(before)].append((before, after))
        elif before is None and after is not None and after.at is not None:
            came.append(after)
        else:
            yield before, after
    for one in sorted(came, key=lambda one: one.key):
        same = gone[_subject(one)]
        yield (same.pop(0)[0], one) if same else (None, one)
    for rest in gone.values():
        yield from rest


def _subject(one: Outlook) -> tuple[str, str, str]:
    return one.key.event, one.key.rule, one.key.channel
