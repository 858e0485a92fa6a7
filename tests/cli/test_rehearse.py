import json
from pathlib import Path

import pytest

from tests.support.cli import bot


def test_a_season_is_played_and_summed_up(folder: Path):
    result = bot("rehearse", "--from", "2021-06-01", "--to", "2021-06-10")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    posts = [line for line in lines if "  x  " in line]
    assert posts[0].startswith(
        "Tue 01 Jun 2021 09:00  x         month-ahead    Coming up in June: / •"
    )
    assert posts[1].startswith("Wed 02 Jun 2021 09:00  x         week-before    In a week: CANDAL")
    timeline = folder / "timeline/rehearsal/timeline.jsonl"
    written = [json.loads(line) for line in timeline.read_text().splitlines()]
    assert len(posts) == len([one for one in written if "text" in one]) == 15
    assert any(line.startswith("15 posts about ") for line in lines)
    assert any(line.startswith(f"The timeline is {folder}/timeline/rehearsal/") for line in lines)


def test_the_page_shows_what_was_posted(folder: Path):
    bot("rehearse", "--from", "2021-06-08", "--to", "2021-06-09")
    page = (folder / "timeline/rehearsal/timeline.html").read_text()
    assert "Tomorrow: CANDAL seminar series 2021" in page


def test_a_rehearsal_leaves_no_database(folder: Path):
    bot("rehearse", "--from", "2021-06-08", "--to", "2021-06-08")
    assert {path.name for path in folder.iterdir()} == {
        *("schedules.yaml", "events", "templates", "timeline")
    }


def test_a_second_rehearsal_begins_anew(folder: Path):
    days = ("--from", "2021-06-08", "--to", "2021-06-08")
    assert bot("rehearse", *days).out == bot("rehearse", *days).out


def test_a_window_without_posts_is_an_answer(folder: Path):
    result = bot("rehearse", "--from", "2030-01-01")
    assert result.code == 1
    assert result.err.startswith("bot: there is nothing to play")


def test_a_timeline_that_cannot_be_written_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BOT_TIMELINE", "schedules.yaml")
    result = bot("rehearse")
    assert (result.code, result.err) == (
        1,
        "bot: The local timeline cannot be used: schedules.yaml/rehearsal: Not a directory.\n",
    )


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "fast"])
def test_a_speed_that_is_none_is_wrong_usage(speed):
    assert bot("rehearse", "--speed", speed).code == 2
