import json
import shutil
from pathlib import Path

import pytest

from bot.core.model import Status
from tests.support.cli import bot

CANDAL = "2021-06-09-candal-seminar-series-2021"
pytestmark = pytest.mark.usefixtures("late_may")


def edited(folder: Path, *pairs, name="schedules.yaml"):
    text = (folder / name).read_text()
    for right, other in pairs:
        assert right in text
        text = text.replace(right, other)
    copy = folder / "edited" / Path(name).name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(text)
    return str(copy)


def differences(*arguments):
    result = bot("diff", "--json", *arguments)
    assert result.err == ""
    return json.loads(result.out)


def test_the_same_file_changes_nothing_and_exits_with_0(folder: Path):
    result = bot("diff", edited(folder))
    assert (result.code, result.out) == (0, "Nothing changes; 0 sent again.\n")


def test_another_time_moves_posts_and_exits_with_1(folder: Path):
    other = edited(folder, ("1 day before start at 12:00", "1 day before start at 13:00"))
    result = bot("diff", other)
    assert result.code == 1
    assert (
        f"moved: day-before of {CANDAL} on x, Tue 08 Jun 2021 12:00 BST → Tue 08 Jun 2021 13:00 BST"
        in result.out
    )
    found = differences(other)
    assert {one["change"] for one in found} == {"moved"}
    assert {one["post"] for one in found} == {"day-before"}
    assert min(one["before"] for one in found) > "2021-05-25"  # what is over is not spoken of


def test_a_rule_that_goes_and_one_that_comes(folder: Path):
    other = edited(folder, ("  day-before:\n", "  eve:\n"))
    found = differences(other)
    assert {(one["change"], one["post"]) for one in found} == {
        ("added", "eve"),
        ("dropped", "day-before"),
    }
    assert found[0]["text_before"] or found[0]["text_after"]


def test_a_rename_that_says_what_it_was_changes_nothing(folder: Path):
    other = edited(folder, ("  day-before:\n", "  eve:\n    was: day-before\n"))
    assert bot("diff", other).code == 0


def test_another_folder_of_templates_shows_the_words_that_change(folder: Path):
    shutil.copytree(folder / "templates", folder / "others")
    reminder = folder / "others" / "posts" / "reminder.j2"
    reminder.write_text(
        reminder.read_text().replace("{{ event | countdown | capitalize }}:", "See")
    )
    found = differences("--templates", "others")
    assert {one["change"] for one in found} == {"reworded"}
    result = bot("diff", "--templates", "others")
    assert "\n    -Tomorrow: CANDAL seminar series 2021\n    +See CANDAL seminar" in result.out
    assert result.code == 1


def test_another_file_of_events_moves_and_adds_and_drops(folder: Path):
    listing = "events/midlandshealth-2021.txt"
    other = edited(
        folder,
        ("9th June - CANDAL", "11th June - CANDAL"),
        name=listing,
    )
    for said in (other, f"{listing}={other}"):
        mine = [one for one in differences("--events", said) if one["event"] == CANDAL]
        assert {one["change"] for one in mine} == {"moved"}
        assert {one["before"][:10] for one in mine if one["post"] == "day-before"} == {"2021-06-08"}
        assert {one["after"][:10] for one in mine if one["post"] == "day-before"} == {"2021-06-10"}
    cancelled = edited(folder, ("9th June - CANDAL", "9th June - CANCELLED: CANDAL"), name=listing)
    mine = [one for one in differences("--events", cancelled) if one["event"] == CANDAL]
    assert {(one["change"], one["reason"]) for one in mine} == {
        ("dropped", f"the event is {Status.CANCELLED}")
    }


def test_nothing_is_written(folder: Path):
    before = sorted(folder.rglob("*"))
    bot("diff", "schedules.yaml")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name an edited schedules.yaml, --templates or --events"),
        (["--events", "nowhere.txt"], "'nowhere.txt' stands in for no source: write OLD=NEW"),
        (["--events", "events/finale.yaml=none.yaml"], "there is no file none.yaml"),
    ],
)
def test_wrong_usage_exits_with_2(arguments, said):
    result = bot("diff", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.split())


def test_a_broken_file_is_told_with_its_line(folder: Path):
    result = bot("diff", edited(folder, ("template: recap", "templte: recap")))
    assert result.code == 1
    assert "edited/schedules.yaml:" in result.err
