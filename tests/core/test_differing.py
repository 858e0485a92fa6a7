"""What contradicts what was told, and what only completes it."""

import pytest

from bot.core.differing import differences
from bot.core.model import Status
from bot.core.rules import Change
from tests.support.builders import event

TALK = {"uid": "talk"}


def found(now, told):
    return list(differences(now, told))


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (("2021-06-09",), ("2021-06-10",)),
        (("2021-06-09", "2021-06-10"), ("2021-06-09", "2021-06-11")),
        (("2021-06-09 11:00",), ("2021-06-09 12:00",)),
        (("2021-06-09 11:00", "2021-06-09 12:00"), ("2021-06-09 11:00", "2021-06-09 13:00")),
        (("2021-06-09",), ("2021-06-10 11:00",)),
        (("2021-06-09 11:00",), ("2021-06-10",)),
    ],
)
def test_another_time_is_a_move(told, now):
    assert found(event(*now, **TALK), event(*told, **TALK)) == [Change.MOVED]


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (("2021-06-09",), ("2021-06-09 11:00",)),
        (("2021-06-09 11:00",), ("2021-06-09 11:00", "2021-06-09 12:00")),
        (("2021-06-09 11:00", "2021-06-09 12:00"), ("2021-06-09 11:00",)),
        (("2021-06-09 11:00",), ("2021-06-09",)),
        (("2021-06-09", "2021-06-10"), ("2021-06-09 11:00", "2021-06-10 12:00")),
    ],
)
def test_what_became_known_or_is_no_longer_known_is_no_move(told, now):
    assert found(event(*now, **TALK), event(*told, **TALK)) == []


def test_the_same_instant_in_another_zone_is_no_move():
    told = event("2021-06-09 11:00", **TALK)
    now = event("2021-06-09 12:00", timezone="Europe/Paris", **TALK)
    assert found(now, told) == []


@pytest.mark.parametrize(
    ("told", "now", "changes"),
    [
        ("The Hall", "Room 7", [Change.CHANGED]),
        ("The Hall", " the  hall", []),
        ("", "Room 7", []),
        ("The Hall", "", []),
    ],
)
def test_another_place_is_a_change_and_a_new_one_is_none(told, now, changes):
    assert found(event(location=now), event(location=told)) == changes


@pytest.mark.parametrize(
    ("told", "now", "changes"),
    [
        ("https://example.org/a", "https://example.org/b", [Change.CHANGED]),
        ("http://example.org/a/", "https://example.org/a", []),
        ("", "https://example.org/a", []),
    ],
)
def test_another_page_is_a_change(told, now, changes):
    assert found(event(url=now), event(url=told)) == changes


@pytest.mark.parametrize(
    ("told", "now", "changes"),
    [
        (Status.CONFIRMED, Status.CANCELLED, [Change.CANCELLED]),
        (Status.CONFIRMED, Status.POSTPONED, [Change.POSTPONED]),
        (Status.POSTPONED, Status.CANCELLED, [Change.CANCELLED]),
        (Status.CANCELLED, Status.CANCELLED, []),
        (Status.CANCELLED, Status.CONFIRMED, [Change.REINSTATED]),
        (Status.POSTPONED, Status.CONFIRMED, [Change.REINSTATED]),
        (Status.CONFIRMED, Status.TENTATIVE, []),
        (Status.CANCELLED, Status.TENTATIVE, []),
    ],
)
def test_how_an_event_stands_is_told_where_it_was_told_otherwise(told, now, changes):
    assert found(event(status=now), event(status=told)) == changes


def test_of_an_event_that_does_not_take_place_no_other_change_is_told():
    now = event("2021-06-10", status=Status.CANCELLED, location="Room 7", **TALK)
    told = event("2021-06-09", status=Status.CANCELLED, location="The Hall", **TALK)
    assert found(now, told) == []


def test_what_matters_most_comes_first():
    now = event("2021-06-10", location="Room 7", **TALK)
    told = event("2021-06-09", status=Status.CANCELLED, location="The Hall", **TALK)
    assert found(now, told) == [Change.REINSTATED, Change.MOVED, Change.CHANGED]
