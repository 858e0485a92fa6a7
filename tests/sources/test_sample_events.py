from pathlib import Path

from tests.support.listings import read
from tests.support.series_page import EVENTS

LISTING = Path(__file__).parents[2] / "events" / "midlandshealth-2021.txt"


def test_the_sample_listing_holds_the_events_of_the_page() -> None:
    reading = read(LISTING.read_text())
    assert reading.refusals == []
    found = [(e.fields["starts"], e.fields["ends"], e.fields["title"]) for e in reading.entries]
    assert found == EVENTS
