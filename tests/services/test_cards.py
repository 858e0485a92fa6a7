"""A card on its way: drawn, frozen with its post, sent again as it was."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.states import State
from bot.services.draw import draw_ahead
from bot.store import images
from bot.store.tables import images as pictures
from tests.support.builders import event, utc
from tests.support.stage import SERIES, Stage, lost, vanished

DUE = utc("2021-06-08 11:00")
CARD = "posts:\n  day-before: {when: 1 day before start at 12:00, template: reminder, card: true}\n"
CARDS = Path(__file__).parents[2] / "templates/cards"


@pytest.fixture
def stage(tmp_path):
    shutil.copytree(CARDS, tmp_path / "templates/cards")
    opened = Stage(tmp_path, utc("2021-06-01 00:00"), rules=CARD)
    yield opened
    opened.close()


def add(stage, **fields):
    stage.add(event("2021-06-09 11:00", uid="talk", **fields))


def run(stage, until=DUE):
    stage.run(stage.delivery(), until)


def test_a_card_leaves_with_its_post_and_the_log_keeps_it(stage):
    add(stage)
    run(stage)
    [parcel] = stage.platform.parcels
    assert parcel.image.alt.startswith("CANDAL seminar series 2021. Wed 9 June, 11:00 BST.")
    extras = stage.rows()["talk"].extras
    assert (extras.image, extras.alt) == (parcel.image.digest, parcel.image.alt)
    with stage.store.reading() as connection:
        assert images.load(connection, extras.image, extras.alt) == parcel.image


def test_the_picture_is_in_the_store_before_the_post_leaves(stage):
    kept = []

    def looked(_platform, parcel):
        with stage.store.reading() as connection:
            kept.append(images.load(connection, parcel.image.digest, parcel.image.alt))

    add(stage)
    stage.platform.script = [looked]
    run(stage)
    assert kept == [stage.platform.parcels[0].image]


def test_a_post_without_a_card_carries_no_picture(stage):
    stage.write(
        "schedules.yaml", (stage.folder / "schedules.yaml").read_text().replace(", card: true", "")
    )
    stage.editions.refresh()
    add(stage)
    run(stage)
    assert [parcel.image for parcel in stage.platform.parcels] == [None]


def test_what_is_sent_again_is_the_same_picture(stage):
    add(stage)
    stage.platform.script = [vanished]
    run(stage, DUE + timedelta(hours=1))
    first, again = stage.platform.parcels
    assert (again.image, again.idempotency_key) == (first.image, first.idempotency_key)


def test_another_look_of_the_cards_does_not_change_what_is_sent_again(stage):
    add(stage)
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    source = stage.folder / "templates/cards/event.typ"
    source.write_text(source.read_text() + "#place(top, square(size: 9pt))")
    assert stage.editions.refresh()
    stage.run(delivery, DUE + timedelta(hours=1))
    first, again = stage.platform.parcels
    assert again.image == first.image


def test_a_picture_that_would_show_what_is_true_no_longer_is_not_sent_again(stage):
    add(stage, hosts=("A",))
    stage.platform.script = [vanished]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    stage.edit("talk", hosts=("B",))  # the text does not name them: the picture does
    stage.run(delivery, DUE + timedelta(hours=1))
    assert len(stage.platform.parcels) == 1
    assert stage.rows()["talk"].state is State.UNKNOWN


def test_what_the_platform_has_after_all_is_found_by_its_text(stage):
    add(stage)
    stage.platform.script = [lost]
    run(stage, DUE + timedelta(hours=1))
    assert len(stage.platform.parcels) == 1
    assert stage.rows()["talk"].state is State.SENT


def test_a_post_that_was_refused_is_sent_with_the_card_of_the_event_as_it_is_then(stage):
    add(stage, hosts=("A",))
    run(stage, DUE - timedelta(minutes=1))
    stage.edit("talk", hosts=("B",))
    run(stage)
    assert "With B." in stage.platform.parcels[0].image.alt


def test_a_card_that_cannot_be_drawn_holds_up_no_post(stage, caplog):
    add(stage, title="東京")
    run(stage)
    assert [parcel.image for parcel in stage.platform.parcels] == [None]
    assert stage.rows()["talk"].state is State.SENT
    assert "goes out without its card: no font has 東京" in caplog.text


def test_a_template_that_is_broken_is_not_taken_into_force(stage):
    add(stage)
    source = stage.folder / "templates/cards/event.typ"
    source.write_text("#nothing")
    assert not stage.editions.refresh()
    assert "event.typ:1: unknown variable: nothing" in str(stage.editions.broken)
    run(stage)
    assert stage.platform.parcels[0].image is not None


def test_a_logo_that_comes_late_is_seen(stage):
    text = (stage.folder / "schedules.yaml").read_text()
    stage.write("schedules.yaml", text.replace(SERIES, SERIES + "  logo: logo.svg\n"))
    assert not stage.editions.refresh()
    assert "logo.svg cannot be read" in str(stage.editions.broken)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    stage.write("logo.svg", svg)
    assert stage.editions.refresh()
    assert stage.editions.broken is None
    before = stage.editions.current.digest
    stage.write("logo.svg", svg.replace("9z", "8z"))
    assert stage.editions.refresh()
    assert stage.editions.current.digest != before


def test_cards_are_drawn_before_their_posts_are_due(stage):
    add(stage)
    delivery = stage.delivery()
    stage.run(delivery, DUE - timedelta(hours=1))
    edition, [desk] = stage.editions.current, delivery.desks
    assert draw_ahead(edition, [desk], stage.clock) == 0  # an hour early
    stage.clock.advance_to(DUE - timedelta(minutes=1))
    assert draw_ahead(edition, [desk], stage.clock) == 1
    assert draw_ahead(edition, [desk], stage.clock) == 0
    candidate = desk.agenda.near(DUE)[0]
    assert edition.cards.has(edition.card(candidate, desk.channel, DUE))


def test_pictures_that_no_post_carries_any_more_are_forgotten(stage):
    add(stage)
    run(stage)
    with stage.store.writing() as connection:
        images.forget(connection, DUE + timedelta(days=29))
        assert len(connection.execute(pictures.select()).all()) == 1
        images.forget(connection, DUE + timedelta(days=31))
        assert connection.execute(pictures.select()).all() == []
