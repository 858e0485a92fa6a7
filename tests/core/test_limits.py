"""Limits come back from the store as they went, and nonsense there is none."""

import json

import pytest

from bot.core.counting import MEASURES, measured
from bot.core.limits import UNHEARD, Limits, limits_of


@pytest.mark.parametrize(
    "limits",
    [
        UNHEARD,
        Limits(text=1000),
        Limits(link=32, alt=10, image_bytes=5, image_types=("image/png",)),
    ],
)
def test_they_come_back_as_they_went(limits):
    assert limits_of(json.loads(json.dumps(limits.plain()))) == limits


@pytest.mark.parametrize("found", [None, [], "500", {"text": "500"}, {"text": True}])
def test_of_nonsense_nothing_is_known(found):
    assert limits_of(found) == UNHEARD


def test_a_mastodon_server_is_counted_by_its_own_figures():
    measure = measured("mastodon", Limits(text=1000, link=32))
    assert measure.limit == 1000
    assert measure.length("See https://example.org/a") == len("See ") + 32


def test_what_a_server_did_not_say_is_as_usual():
    measure = measured("mastodon", UNHEARD)
    assert (measure.limit, measure.length("https://example.org/a")) == (500, 23)


@pytest.mark.parametrize("platform", ["x", "bluesky", "local"])
def test_platforms_of_one_length_are_counted_by_it(platform):
    assert measured(platform, Limits(text=7)) is MEASURES[platform]
