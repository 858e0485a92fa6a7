"""docs/season.md: every post of the sample season, as followers read it.

`make season` writes it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from bot.core.examples import examples
from bot.core.model import EventRecord
from bot.core.planning import Candidate
from bot.core.pricing import cost, dollars
from bot.core.programme import Programme
from bot.services.edition import Edition, read_edition
from bot.services.known import Known
from bot.services.plan import plan
from bot.services.sync import merged

ROOT = Path(__file__).parents[2]
BEFORE = datetime(2021, 1, 1, 9, tzinfo=UTC)
"""The bot is started then, and knows all events."""

CHANGING = "2021-04-14-midlands-mass-spectrometry-group-event-series"
"""The event that the made-up changes happen to: it has a clock time."""

HEAD = """\
# The sample season

Every post of the sample season, in the order it goes out, exactly as followers read it: what
`schedules.yaml`, `events/` and `templates/` make of it where the bot runs from 1 January 2021.
Beside the channel stand the length, as that network counts it, of how much it takes, and the price
where there is one. A text that is the same everywhere is shown once.

`make season` writes this page, and a test holds it to what the bot would post.
"""
NOTICES = """\
## If something changes

None of this happened. It is what would have gone out three days before, had the one event with a
clock time been changed after it was announced.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One text on one channel."""

    at: datetime  #: in the zone of what it speaks of
    post: str
    subject: str
    channel: str
    text: str
    length: int
    limit: int | None
    cost_usd: Decimal


def page() -> str:
    """The whole page."""
    edition = read_edition(ROOT / "schedules.yaml", ROOT / "templates")
    records = merged([], edition.schedules, ROOT, BEFORE)
    names = list(edition.schedules.channels)
    season = sorted(posts(records, edition), key=lambda one: (one.at, names.index(one.channel)))
    return "\n".join([HEAD, *_by_month(season), NOTICES, *_changes(records, edition)])


def posts(records: Sequence[EventRecord], edition: Edition) -> Iterator[Told]:
    """What goes out if nothing changes."""
    for line in plan(records, edition, Known(), BEFORE):
        if line.state == "planned" and line.at is not None:
            yield Told(
                at=line.at,
                post=line.post,
                subject=line.key.event,
                channel=line.channel,
                text=line.text,
                length=line.length,
                limit=line.limit,
                cost_usd=line.cost_usd,
            )


def notices(records: Sequence[EventRecord], edition: Edition) -> Iterator[Told]:
    """What would go out if one event changed in every way."""
    programme = Programme(records)
    [changing] = [record for record in records if record.event.uid == CHANGING]
    for rule in edition.schedules.rules:
        for number, candidate in enumerate(examples(changing, rule)):
            yield from _notice(candidate, number, edition, programme)


def _notice(
    candidate: Candidate, number: int, edition: Edition, programme: Programme
) -> Iterator[Told]:
    for channel in edition.schedules.channels_of(candidate.rule):
        post = edition.post(candidate, channel, candidate.release, programme)
        yield Told(
            at=candidate.release.astimezone(candidate.record.event.zone),
            post=candidate.rule.name,
            subject=str(number),
            channel=channel.name,
            text=post.text,
            length=post.length,
            limit=post.limit,
            cost_usd=cost(channel, linked=bool(post.links), pictured=candidate.rule.card),
        )


def _by_month(season: Sequence[Told]) -> Iterator[str]:
    for month, of_month in groupby(season, key=lambda one: f"{one.at:%B %Y}"):
        yield f"## {month}\n"
        for day, of_day in groupby(
            of_month, key=lambda one: f"{one.at:%A} {one.at.day} {one.at:%B}"
        ):
            yield f"### {day}\n"
            yield from _posts(of_day)


def _changes(records: Sequence[EventRecord], edition: Edition) -> Iterator[str]:
    for name, of_rule in groupby(notices(records, edition), key=lambda one: one.post):
        yield f"### {name}\n"
        yield from _posts(of_rule, clock=False)


def _posts(told: Iterable[Told], *, clock: bool = True) -> Iterator[str]:
    same: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        same.setdefault((one.post, one.subject), []).append(one)
    for (post, _), of_post in same.items():
        texts: dict[str, list[Told]] = {}
        for one in of_post:
            texts.setdefault(one.text, []).append(one)
        for text, alike in texts.items():
            when = f"{alike[0].at:%H:%M} {post}: " if clock else ""
            yield f"{when}{'; '.join(map(_measured, alike))}\n"
            yield f"```\n{text}\n```\n"


def _measured(one: Told) -> str:
    price = f", {dollars(one.cost_usd)}" if one.cost_usd else ""
    return f"{one.channel} {one.length} of {one.limit}{price}"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - make season writes it to the file
