"""What a card shows, and the words for those who do not see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards import LONGEST_ALT, card
from bot.core.model import Format, Series, Status
from bot.core.rules import Change, Channel, OnChange
from bot.core.telling import facts
from tests.support.builders import event, rule, utc

SERIES = Series(name="Midlands Health", hashtag="#MidlandsHealth", timezone="Europe/London")
NOW = utc("2021-06-01 09:00")
TEXT = st.text(max_size=500)


def talk(**fields):
    return event("2021-06-09 11:00", "2021-06-09 12:00", **fields)


def notice(change):
    return rule(OnChange(change=change), "notice", card=True)


def test_the_words_for_a_picture_say_what_it_shows():
    told = talk(format=Format.VIRTUAL, hosts=("CANDAL", "University of Nottingham"))
    assert card(told, SERIES, NOW).alt == (
        "CANDAL seminar series 2021. Wed 9 June, 11:00–12:00 BST, Online. With CANDAL and"
        " University of Nottingham. Midlands Health, #MidlandsHealth."
    )


def test_of_an_event_nobody_knows_more_of_the_day_and_the_series_are_said():
    assert card(event("2022-06-09", title="Talk?"), SERIES, NOW).alt == (
        "Talk? Thu 9 June 2022. Midlands Health, #MidlandsHealth."
    )


@pytest.mark.parametrize(
    ("format_", "location", "place"),
    [
        (Format.VIRTUAL, "Zoom", "Online"),
        (Format.IN_PERSON, "", "In person"),
        (Format.IN_PERSON, "Loughborough University", "Loughborough University · In person"),
        (Format.HYBRID, "Derby", "Derby · In person and online"),
        (None, "Derby", "Derby"),
        (None, "", ""),
    ],
)
def test_the_place_is_said_as_people_say_it(format_, location, place):
    assert card(talk(format=format_, location=location), SERIES, NOW).place == place


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ((), ""),
        (("A",), "With A"),
        (("A", "B", "C"), "With A, B and C"),
        (("", "  ", "A"), "With A"),
        (
            tuple(f"The University of Number {number}" for number in range(9)),
            (
                "With The University of Number 0, The University of Number 1, The University of"
                " Number 2 and 6 more"
            ),
        ),
    ],
)
def test_of_many_hosts_the_first_are_named(hosts, said):
    assert card(talk(hosts=hosts), SERIES, NOW).hosts == said


@pytest.mark.parametrize(
    ("status", "change", "banner", "off"),
    [
        (Status.CONFIRMED, None, "", False),
        (Status.CANCELLED, None, "Cancelled", True),
        (Status.CANCELLED, Change.CANCELLED, "Cancelled", True),
        (Status.POSTPONED, Change.POSTPONED, "Postponed", True),
        (Status.CONFIRMED, Change.MOVED, "New date", False),
        (Status.CONFIRMED, Change.REINSTATED, "Takes place after all", False),
        (Status.CONFIRMED, Change.ADDED, "", False),
        (Status.CANCELLED, Change.MOVED, "Cancelled", True),
    ],
)
def test_what_happened_to_an_event_is_said_first(status, change, banner, off):
    shown = card(talk(status=status), SERIES, NOW, rule=notice(change) if change else None)
    assert (shown.banner, shown.off) == (banner, off)
    assert shown.alt.startswith(f"{banner}: CANDAL" if banner else "CANDAL")


def test_of_a_cancelled_event_nobody_is_told_where_to_go():
    shown = card(talk(status=Status.CANCELLED, format=Format.VIRTUAL), SERIES, NOW)
    assert "It was to be Wed 9 June, 11:00–12:00 BST." in shown.alt
    assert "Online" not in shown.alt


@given(TEXT, TEXT, st.lists(TEXT, max_size=5))
def test_the_words_are_never_empty_and_never_too_long(title, location, hosts):
    shown = card(talk(title=title, location=location, hosts=tuple(hosts)), SERIES, NOW)
    assert 0 < len(shown.alt) <= LONGEST_ALT
    assert "Wed 9 June" in shown.alt
    assert shown.alt.count("\u2068") == shown.alt.count("\u2069")
    assert shown.drawn["title"].strip()


def test_an_event_that_is_called_like_the_series_is_named_once():
    shown = card(talk(title="Midlands Health"), SERIES, NOW)
    assert shown.alt == "Midlands Health. Wed 9 June, 11:00–12:00 BST. #MidlandsHealth."
    assert shown.drawn["series"] == ""


@pytest.mark.parametrize(
    ("before", "banner"),
    [
        ("2021-06-09 09:00", "New time"),
        ("2021-06-08 11:00", "New date"),
        ("2021-06-09", "New time"),
    ],
)
def test_a_notice_of_a_move_says_whether_it_is_another_day(before, banner):
    told = facts(event(before))
    assert card(talk(), SERIES, NOW, rule=notice(Change.MOVED), told=told).banner == banner


def test_dates_are_said_in_the_language_and_the_second_zone_of_a_channel():
    channel = Channel(name="x", platform="x", language="de-DE", also_zone="America/New_York")
    assert "9. Juni" in card(talk(), SERIES, NOW, channel=channel).when
    assert "06:00" in card(talk(), SERIES, NOW, channel=channel).when


def test_emoji_are_not_drawn_and_letters_of_every_script_are():
    shown = card(talk(title="AI 🤖 in Health 👩🏽‍⚕️ – été שלום"), SERIES, NOW)
    assert shown.drawn["title"] == "AI in Health – été שלום"
    assert "🤖" in shown.alt


def test_a_title_of_nothing_but_emoji_gives_way_to_the_series():
    assert card(talk(title="🎉🎉"), SERIES, NOW).drawn["title"] == "Midlands Health"


def test_a_long_title_is_cut_at_the_end_of_a_word():
    title = card(talk(title="wonderful " * 60), SERIES, NOW).title
    assert title.endswith("wonderful…")
    assert len(title) <= 220
