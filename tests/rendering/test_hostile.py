"""Whatever stands in an event, what goes out is safe, fits, and says what it has to say."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.counting import MEASURES
from bot.core.linting import lint, says_tba
from bot.core.model import Event, Series
from bot.core.neutralising import neutral
from bot.core.telling import facts
from bot.rendering import Context, Post, Templates
from tests.support.builders import event
from tests.support.hostile import EVENTS, TITLES, hostile

ROOT = Path(__file__).parents[2]
TEMPLATES = Templates.load(ROOT / "templates")
SERIES = Series(
    name="Midlands Health & Life Science Symposium",
    hashtag="#MidlandsHealth",
    timezone="Europe/London",
    url="https://midlandsinnovation.org.uk/MIHealth/Health-Life-Science-Symposium",
)
NOW = datetime(2021, 6, 8, 11, tzinfo=UTC)
DATED = ("reminder", "starting", "added", "moved", "changed", "reinstated")
PLATFORMS = ("x", "mastodon", "bluesky")
WEEK = event("2021-06-07", "2021-06-13")
TOLD = facts(hostile("As it was"))


def posted(template: str, platform: str, told: Event) -> Post:
    context = Context(
        event=told,
        series=SERIES,
        rule=template,
        told=TOLD,
        previous=told,
        next=told,
        total=3,
        events=[replace(told, uid=uid) for uid in "abc"],
        finale=told,
        period=WEEK,
    )
    return TEMPLATES.render(template, platform, context, MEASURES[platform], NOW)


def is_safe(post: Post, platform: str) -> None:
    assert post.limit is not None
    assert post.length == MEASURES[platform].length(post.text) <= post.limit
    own = {"links": post.links, "mentions": post.mentions}
    assert lint(post.text, hashtag=SERIES.hashtag, platform=platform, **own) == []
    assert post.untrue == ()
    assert post.text.count(SERIES.hashtag) == 1
    assert post.text.endswith(SERIES.hashtag)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("template", DATED)
@pytest.mark.parametrize("name", TITLES)
def test_a_hostile_event_is_announced_safely(template: str, platform: str, name: str) -> None:
    post = posted(template, platform, hostile(TITLES[name]))
    is_safe(post, platform)
    assert "Wed 9 June, 11:00–12:00 BST" in post.text
    assert post.links == ("https://example.org/the/talk",)
    assert "https://example.org/the/talk" in post.text


@settings(max_examples=400, deadline=None)
@given(
    EVENTS,
    st.sampled_from(sorted(TEMPLATES.names)),
    st.sampled_from(PLATFORMS),
)
def test_whatever_comes_in_what_goes_out_is_fit_to_be_read(
    told: Event, template: str, platform: str
) -> None:
    if says_tba(told.title) or says_tba(neutral(told.title)):
        return  # of which nothing is said
    if template == "recording":
        told = replace(told, recording_url="https://example.org/recording")
    post = posted(template, platform, told)
    is_safe(post, platform)
    if template in DATED:
        assert "Wed 9 June, 11:00–12:00 BST" in post.text
    assert post.links
    assert all(link in post.text for link in post.links)
