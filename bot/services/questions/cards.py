"""Can every card be drawn?"""

from collections.abc import Iterator

from bot.core.cards import Card
from bot.core.planning import Candidate
from bot.errors import CardError
from bot.services.questions.findings import Asked, Finding, Level
from bot.services.questions.texts import sayable


def drawn(asked: Asked) -> Iterator[Finding]:
    """Every card of every event, once, as it would be when its post is due."""
    wanted = dict[Card, Candidate]()
    for candidate in sayable(asked) if asked.edition.draws else ():
        for channel in asked.edition.schedules.channels_of(candidate.rule):
            card = asked.edition.card(candidate, channel, candidate.release)
            if card is not None:
                wanted.setdefault(card, candidate)
    for done, (card, candidate) in enumerate(wanted.items(), 1):
        try:
            asked.edition.cards.draw(card)
        except CardError as error:
            yield Finding(
                level=Level.ERROR,
                where="",
                what=str(error),
                about=f"{candidate.rule.name} of {candidate.record.event.uid}",
            )
        asked.progress("drawing cards", done, len(wanted))
