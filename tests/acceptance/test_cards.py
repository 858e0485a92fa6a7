"""`bot run` with cards on an X that takes pictures and posts, and whose answers get lost."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.cli import ROOT, process
from tests.support.waiting import until
from tests.support.worker import SCHEDULES, Folder, Worker, credentials, environment
from tests.support.x_faults import Fault, fault
from tests.support.x_server import XServer

WAITS = {"BOT_RESOLVE_AFTER": "0.3 0.6 0.9", "BOT_RETRY_AFTER": "0.2", "BOT_PAUSE": "1"}
UPLOAD, METADATA, POST = "POST /2/media/upload", "POST /2/media/metadata", "POST /2/tweets"
LOST = fault("close-written")  # it is there, and the answer is not
CUTS = {
    "never": [],
    "after the upload": [replace(LOST, on=UPLOAD)],
    "after the alt text": [replace(LOST, on=METADATA)],
    "after the post": [replace(LOST, on=POST)],
    "before the post": [fault("close")],
    "after the upload and after the post": [replace(LOST, on=UPLOAD), replace(LOST, on=POST)],
}


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    shutil.copytree(ROOT / "templates/cards", tmp_path / "templates/cards")
    folder.write("schedules.yaml", SCHEDULES + "    card: true\n")
    return folder


def previewed(folder: Folder, uid: str, variables: dict[str, str]) -> tuple[bytes, str]:
    """The picture `bot preview` writes, and the alt text it prints."""
    file = folder.path / "card.png"
    result = process(
        "preview", uid, "--card", str(file), cwd=folder.path, env=environment(**variables)
    )
    [alt] = [line for line in result.out.splitlines() if line.startswith("Alt text: ")]
    return file.read_bytes(), alt.removeprefix("Alt text: ")


@pytest.mark.parametrize("cuts", CUTS.values(), ids=CUTS.keys())
def test_a_post_and_its_card_are_on_x_once_whichever_answer_is_lost(
    folder: Folder, x: XServer, cuts: list[Fault]
):
    variables = credentials(x) | WAITS
    folder.event("Alpha", 3)
    x.plan.add(*cuts)
    x.api.duplicates_refused = False  # so that a second one would be seen

    def rows() -> list[dict[str, object]]:
        listed = process("posts", "list", "--json", cwd=folder.path, env=environment(**variables))
        return list(json.loads(listed.out or "[]"))

    with Worker(folder.path, variables) as worker:
        worker.ready()
        until(lambda: [row["state"] for row in rows()] == ["sent"], "it is sent", within=60)
        assert worker.stop() == 0
        assert "Traceback" not in worker.err

    [row], [post] = rows(), x.posts
    assert (row["remote_id"], row["text"]) == (post.id, post.text)
    assert post.text == "Starting in 1 hour: Alpha #InSeconds"
    [media] = post.media
    picture = x.api.pictures[media]
    assert (picture.data, picture.alt) == previewed(folder, str(row["event"]), variables)
    assert picture.media_type == "image/png"
    assert x.plan.left == 0
