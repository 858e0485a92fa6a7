"""Short ways to read a listing in tests."""

from bot.core.model import Entry, Reading
from bot.sources import listing


def read(text: str, year: int | None = 2021, name: str = "page.txt") -> Reading:
    return listing.read(text.encode(), name=name, timezone="Europe/London", year=year, defaults={})


def only(text: str, year: int | None = 2021) -> Entry:
    """The one event of a text that holds nothing else."""
    reading = read(text, year)
    assert not reading.refusals, reading.refusals
    (entry,) = reading.entries
    return entry


def reason(text: str, year: int | None = 2021) -> str:
    """Why the one line of a text is refused."""
    reading = read(text, year)
    assert not reading.entries, reading.entries
    (refusal,) = reading.refusals
    return refusal.reason
