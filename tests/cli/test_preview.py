from pathlib import Path

import pytest

from tests.support.cli import bot

pytestmark = pytest.mark.usefixtures("late_may")

CANDAL = "2021-06-09-candal-seminar-series-2021"


def test_every_post_of_an_event_is_shown_as_it_will_read():
    out = bot("preview", CANDAL).out
    heads = [line for line in out.splitlines() if line.startswith("── ")]
    assert [head.split()[1] for head in heads] == [
        *("week-before", "day-before", "on-the-day", "recap")
    ]
    assert heads[1].startswith("── day-before on x, as of Tue 08 Jun 2021 12:00 BST (")
    assert " of 280 characters, $0." in heads[1]
    assert "\nTomorrow: CANDAL seminar series 2021\n" in out


def test_only_one_rule_and_channel():
    out = bot("preview", CANDAL, "--post", "day-before", "--channel", "x").out
    assert out.count("── ") == 1


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2021-06-08T12:00", "Tomorrow: CANDAL"),
        ("2021-06-09T00:30", "Today: CANDAL"),
        ("2021-06-08T23:30+00:00", "Today: CANDAL"),
        ("2021-06-06", "In 3 days: CANDAL"),
    ],
)
def test_a_text_is_true_at_the_moment_it_is_read_for(at, said):
    out = bot("preview", CANDAL, "--post", "day-before", "--at", at).out
    assert said in out


def test_previewing_writes_nothing(folder: Path):
    before = sorted(folder.rglob("*"))
    bot("preview", CANDAL)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["2021-06-09-candal"],
            f"there is no event '2021-06-09-candal' (did you mean '{CANDAL}'?)",
        ),
        (
            [CANDAL, "--post", "day-befor"],
            "there is no post 'day-befor' (did you mean 'day-before'?)",
        ),
        ([CANDAL, "--channel", "xx"], "there is no channel 'xx' (did you mean 'x'?)"),
    ],
)
def test_for_an_unknown_name_the_nearest_is_offered(arguments, said):
    result = bot("preview", *arguments)
    assert (result.code, result.out, result.err) == (1, "", f"bot: {said}\n")


@pytest.mark.parametrize("at", ["10:00", "tomorrow", "9999-12-31T23:59", "0001-01-01"])
def test_what_is_no_time_is_wrong_usage(at):
    result = bot("preview", CANDAL, "--at", at)
    assert (result.code, result.out) == (2, "")
    assert f"--at: '{at}' is not a time: write it as 2021-06-09T10:00" in result.err


def test_a_card_is_written_and_its_words_are_printed(tmp_path: Path):
    file = tmp_path / "card.png"
    out = bot("preview", CANDAL, "--card", str(file), "--at", "2021-06-02").out
    assert file.read_bytes().startswith(b"\x89PNG")
    assert f"{file}: 1200 × 675, " in out
    assert "Alt text: CANDAL seminar series 2021. Wed 9 June, Online. " in out


def test_a_card_that_cannot_be_written_is_told(tmp_path: Path):
    result = bot("preview", CANDAL, "--card", str(tmp_path / "nowhere/card.png"))
    assert result.code == 1
    assert "cannot be written" in result.err


def test_a_notice_is_shown_by_example_while_nothing_has_changed():
    out = bot("preview", CANDAL, "--post", "moved").out
    assert out.splitlines()[1:4] == [
        "(an example: there is no such change to tell)",
        "Moved: CANDAL seminar series 2021",
        "Now Wed 9 June (was Tue 8 June)",
    ]


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ("cancelled", "It was planned for Wed 9 June and will not take place."),
        ("postponed", "It will not be on Wed 9 June; a new date is to follow."),
        ("reinstated", "Taking place after all: CANDAL seminar series 2021"),
        ("recording", "Now to watch: CANDAL seminar series 2021\nHeld yesterday"),
        ("changed", "New page: CANDAL seminar series 2021"),
    ],
)
def test_every_notice_of_the_sample_can_be_read_before_it_is_needed(post, said):
    assert said in bot("preview", CANDAL, "--post", post).out
