"""A session is kept in the row of its channel, from the first time that there is one."""

import pytest

from bot.services.sessions import Sessions
from bot.store import channels
from bot.store.session import Store
from tests.support.builders import utc
from tests.support.stage import Stage


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path, utc("2021-06-01 00:00"))
    yield stage
    stage.close()


def kept(stage, nickname="x", platform="x"):
    with stage.store.reading() as connection:
        return channels.session(connection, nickname, platform)


def test_what_is_handed_out_at_the_first_contact_is_kept_once_the_channel_has_its_row(stage):
    sessions = Sessions()
    sessions.keep("x", "x", "first")
    assert kept(stage) == ""
    delivery = stage.delivery()
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "first"


def test_a_channel_that_is_not_served_yet_waits_until_it_is(stage):
    sessions, delivery = Sessions(), stage.delivery()
    [desk] = delivery.desks
    delivery.desks.clear()
    sessions.keep("x", "x", "first")
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == ""
    delivery.desks.append(desk)
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "first"


def test_the_newest_is_kept_and_written_once(stage):
    sessions, delivery = Sessions(), stage.delivery()
    for sealed in ("first", "second"):
        sessions.keep("x", "x", sealed)
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "second"
    with stage.store.writing() as connection:
        channels.keep_session(connection, "x", "x", "of another worker")
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "of another worker"


def test_what_is_renewed_while_it_is_written_is_written_next(stage):
    sessions, delivery = Sessions(), stage.delivery()

    async def renewed_meanwhile(work):
        done = work()
        sessions.keep("x", "x", "second")
        return done

    sessions.keep("x", "x", "first")
    in_store, delivery.in_store = delivery.in_store, renewed_meanwhile
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "first"
    delivery.in_store = in_store
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "second"


def test_a_store_that_cannot_be_used_holds_up_nothing_and_is_tried_again(stage, tmp_path):
    sessions, delivery = Sessions(), stage.delivery()
    sessions.keep("x", "x", "first")
    good, delivery.store = delivery.store, Store(f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    stage.loop.run(sessions.write(delivery))
    delivery.store.close()
    delivery.store = good
    assert kept(stage) == ""
    stage.loop.run(sessions.write(delivery))
    assert kept(stage) == "first"


def test_what_is_on_its_way_is_not_shown():
    sessions = Sessions()
    sessions.keep("x", "x", "sealed")
    assert "sealed" not in repr(sessions)
