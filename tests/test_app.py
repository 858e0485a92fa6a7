"""A log on a disk that forgets is refused."""

from pathlib import Path

import pytest

from bot.app import App, forgetful
from bot.config import Environment
from bot.errors import ConfigError

SERVER = [("/", "ext4"), ("/tmp", "tmpfs"), ("/data", "xfs")]
CONTAINER = [("/", "overlay"), ("/data", "ext4")]


@pytest.mark.parametrize(
    ("path", "mounts", "why"),
    [
        ("/srv/bot/bot.db", SERVER, ""),
        ("/tmp/bot.db", SERVER, "in memory"),
        ("/app/bot.db", CONTAINER, "a container's"),
        ("/data/bot.db", CONTAINER, ""),
        ("/database/bot.db", CONTAINER, "a container's"),
        ("/app/bot.db", [], ""),
    ],
)
def test_where_a_file_is_mounted_tells_whether_it_lasts(path, mounts, why):
    assert forgetful(Path(path), dyno="", mounts=mounts) == why


def test_a_dyno_forgets_whatever_its_disk_is():
    assert forgetful(Path("/app/bot.db"), dyno="worker.1", mounts=SERVER) == "a Heroku dyno's"


def test_a_log_on_a_dyno_is_refused_with_the_way_out(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    on_dyno = {"DATABASE_URL": url, "DYNO": "worker.1"}
    with pytest.raises(ConfigError, match=r"forgets .*DATABASE_URL to a PostgreSQL"):
        App(environment=Environment(on_dyno)).check_disk()
    App(environment=Environment(on_dyno | {"BOT_ALLOW_EPHEMERAL": "1"})).check_disk()
