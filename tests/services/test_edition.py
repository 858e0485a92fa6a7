"""The files in force are the newest that are in order."""

import pytest

from bot.errors import BotError, ConfigError, TemplateError
from bot.services.edition import read_edition
from tests.support.stage import CHANNELS, DAY_BEFORE, SERIES


def test_an_edit_is_in_force_once_it_is_read(stage):
    before = stage.editions.current.digest
    stage.write("schedules.yaml", SERIES + CHANNELS + DAY_BEFORE.replace("12:00", "13:00"))
    assert stage.editions.refresh()
    assert stage.editions.current.schedules.rules[0].when.at.hour == 13
    assert stage.editions.current.digest != before


def test_files_that_say_the_same_are_the_same_edition(stage):
    before = stage.editions.current
    stage.write("schedules.yaml", SERIES + CHANNELS + DAY_BEFORE)
    assert not stage.editions.refresh()
    assert stage.editions.current.digest == before.digest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schedules.yaml", "series: ["),
        ("schedules.yaml", ""),
        ("schedules.yaml", SERIES + CHANNELS + DAY_BEFORE.replace("reminder", "remindr")),
        ("templates/posts/reminder.j2", "{{ event.title"),
    ],
)
def test_a_broken_edit_keeps_the_last_good_edition_and_is_told_until_it_is_mended(
    stage, name, text
):
    before, whole = stage.editions.current, (stage.folder / name).read_text()
    stage.write(name, text)
    assert not stage.editions.refresh()
    assert stage.editions.current is before
    assert isinstance(stage.editions.broken, BotError)
    stage.write(name, whole)
    stage.editions.refresh()
    assert stage.editions.broken is None


def test_a_file_that_is_gone_for_a_moment_keeps_the_last_good_edition(stage):
    (stage.folder / "schedules.yaml").unlink()
    assert not stage.editions.refresh()
    assert stage.editions.broken is not None


def test_every_file_that_is_read_is_seen_to_come_change_and_go(stage):
    cards = stage.folder / "templates/cards"
    (cards / "fonts").mkdir(parents=True)
    stage.write("templates/cards/event.typ", "= Card")
    assert stage.editions.refresh()
    for name in ("posts/new.j2", "cards/more.typ", "cards/fonts/new.ttf"):
        stage.write(f"templates/{name}", "new")
        assert stage.editions.refresh(), name
        stage.write(f"templates/{name}", "changed")
        assert stage.editions.refresh(), name
        (stage.folder / "templates" / name).unlink()
        assert stage.editions.refresh(), name
        assert not stage.editions.refresh(), name


def test_a_template_there_is_not_is_named_with_the_nearest(stage):
    stage.write("schedules.yaml", SERIES + CHANNELS + DAY_BEFORE.replace("reminder", "remindr"))
    with pytest.raises(TemplateError, match=r"'remindr'.*did you mean 'reminder'"):
        read_edition(stage.folder / "schedules.yaml", stage.folder / "templates")


@pytest.mark.parametrize("names", ["remindr", "reminder, otherwise: remindr"])
def test_a_template_there_is_not_is_told_where_the_file_names_it(stage, names):
    waits = "wait_for: recording, wait_until: 3 days after end"
    post = f"  recap: {{when: 1 day after end at 10:00, {waits}, template: {names}}}"
    text = SERIES + CHANNELS + f"posts:\n{post}\n"
    stage.write("schedules.yaml", text)
    place = f"schedules.yaml:{text.count(chr(10))}:{post.index('remindr') + 1}"
    with pytest.raises(TemplateError, match=f"{place}: the post 'recap"):
        read_edition(stage.folder / "schedules.yaml", stage.folder / "templates")


def test_without_a_file_it_says_where_it_looked(tmp_path):
    with pytest.raises(ConfigError, match="BOT_SCHEDULES"):
        read_edition(tmp_path / "schedules.yaml", tmp_path / "templates")
