"""A post is fitted into what the server of its channel takes, from the next tick on."""

from dataclasses import replace

import pytest

from bot.core.limits import Limits
from bot.core.model import Event
from bot.services.bind import bind
from tests.support.builders import event, utc
from tests.support.stage import Platform, Stage

TITLE = "Health data and what is to be done with it in the years to come " * 3


class Fediverse(Platform):
    """The stage's platform as a Mastodon server."""

    limits: Limits | None = None

    async def account(self):
        found = await super().account()
        return replace(found, platform="mastodon", limits=self.limits)


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path, utc("2021-06-01 00:00"))
    said = (tmp_path / "schedules.yaml").read_text("utf-8")
    stage.write("schedules.yaml", said.replace("platform: x", "platform: mastodon"))
    stage.editions.refresh()
    stage.platform = Fediverse(stage.clock)
    yield stage
    stage.close()


def long_one(uid: str, starts: str) -> Event:
    return replace(event(starts), uid=uid, title=TITLE.strip())


def test_what_a_server_takes_is_what_is_posted_and_a_change_holds_at_the_next_tick(stage):
    stage.platform.limits = Limits(text=120)
    delivery = stage.delivery()
    stage.add(long_one("a", "2021-06-03"), long_one("b", "2021-06-09"))
    stage.run(delivery, utc("2021-06-04 00:00"))
    assert len(stage.platform.texts) == 1
    assert 80 < len(stage.platform.texts[0]) <= 120

    account = stage.loop.run(stage.platform.account())
    with stage.store.writing() as connection:
        bind(connection, "x", replace(account, limits=Limits(text=2000)), stage.clock.now())
    stage.run(delivery, utc("2021-06-10 00:00"))
    assert TITLE.strip() in stage.platform.texts[1]
