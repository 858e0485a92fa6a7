"""A hostile event on its way through delivery, on each platform."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.counting import MEASURES
from bot.platforms.bluesky_record import record
from tests.support.builders import utc
from tests.support.hostile import TITLES, hostile
from tests.support.stage import SERIES, Stage

ROOT = Path(__file__).parents[2]
RULES = "posts:\n  day-before: {when: 1 day before start at 12:00, template: reminder}\n"


@pytest.fixture(params=["x", "mastodon", "bluesky"])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stage(tmp_path: Path, platform: str) -> Iterator[Stage]:
    made = Stage(tmp_path, utc("2021-06-08 09:00"), rules=RULES)
    shutil.copytree(ROOT / "templates", tmp_path / "templates", dirs_exist_ok=True)
    made.write("schedules.yaml", f"{SERIES}channels: {{x: {{platform: {platform}}}}}\n{RULES}")
    assert made.editions.refresh()
    yield made
    made.close()


def test_every_hostile_title_goes_out_within_limits(stage: Stage, platform: str) -> None:
    stage.add(*(hostile(title, uid=name.replace(" ", "-")) for name, title in TITLES.items()))
    stage.run(stage.delivery(), utc("2021-06-08 20:00"))

    rows = stage.rows()
    assert {row.state for row in rows.values()} == {"sent"}
    assert set(rows) == {name.replace(" ", "-") for name in TITLES}
    measure = MEASURES[platform]
    assert measure.limit is not None
    for text in stage.platform.texts:
        assert measure.length(text) <= measure.limit
        assert text.count("#MidlandsHealth") == 1
        assert "Wed 9 June, 11:00–12:00 BST" in text


def test_on_bluesky_only_the_link_and_the_tag_are_marked(stage: Stage, platform: str) -> None:
    if platform != "bluesky":
        return
    stage.add(hostile(TITLES["link"] + TITLES["mention"], uid="a"))
    stage.run(stage.delivery(), utc("2021-06-08 20:00"))
    [parcel] = stage.platform.parcels
    made = record(parcel.text, parcel.links, parcel.idempotency_key)
    assert made is not None
    marked = [facet["features"][0]["$type"].rpartition("#")[2] for facet in made["facets"]]
    assert marked == ["link", "tag"]
