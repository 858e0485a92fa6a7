from pathlib import Path

import pytest

from tests.support.cli import ROOT, bot

pytestmark = pytest.mark.usefixtures("late_may")


def template(folder: Path, text: str) -> None:
    (folder / "templates/posts/reminder.j2").write_text(text)


def test_the_sample_is_in_order(folder: Path):
    (folder / "schedules.yaml").write_bytes((ROOT / "schedules.yaml").read_bytes())
    result = bot("check")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1] == (
        "schedules.yaml: 12 posts on 3 channels, 18 events: all in order."
    )


def test_rules_that_do_not_apply_are_noted():
    [line] = [line for line in bot("check").out.splitlines() if "starting-soon" in line]
    assert line.startswith("note: starting-soon: does not apply to events without a clock time (")
    assert line.endswith(" and 15 more)")


def test_a_post_that_cannot_be_made_to_fit_is_an_error(folder: Path):
    template(folder, f"{{{{ event.title }}}} {'very ' * 60} {{{{ series.hashtag }}}}")
    result = bot("check")
    assert result.code == 1
    [error] = result.err.splitlines()
    assert error.startswith(
        "error: templates/posts/reminder.j2 on x: the text is 422 characters long where 280 are"
        " allowed, "
    )
    assert error.endswith(" and 52 more)")  # 18 events, three reminders of each
    assert result.out.splitlines()[-1].endswith("18 events: 1 error.")


def test_a_template_that_names_what_there_is_not_is_an_error(folder: Path):
    template(folder, "{{ event.titel }} {{ series.hashtag }}")
    result = bot("check")
    assert result.code == 1
    assert "reminder.j2" in result.err
    assert "titel" in result.err


def test_a_word_that_is_not_true_on_every_day_is_an_error_where_it_stands(folder: Path):
    template(folder, "{# for the day before #}\nTomorrow: {{ event.title }}\n{{ series.hashtag }}")
    result = bot("check")
    assert result.code == 1
    [error] = result.err.splitlines()
    assert error.startswith(
        "error: templates/posts/reminder.j2:2: it says 'tomorrow', and the event is "
    )
    assert error.endswith(" and 33 more)")  # not the days before, nor the first of two


def test_what_could_be_better_is_a_warning_and_no_error(folder: Path):
    schedules = folder / "schedules.yaml"
    schedules.write_text(schedules.read_text().replace("#MidlandsHealth", "#midlandshealth"))
    template(folder, "{{ event.title | shrink }} {{ 'so ' * 80 }} {{ series.hashtag }}")
    result = bot("check")
    assert (result.code, result.err) == (0, "")
    warnings = [line for line in result.out.splitlines() if line.startswith("warning: ")]
    assert [warning.partition(": ")[2][:27] for warning in warnings] == [
        "series: the hashtag #midlan", "templates/posts/reminder.j2",
    ]  # fmt: skip
    assert result.out.splitlines()[-1].endswith("18 events: 2 warnings.")


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


def with_cards(folder: Path, more: str = "") -> None:
    schedules = folder / "schedules.yaml"
    text = schedules.read_text().replace("template: recap", "template: recap\n    card: true")
    schedules.write_text(text.replace("timezone: Europe", f"{more}timezone: Europe"))


def test_every_card_is_drawn(folder: Path):
    with_cards(folder)
    assert bot("check").out.splitlines()[-1].endswith("18 events: all in order.")
    source = folder / "templates/cards/event.typ"
    source.write_text(source.read_text() + '#if card.title.contains("CANDAL") { panic("unlucky") }')
    result = bot("check")
    assert result.code == 1
    assert "panicked with: unlucky (" in result.err
    assert "candal" in result.err.lower()


def test_a_logo_that_is_not_there_is_told(folder: Path):
    with_cards(folder, "logo: logo.png\n  ")
    result = bot("check")
    assert result.code == 1
    assert "logo.png cannot be read (No such file or directory)" in result.err


def test_a_rule_with_a_card_and_no_template_for_it_is_told(folder: Path):
    with_cards(folder)
    (folder / "templates/cards/event.typ").unlink()
    result = bot("check")
    assert result.code == 1
    assert "the post 'recap' has a card, and there is no" in result.err


def test_a_notice_that_could_not_be_written_is_found_before_anything_changes(folder: Path):
    words = "{{ told.starts.day }} {{ told.room }} {{ series.hashtag }}"
    (folder / "templates/posts/moved.j2").write_text(words)
    result = bot("check")
    assert result.code == 1
    assert "moved of 2021-" in result.err
    assert "an event has no 'room'" in result.err


def test_notices_fit_for_every_event_whatever_changes_about_it(folder: Path):
    text = (folder / "schedules.yaml").read_text()
    news = "posts:\n  added: {on: added, template: added}\n"
    (folder / "schedules.yaml").write_text(text.replace("posts:\n", news))
    assert bot("check").code == 0
