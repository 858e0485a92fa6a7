from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.check import check
from bot.services.edition import Edition, read_edition
from tests.support.builders import utc

TEMPLATE = "{{ event.title }} {{ series.hashtag }}"


def edition(folder: Path, hashtag: str, name: str) -> Edition:
    (folder / "templates/posts").mkdir(parents=True)
    (folder / "templates/posts/t.j2").write_text(TEMPLATE)
    (folder / "schedules.yaml").write_text(
        f'series: {{name: "{name}", hashtag: "{hashtag}", timezone: UTC}}\n'
        "channels: {x: {platform: x}}\n"
        "posts: {a: {when: 1 day before start at 12:00, template: t}}\n"
    )
    return read_edition(folder / "schedules.yaml", folder / "templates")


@pytest.mark.parametrize(
    ("hashtag", "name", "advice"),
    [
        ("#midlandshealth", "Midlands Health & Life Science", "#MidlandsHealth"),
        ("#health2021", "Health Days", "#Health2021"),
        ("#somethinglong", "Other", "#LikeThis"),
    ],
)
def test_a_hashtag_of_several_small_words_is_a_warning(
    tmp_path: Path, hashtag: str, name: str, advice: str
) -> None:
    [one] = check([], edition(tmp_path, hashtag, name), tmp_path, utc("2021-05-01 09:00"))
    assert (one.where, one.what.endswith(f"for each word, {advice}")) == ("series", True)


@pytest.mark.parametrize("hashtag", ["#MidlandsHealth", "#candal", "#NHS", "#pyCon"])
def test_others_are_fine(tmp_path: Path, hashtag: str) -> None:
    said = edition(tmp_path, hashtag, "A conference")
    assert check([], said, tmp_path, utc("2021-05-01 09:00")) == []
    assert replace(said.schedules.series).hashtag == hashtag
