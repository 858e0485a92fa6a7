"""Measured against the log: an edit never sends a thing again, and says where the log holds it."""

from datetime import timedelta

from bot.services.compare import Files, compared
from bot.services.edition import read_edition
from tests.support.builders import event, utc

DUE = utc("2021-06-08 11:00")


def comparison(stage, right, other):
    path = stage.folder / "edited.yaml"
    text = (stage.folder / "schedules.yaml").read_text()
    assert right in text
    path.write_text(text.replace(right, other))
    old = Files(edition=stage.editions.current, folder=stage.folder, events={})
    new = read_edition(path, stage.folder / "templates", stage.folder / "schedules.yaml")
    return compared(
        stage.store,
        old,
        Files(edition=new, folder=stage.folder, events={}),
        stage.clock.now() + timedelta(minutes=1),
    )


def half_sent(stage):
    stage.add(event("2021-06-09 11:00", uid="sent"), event("2021-06-20 11:00", uid="ahead"))
    stage.run(stage.delivery(), DUE)


def test_a_rename_without_was_is_a_repeat_that_the_log_guards(stage):
    half_sent(stage)
    found = comparison(stage, "day-before:", "tomorrow:")
    assert {(one.verdict, one.shown.key.event) for one in found.differences} == {
        ("dropped", "ahead"),
        ("added", "ahead"),
    }
    assert [line.key.event for line in found.guarded] == ["sent"]
    assert found.resent == []


def test_what_is_out_is_neither_moved_nor_dropped(stage):
    half_sent(stage)
    found = comparison(stage, "at 12:00", "at 14:00")
    assert [(one.verdict, one.shown.key.event) for one in found.differences] == [("moved", "ahead")]
    assert found.resent == []


def test_the_very_words_once_more_are_counted_as_sent_again(stage):
    half_sent(stage)
    rule = "\n  again: {when: 1 day before start at 13:00, template: reminder}\n"
    found = comparison(stage, "template: reminder}\n", "template: reminder}" + rule)
    assert [line.key.event for line in found.resent] == ["sent"]


def test_a_season_that_is_over_is_compared_as_if_it_were_ahead(stage):
    half_sent(stage)
    stage.clock.advance_to(utc("2022-01-01 00:00"))
    found = comparison(stage, "at 12:00", "at 14:00")
    assert found.is_over
    assert [one.verdict for one in found.differences] == ["moved", "moved"]
