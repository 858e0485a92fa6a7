"""Making a text fit: what may go is left out, then lists show less, then texts are shortened."""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from wcwidth import iter_graphemes

from bot.core.counting import Measure
from bot.core.lists import COUNT, Listed, Lists, Showing
from bot.core.record import record
from bot.errors import FitError

SHORTEST = 16
"""Nothing is cut to fewer characters than this: the reader must know what it was."""

SOFT_END = "\ue010"
"""Stands before the line end of a line that goes where nothing else is left on it."""

ELLIPSIS = "…"


class Piece(NamedTuple):
    """A part of a post. Dates, links and hashtags are simply not `shrinkable`."""

    text: str
    shrinkable: bool = False
    optional: tuple[int, ...] = ()  #: it goes with any of these numbers, the lowest goes first
    place: Listed | None = None  #: in a list


@record
class Fitted:
    """A post that fits."""

    text: str
    length: int
    left_out: tuple[int, ...] = ()  #: the numbers of the optional parts that had to go
    shortened: tuple[str, ...] = ()  #: the texts that had to be cut, as they were
    kept: tuple[str, ...] = ()  #: what is left of each
    items: frozenset[int] = frozenset()  #: of lists: those that are shown


def as_a_whole(text: str, measure: Measure) -> Fitted | None:
    """A tidied text of which nothing has to go; None where it is too long."""
    length, limit = measure.length(text), measure.limit
    return Fitted(text=text, length=length) if limit is None or length <= limit else None


def fit(
    pieces: Sequence[Piece], measure: Measure, beyond: Mapping[int, int] | None = None
) -> Fitted:
    """The most of `pieces` that `measure` takes: optional parts go by number, the lowest first, but
    for one that still fits with what of it may be shortened cut, to no less than half; when all
    are gone, lists show less from their ends; when each is down to its first item, the longest of
    what may be shortened is cut at ends of words.

    `beyond`: by list, how many items it has that are never shown. Raises FitError where even that
    is too long.
    """
    limit = sys.maxsize if measure.limit is None else measure.limit
    numbers = tuple(sorted({number for piece in pieces for number in piece.optional}))
    for count in range(len(numbers) + 1):
        gone = numbers[:count]
        left = _without(pieces, gone)
        lists = Lists([piece.place for piece in left if piece.place], beyond or {})
        showing = lists.showing(lists.longest)
        whole = _shown(left, showing)
        if found := _as_it_is(whole, measure, limit, gone, showing.items):
            return found
        if count < len(numbers) and (cut := _trimmed(whole, numbers[count], measure, limit)):
            return _fitted(whole, cut, measure, gone, showing.items)
    showing = _most(left, lists, measure, limit)
    shown = _shown(left, showing)
    if lists.longest and (found := _as_it_is(shown, measure, limit, numbers, showing.items)):
        return found
    cut = _shortened(shown, measure, limit)
    return _fitted(shown, cut, measure, numbers, showing.items)


def _without(pieces: Sequence[Piece], gone: Collection[int]) -> Sequence[Piece]:
    if not gone:
        return pieces
    return [piece for piece in pieces if not any(number in gone for number in piece.optional)]


def _as_it_is(
    left: Sequence[Piece],
    measure: Measure,
    limit: int,
    left_out: tuple[int, ...],
    items: frozenset[int],
) -> Fitted | None:
    """Without cutting anything; None where that is too long."""
    text = joined(left)
    length = measure.length(text)
    if length > limit:
        return None
    return Fitted(text=text, length=length, left_out=left_out, items=items)


def _fitted(
    left: Sequence[Piece],
    cut: Sequence[Piece],
    measure: Measure,
    left_out: tuple[int, ...],
    items: frozenset[int],
) -> Fitted:
    text = joined(cut)
    changed = [pair for pair in zip(left, cut, strict=True) if pair[0] != pair[1]]
    return Fitted(
        text=text,
        length=measure.length(text),
        left_out=left_out,
        shortened=tuple(before.text for before, _ in changed),
        kept=tuple(after.text for _, after in changed),
        items=items,
    )


def _shown(pieces: Sequence[Piece], showing: Showing) -> list[Piece]:
    return [
        piece
        if piece.place is None or COUNT not in piece.text
        else piece._replace(text=showing.counted(piece.text, piece.place))
        for piece in pieces
        if piece.place is None or showing.has(piece.place)
    ]


def _most(pieces: Sequence[Piece], lists: Lists, measure: Measure, limit: int) -> Showing:
    """The most items that fit as a whole; the first of each list where none do."""
    totals = range(lists.shortest, lists.longest)

    def misfits(total: int) -> bool:
        return measure.length(joined(_shown(pieces, lists.showing(total)))) > limit

    fitting = bisect_left(totals, True, key=misfits)  # noqa: FBT003 - the value looked for
    return lists.showing(max(lists.shortest, lists.shortest + fitting - 1))


def joined(pieces: Sequence[Piece]) -> str:
    """The text of the pieces, without the gaps that left out ones leave behind."""
    return tidied("".join([piece.text for piece in pieces]))


_BLANKS = re.compile(r"[ \t]+")
_LINE_END = re.compile(r" ?\n ?")


def tidied(text: str) -> str:
    """A text without soft ends and the lines they take with them, and without gaps."""
    if SOFT_END in text:
        text = _hardened(text)
    if "  " in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = _LINE_END.sub("\n", text)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _hardened(text: str) -> str:
    """The text without its soft ends, and without the lines that hold nothing else."""
    lines = [line for line in text.split("\n") if line.lstrip(" \t") != SOFT_END]
    return "\n".join(lines).replace(SOFT_END, "")


def _trimmed(
    pieces: Sequence[Piece], number: int, measure: Measure, limit: int
) -> list[Piece] | None:
    """With one optional part cut as little as will do; None where half of it is too much."""
    mine = [piece.shrinkable and number in piece.optional for piece in pieces]
    longest = max((graphemes_of(piece) for piece in compress(pieces, mine)), default=0)
    if longest <= SHORTEST:
        return None
    cut = _least_cut(pieces, mine, longest, -(-longest // 2), _fits(measure, limit))
    halved = cut is not None and any(
        graphemes_of(after) * 2 < graphemes_of(before)
        for before, after in zip(pieces, cut, strict=True)
    )
    return None if halved else cut


def _shortened(pieces: Sequence[Piece], measure: Measure, limit: int) -> list[Piece]:
    mine = [piece.shrinkable for piece in pieces]
    longest = max((graphemes_of(piece) for piece in compress(pieces, mine)), default=0)
    cut = _least_cut(pieces, mine, longest, SHORTEST, _fits(measure, limit))
    if cut is None:
        text = joined(_cut_to(pieces, mine, SHORTEST))
        raise FitError(_misfit(measure.length(text), limit, can_shrink=longest > 0))
    return cut


def _fits(measure: Measure, limit: int) -> Callable[[Sequence[Piece]], bool]:
    return lambda pieces: measure.length(joined(pieces)) <= limit


def _least_cut(
    pieces: Sequence[Piece],
    mine: Sequence[bool],
    longest: int,
    least: int,
    fits: Callable[[Sequence[Piece]], bool],
) -> list[Piece] | None:
    """The pieces with the longest of those that are `mine` cut until all fits."""

    def enough(saved: int) -> bool:
        return fits(_cut_to(pieces, mine, longest - saved))

    steps = range(max(0, longest - max(least, SHORTEST)) + 1)
    saved = bisect_left(steps, True, key=enough)  # noqa: FBT003 - the value looked for
    return None if saved == len(steps) else _cut_to(pieces, mine, longest - saved)


def _misfit(length: int, limit: int, *, can_shrink: bool) -> str:
    how = "all that may be left out and cut" if can_shrink else "all that may be left out"
    return (
        f"the text is {length} characters long where {limit} are allowed, with {how} already gone:"
        f" shorten its fixed words by {length - limit}, or mark more of it as optional"
    )


def _cut_to(pieces: Sequence[Piece], mine: Sequence[bool], most: int) -> list[Piece]:
    return [
        piece._replace(text=cut(piece.text, most)) if is_mine else piece
        for piece, is_mine in zip(pieces, mine, strict=True)
    ]


def graphemes_of(piece: Piece) -> int:
    return sum(1 for _ in iter_graphemes(piece.text))


_ISOLATED = re.compile("(\u2068)(.*)(\u2069)", re.DOTALL)
_DANGLING = " \t\n,;:.|/&+-\u2013\u2014([{\u201c\u2018\"'"


def cut(text: str, most: int) -> str:
    """The first `most` characters of a text as readers see them, cut at the end of a word, with an
    ellipsis; in the middle of a word only where more than half would be lost.
    """
    if isolated := _ISOLATED.fullmatch(text):
        return isolated[1] + cut(isolated[2], most - 2) + isolated[3]
    seen = list(iter_graphemes(text))
    if len(seen) <= most:
        return text
    start = "".join(seen[: most - 1])
    whole = start if seen[most - 1].isspace() else start.rsplit(None, 1)[0]
    kept = whole if len(whole) * 2 >= len(start) else start
    return _closed(kept).rstrip(_DANGLING) + ELLIPSIS


def _closed(kept: str) -> str:
    """Without a bracket that only opens, where more than half is left before it."""
    opening = max(kept.rfind("("), kept.rfind("["))
    is_open = opening > max(kept.rfind(")"), kept.rfind("]"))
    return kept[:opening] if is_open and opening * 2 > len(kept) else kept
