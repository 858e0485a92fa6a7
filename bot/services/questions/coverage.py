"""Which posts will never go out, and which rules have nothing to say of which events?"""

from collections.abc import Iterator

from bot.core.planning import AHEAD, candidates, not_applicable
from bot.services.questions.findings import Asked, Finding, Level


def never_sent(asked: Asked) -> Iterator[Finding]:
    for candidate in candidates(asked.records, asked.edition.schedules):
        if candidate.barred and not candidate.waits and not candidate.barred.startswith(AHEAD):
            yield Finding(
                level=Level.NOTE,
                where=candidate.rule.name,
                what=f"will not go out: {candidate.barred}",
                about=candidate.about,
            )


def without_clock_time(asked: Asked) -> Iterator[Finding]:
    for rule, record in not_applicable(asked.records, asked.edition.schedules):
        yield Finding(
            level=Level.NOTE,
            where=rule.name,
            what="does not apply to events without a clock time",
            about=record.event.uid,
        )
