"""Reads every post before anybody else does, and whatever else there is to ask of the files."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.model import Event, EventRecord, Format
from bot.core.programme import Programme
from bot.services.edition import Edition
from bot.services.questions import approvals, budgets, cards, coverage, hashtags, sources, texts
from bot.services.questions.findings import Asked, Finding, Matter, Progress, matters

QUESTIONS: tuple[Callable[[Asked], Iterator[Finding]], ...] = (
    sources.unreadable_lines,
    hashtags.small_letters,
    texts.written,
    cards.drawn,
    coverage.never_sent,
    coverage.without_clock_time,
    budgets.exceeded,
    approvals.unheard,
    approvals.waiting_corrections,
)


def check(
    records: Sequence[EventRecord],
    edition: Edition,
    folder: Path,
    now: datetime,
    *,
    tells_people: bool = True,
    progress: Progress = lambda _what, _done, _total: None,
) -> list[Matter]:
    """Everything found, errors first; without events a sample event stands in.

    `folder`: that of schedules.yaml, where file sources are. `tells_people`: whether there is
    somebody who hears alerts.
    """
    events = records or [_sample(edition, now)]
    asked = Asked(
        records=events,
        edition=edition,
        folder=folder,
        programme=Programme(events),
        now=now,
        tells_people=tells_people,
        progress=progress,
    )
    return matters(finding for question in QUESTIONS for finding in question(asked))


def _sample(edition: Edition, now: datetime) -> EventRecord:
    series = edition.schedules.series
    starts = (now + timedelta(days=30)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    event = Event(
        uid="sample",
        title="A sample event with a title of ordinary length",
        starts=starts,
        ends=starts + timedelta(hours=1),
        timezone=series.timezone,
        format=Format.VIRTUAL,
        url=series.url,
    )
    return EventRecord(event=event, revision=0, created_at=now, dated_at=now)
