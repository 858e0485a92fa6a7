"""Draws the cards of posts before their time comes."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from bot.clock import Clock
from bot.errors import CardError
from bot.services.desk import Desk
from bot.services.edition import Edition

AHEAD = timedelta(minutes=2)

LONGEST = 0.5
"""Seconds of drawing that a claim waits for: some fifteen cards. What is left of a burst nobody
drew ahead for is drawn within the claim."""


def draw_ahead(
    edition: Edition, desks: Iterable[Desk], clock: Clock, longest: float = LONGEST
) -> int:
    """How many cards were drawn of what is near, the first needed first.

    So nothing is drawn while the store is locked for a claim.
    """
    now, ends = clock.now(), clock.elapsed() + longest
    near = sorted(
        (
            (one, desk.channel)
            for desk in desks
            for one in (desk.agenda.near(now + AHEAD) if desk.agenda else ())
            if one.rule.card
        ),
        key=lambda found: found[0].release,
    )
    drawn = 0
    for candidate, channel in near:
        if clock.elapsed() >= ends:
            break
        card = edition.card(candidate, channel, max(now, candidate.release))
        if card is None or edition.cards.has(card):
            continue
        with suppress(CardError):  # said when its post goes out without it
            edition.cards.draw(card)
        drawn += 1
    return drawn
