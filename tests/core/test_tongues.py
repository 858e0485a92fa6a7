from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.dates import countdown, daterange, when
from bot.core.model import Event, zone
from bot.core.tongues import WORDS, tongue
from tests.support.builders import event, utc

NOW = utc("2021-06-08 11:00")
SEMINAR = event("2021-06-09 11:00", "2021-06-09 12:00")
NEW_YORK = zone("America/New_York")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Wed 9 June, 11:00–12:00 BST"),
        ("en-US", "Wed, Jun 9, 11:00 AM–12:00 PM BST"),
        ("de-DE", "Mi., 9. Juni, 11:00–12:00 Uhr BST"),
        ("fr", "mer. 9 juin, 11:00–12:00 BST"),
        ("cy", "Mer, 9 Meh, 11:00–12:00 BST"),
    ],
)
def test_dates_are_said_as_the_language_says_them(language: str, expected: str) -> None:
    assert when(SEMINAR, NOW, tongue(language)) == expected


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2021-06-07", "gestern"),
        ("2021-06-08", "heute"),
        ("2021-06-08 13:00", "in 1 Stunde"),
        ("2021-06-08 12:25", "in 25 Minuten"),
        ("2021-06-09", "morgen"),
        ("2021-06-11", "in 3 Tagen"),
        ("2021-06-15", "in 1 Woche"),
        ("2021-06-01", "am Di., 1. Juni"),
    ],
)
def test_a_countdown_too(starts: str, expected: str) -> None:
    assert countdown(event(starts), NOW, tongue("de")) == expected


def test_a_zone_goes_by_the_letters_its_people_know() -> None:
    meeting = event("2021-06-03 09:00", "2021-06-03 17:00", timezone="Europe/Berlin")
    assert when(meeting, NOW, tongue("de")) == "Do., 3. Juni, 09:00–17:00 Uhr MESZ"
    assert when(meeting, NOW, tongue("fr")) == "jeu. 3 juin, 09:00–17:00 CEST"


def test_days_and_years_of_a_range() -> None:
    assert daterange(event("2021-06-03", "2021-06-04"), NOW, tongue("es")) == (
        "jue, 3 de junio – vie, 4 de junio"
    )
    assert daterange(event("2021-12-31", "2022-01-01"), NOW, tongue("en-US")) == (
        "Fri, Dec 31 – Sat, Jan 1, 2022"
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (SEMINAR, "Wed 9 June, 11:00–12:00 BST (06:00–07:00 EDT)"),
        (
            event("2021-06-09 03:00", "2021-06-09 05:00"),
            "Wed 9 June, 03:00–05:00 BST (Tue 8 June, 22:00–00:00 EDT)",
        ),
        (
            event("2021-06-03 09:00", "2021-06-04 17:00"),
            "Thu 3 June, 09:00 – Fri 4 June, 17:00 BST (Thu 3 June, 04:00 – Fri 4 June, 12:00 EDT)",
        ),
        (event("2021-06-09"), "Wed 9 June"),
        (event("2021-06-09 11:00", timezone="America/Toronto"), "Wed 9 June, 11:00 EDT"),
    ],
)
def test_a_second_zone_is_said_where_its_clocks_differ(told: Event, expected: str) -> None:
    assert when(told, NOW, also=NEW_YORK) == expected


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en-GB", 0, ""),
        ("en-GB", 1, "A"),
        ("en-GB", 2, "A and B"),
        ("en-GB", 3, "A, B and C"),
        ("de", 3, "A, B und C"),
        ("cy", 2, "A a(c) B"),
    ],
)
def test_several_names_are_listed_as_people_do(language: str, count: int, expected: str) -> None:
    assert tongue(language).listed(["A", "B", "C"][:count]) == expected


def test_a_language_nobody_here_speaks_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"dates are not said in 'ja' here; expected one of cy, "):
        tongue("ja")
    with pytest.raises(ValueError, match=r"'de-XX' is not a language of a country .* try 'de'"):
        tongue("de-XX")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted({*WORDS, "en-US", "de-AT", "pt-BR"})),
    st.datetimes(datetime(2021, 1, 1), datetime(2022, 12, 31)),  # noqa: DTZ001 - made aware
    st.integers(-2, 9),
    st.booleans(),
)
def test_every_language_tells_today_from_tomorrow(
    language: str,
    moment: datetime,
    days: int,
    timed: bool,  # noqa: FBT001 - drawn
) -> None:
    spoken = tongue(language)
    there = zone("Europe/London")
    now = moment.replace(tzinfo=there)
    day = now.date().toordinal() + days
    starts = datetime.fromordinal(day).replace(hour=12, tzinfo=there)
    told = event(f"{starts:%Y-%m-%d 12:00}" if timed else f"{starts:%Y-%m-%d}")
    said = countdown(told, now, spoken)
    if said == spoken.words.tomorrow:
        assert days == 1
    if said in {spoken.words.today, spoken.words.earlier}:
        assert days == 0
    if said == spoken.words.yesterday:
        assert days == -1
    assert when(told, now, spoken).isprintable()
