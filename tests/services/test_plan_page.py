"""The page: only addresses of the web are links, and nothing of outside is markup."""

from decimal import Decimal

import pytest

from bot.core.planning import Key
from bot.services.plan import Line
from bot.services.plan_page import page
from tests.support.builders import event, record, schedules, utc

NOON = utc("2021-06-08 12:00")


def shown(url, text="Tomorrow"):
    line = Line(
        key=Key("talk", "day", "x", "r"),
        record=record(event(uid="talk", title="A <b>talk</b>", url=url)),
        post="day",
        channel="x",
        due=NOON,
        at=NOON,
        state="planned",
        reason="",
        text=text,
        length=8,
        limit=280,
        cost_usd=Decimal("0.2"),
    )
    return page([line], schedules().series, NOON)


def test_an_address_of_the_web_is_a_link():
    assert '<a href="https://example.org/?a=1&amp;b=2"' in shown("https://example.org/?a=1&b=2")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", '" onclick="x', ""])
def test_anything_else_is_none(url):
    assert "<a " not in shown(url)


def test_titles_and_texts_are_escaped():
    found = shown("", "<img src=x onerror=alert(1)>")
    assert "<b>" not in found
    assert "<img" not in found
    assert "1 post still to go out, $0.20." in found
