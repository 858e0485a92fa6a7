from pathlib import Path

import pytest

from tests.support.cli import bot

pytestmark = pytest.mark.usefixtures("late_may")


def template(folder: Path, text: str) -> None:
    (folder / "templates/posts/reminder.j2").write_text(text)


def test_the_sample_is_in_order():
    result = bot("check")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1] == (
        "schedules.yaml: 11 posts on 1 channels, 18 events: all in order."
    )


def test_rules_that_do_not_apply_are_noted():
    [line] = [line for line in bot("check").out.splitlines() if "starting-soon" in line]
    assert line.startswith("note: starting-soon: does not apply to events without a clock time: ")


def test_a_post_that_cannot_be_made_to_fit_is_an_error(folder: Path):
    template(folder, f"{{{{ event.title }}}} {'very ' * 60} {{{{ series.hashtag }}}}")
    result = bot("check")
    assert result.code == 1
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == len(result.err.splitlines()) >= 18
    assert "(template reminder): " in errors[0]
    assert result.out.splitlines()[-1].endswith(f"18 events: {len(errors)} errors.")


def test_a_template_that_names_what_there_is_not_is_an_error(folder: Path):
    template(folder, "{{ event.titel }} {{ series.hashtag }}")
    result = bot("check")
    assert result.code == 1
    assert "reminder.j2" in result.err
    assert "titel" in result.err


def test_a_post_without_the_hashtag_is_an_error(folder: Path):
    template(folder, "{{ event.title | shrink }}")
    result = bot("check")
    assert result.code == 1
    assert "hashtag" in result.err


def test_without_events_a_sample_event_is_checked(folder: Path):
    schedules = folder / "schedules.yaml"
    text = schedules.read_text()
    schedules.write_text(text[: text.index("sources:")] + text[text.index("# Accounts") :])
    assert bot("check").code == 0
    template(folder, f"{'very ' * 60} {{{{ series.hashtag }}}}")
    assert bot("check").code == 1


def test_a_line_of_a_source_that_cannot_be_read_is_an_error(folder: Path):
    listing = folder / "events/midlandshealth-2021.txt"
    listing.write_text(listing.read_text() + "31st June - A day there is not\n")
    number = len(listing.read_text().splitlines())
    result = bot("check")
    assert result.code == 1
    assert result.err.startswith(f"error: events/midlandshealth-2021.txt:{number}: ")
    assert bot("plan").err.startswith(f"warning: events/midlandshealth-2021.txt:{number}: ")


def test_checking_writes_nothing(folder: Path):
    before = sorted(folder.rglob("*"))
    bot("check")
    assert sorted(folder.rglob("*")) == before
