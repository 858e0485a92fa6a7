"""Can every post be written, does it fit, and does it read well: each template × event × channel,
at every moment that changes what it says?
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import product

from bot.core.cards import Card
from bot.core.counting import graphemes
from bot.core.examples import as_if_known, examples
from bot.core.linking import answers
from bot.core.linting import Fault, says_tba, style
from bot.core.planning import AHEAD, Candidate, candidates
from bot.core.rules import Channel
from bot.errors import FitError, TemplateError
from bot.rendering import Post
from bot.services.questions.findings import Asked, Finding, Level

_MOMENT = timedelta(seconds=1)
_DAY = timedelta(days=1)
MOST_MIDNIGHTS = 62
_SILENT = ("the event is", "its title", AHEAD)


def written(asked: Asked) -> Iterator[Finding]:
    """Everything wrong with the texts; the same of many posts is one matter."""
    found = sayable(asked)
    for done, candidate in enumerate(found, 1):
        for channel in asked.edition.schedules.channels_of(candidate.rule):
            yield from _read(asked, candidate, channel)
        asked.progress("reading posts", done, len(found))


def sayable(asked: Asked) -> list[Candidate]:
    """Every post there may be, and what there would be, had the events changed or a recording come
    or not.
    """
    rules = asked.edition.schedules.rules
    notices = (one for record in asked.records for rule in rules for one in examples(record, rule))
    found = (*candidates(asked.records, asked.edition.schedules), *notices)
    return [as_if_known(one) for one in found if not _silent(one)]


def _silent(candidate: Candidate) -> bool:
    return candidate.barred.startswith(_SILENT) or says_tba(candidate.record.event.title)


def moments(candidate: Candidate) -> list[datetime]:
    """When it may be sent and says something else than before: first and last of all, and on both
    sides of each midnight between.
    """
    first = candidate.release
    last = max(candidate.deadline - _MOMENT, first)
    found = {first, last}
    where = candidate.record.event.zone
    day = first.astimezone(where).date()
    for _ in range(MOST_MIDNIGHTS):
        day += _DAY
        midnight = datetime.combine(day, time(0), where)
        if midnight > last:
            break
        found |= {max(midnight - _MOMENT, first), midnight}
    return sorted(found)


def _read(asked: Asked, candidate: Candidate, channel: Channel) -> Iterator[Finding]:
    about = f"{candidate.rule.name} of {candidate.about} on {channel.name}"
    links = answers(channel, candidate.rule)
    for at, linked in product(moments(candidate), links):
        try:
            post = asked.edition.post(candidate, channel, at, asked.programme, linked=linked)
            card = asked.edition.card(candidate, channel, at)
        except TemplateError as error:
            yield _unwritten(error, about, channel)
            continue
        yield from _stumbles(asked, candidate, channel, (post, card), about)


_PLACED = re.compile(r"(?P<where>.+?\.j2(?::\d+| on \w+)): (?P<what>.*)", re.DOTALL)


def _unwritten(error: TemplateError, about: str, channel: Channel) -> Finding:
    placed = _PLACED.fullmatch(str(error))
    fits = isinstance(error, FitError)
    return Finding(
        level=Level.ERROR,
        where=placed["where"] if placed else f"on {channel.name}",
        what=placed["what"] if placed else str(error),
        about=about,
        alike="it does not fit" if fits else "",
        weight=_length(str(error)) if fits else 0,
    )


def _length(misfit: str) -> int:
    number = re.search(r"is (\d+) characters", misfit)
    return int(number[1]) if number else 0


def _stumbles(
    asked: Asked,
    candidate: Candidate,
    channel: Channel,
    made: tuple[Post, Card | None],
    about: str,
) -> Iterator[Finding]:
    place = asked.edition.templates.place
    template, platform = candidate.rule.template, channel.platform
    post, card = made
    found = [(Level.ERROR, fault) for fault in asked.edition.faults(post, channel, card)]
    found += [(Level.WARNING, blemish) for blemish in (*style(post.text), *_cut_short(post))]
    for level, fault in found:
        where = place(template, platform, fault.found)
        yield Finding(level=level, where=where, what=fault, about=about, alike=fault.alike)


def _cut_short(post: Post) -> Iterator[Fault]:
    for whole, kept in zip(post.shortened, post.kept, strict=True):
        if graphemes(kept) * 2 < graphemes(whole):
            begins = whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}…"
            yield Fault(
                f"more than half of '{begins}' is cut off where there are {post.limit}"
                " characters: mark more as optional, or shorten it",
                alike="cut short",
            )


_SHOWN = 40
