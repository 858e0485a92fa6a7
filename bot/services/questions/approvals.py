"""Do people hear what they are asked, and what would wait for them?"""

from collections.abc import Iterator

from bot.core.rules import corrections
from bot.services.questions.findings import Asked, Finding, Level


def unheard(asked: Asked) -> Iterator[Finding]:
    for rule in asked.edition.schedules.rules:
        if rule.approval is not None and not asked.tells_people:
            yield Finding(
                level=Level.WARNING,
                where="BOT_ALERTS",
                what="is not set: nobody is told of posts that wait for a person;"
                " they are in: bot posts list --waiting",
                about=rule.name,
            )


def waiting_corrections(asked: Asked) -> Iterator[Finding]:
    first = corrections(asked.edition.schedules)
    for rule in asked.edition.schedules.rules:
        if rule.approval is not None and rule.key in first:
            yield Finding(
                level=Level.NOTE,
                where=rule.name,
                what="waits for a person: until then followers go by what is no longer so",
            )
