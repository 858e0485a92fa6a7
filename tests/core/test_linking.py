"""Which posts carry links: all, none, or the first about each event."""

from dataclasses import replace
from datetime import time

import pytest

from bot.core.linking import answers, carriers
from bot.core.planning import candidates
from bot.core.rules import Change, Channel, Every, Links, OnChange, Period, Wait
from tests.support.builders import event, on_clock, record, rule, schedules

X = Channel(name="x", platform="x", links=Links.FIRST)
WEEK = rule(on_clock(-7, "09:00"), "week", rank=1)
DAY = rule(on_clock(-1, "12:00"), "day", rank=0)


def carrying(channel, linked=(), rules=(WEEK, DAY)):
    records = [record(event(uid="a")), record(event("2021-06-20", uid="b"))]
    plan = candidates(records, schedules(*rules))
    return [(key.event, key.rule) for key in carriers(channel, plan, linked, "x")]


def test_the_first_about_each_event_carries_links():
    assert carrying(X) == [("a", "week"), ("b", "week")]


def test_an_event_that_was_linked_to_is_not_again():
    assert carrying(X, linked={"a"}) == [("b", "week")]


def test_always_and_never():
    assert len(carrying(replace(X, links=Links.ALWAYS), linked={"a"})) == 4
    assert carrying(replace(X, links=Links.NEVER)) == []


@pytest.mark.parametrize(
    "pointless",
    [
        replace(DAY, when=OnChange(change=Change.RECORDING)),
        replace(DAY, when=OnChange(change=Change.CHANGED)),
        replace(DAY, when=Every(period=Period.DAY, at=time(9))),
        replace(DAY, wait=Wait(fact="recording_url", until=on_clock(14, "10:00"))),
    ],
)
def test_what_would_say_nothing_without_its_link_always_has_it(pointless):
    assert answers(X, pointless) == (True,)
    assert answers(replace(X, links=Links.NEVER), pointless) == (False,)


def test_a_post_for_the_end_of_the_waiting_needs_none():
    wait = Wait(fact="recording_url", until=on_clock(14, "10:00"), inverted=True)
    assert answers(X, replace(DAY, wait=wait)) == (True, False)
    assert answers(X, replace(DAY, when=OnChange(change=Change.CANCELLED))) == (True, False)
