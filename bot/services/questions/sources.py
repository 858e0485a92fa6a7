"""Can every line of every source be read?"""

from collections.abc import Iterator

from bot.services.questions.findings import Asked, Finding, Level
from bot.services.sync import unread


def unreadable_lines(asked: Asked) -> Iterator[Finding]:
    for said in unread(asked.edition.schedules, asked.folder):
        yield Finding(level=Level.ERROR, where="", what=said)
