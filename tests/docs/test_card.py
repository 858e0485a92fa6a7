"""The card that docs/organisers.md shows is the one the sample makes."""

from datetime import UTC, datetime
from pathlib import Path

from bot.cards import Cards
from bot.core.cards import card
from bot.core.model import Series
from tests.test_sample_posts import EVENTS

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/card.png"


def sample() -> bytes:
    """The finale, a week before."""
    series = Series(
        name="Midlands Health & Life Science Symposium",
        hashtag="#MidlandsHealth",
        timezone="Europe/London",
    )
    finale = next(one for one in EVENTS if one.uid.startswith("finale"))
    shown = card(finale, series, datetime(2021, 11, 17, 9, tzinfo=UTC))
    return Cards.load(ROOT / "templates").draw(shown).data


def test_the_card_of_the_docs_is_drawn_as_cards_are_now() -> None:
    assert PICTURE.read_bytes() == sample(), "python -m tests.docs.test_card draws it anew"


if __name__ == "__main__":
    PICTURE.write_bytes(sample())
