import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.model import Image
from bot.platforms.base import Answer, Outcome, Parcel, Phase, RefusedError, Trouble
from bot.platforms.local import PAGE_EVERY, LocalPublisher
from bot.platforms.page import Page
from bot.platforms.timeline import LocalPost, Timeline
from tests.support.publishers import SERIES, local_publisher, parcel, passes

NOON = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def published(publisher: LocalPublisher, *parcels: Parcel) -> list[Outcome]:
    async def run() -> list[Outcome]:
        outcomes = await asyncio.gather(*(publisher.publish(each, passes) for each in parcels))
        await publisher.close()
        return outcomes

    return asyncio.run(run())


def texts(folder: Path, nickname: str = "mastodon") -> list[str]:
    timeline = Timeline(folder, durable=False)
    return [post.text for post in timeline.posts(nickname, LONG_AGO)]


def test_the_account_is_the_nickname(tmp_path: Path) -> None:
    account = asyncio.run(local_publisher(tmp_path, "x-nhs").account())

    assert account.key == "local::x-nhs"


def test_a_post_has_the_time_of_the_given_clock(tmp_path: Path) -> None:
    publisher = local_publisher(tmp_path, now=lambda: NOON)
    published(publisher, parcel())

    [post] = asyncio.run(publisher.timeline(NOON))
    assert post.created_at == NOON
    assert asyncio.run(publisher.timeline(NOON + timedelta(seconds=1))) == []


def test_one_key_is_one_post_with_one_id_also_at_once_and_after_a_restart(tmp_path: Path) -> None:
    again = parcel("once", idempotency_key="k")

    at_once = published(local_publisher(tmp_path), again, again)
    later = published(local_publisher(tmp_path), again)

    assert len({outcome.remote_id for outcome in at_once + later}) == 1
    assert texts(tmp_path) == ["once"]


def test_one_key_on_two_channels_is_two_posts(tmp_path: Path) -> None:
    first, second = (
        published(local_publisher(tmp_path, name), parcel("both", idempotency_key="k"))[0]
        for name in ("x", "bluesky")
    )

    assert first.remote_id != second.remote_id
    assert (texts(tmp_path, "x"), texts(tmp_path, "bluesky")) == (["both"], ["both"])


def test_ids_are_not_used_again_after_the_file_is_deleted(tmp_path: Path) -> None:
    [before] = published(local_publisher(tmp_path), parcel())
    (tmp_path / "timeline.jsonl").unlink()
    [after] = published(local_publisher(tmp_path), parcel())

    assert before.remote_id != after.remote_id


@pytest.mark.parametrize("cut", [1, 20, 120])
def test_a_line_torn_by_a_kill_is_cut_off_and_the_rest_survives(tmp_path: Path, cut: int) -> None:
    torn = parcel("torn", idempotency_key="k")
    published(local_publisher(tmp_path), parcel("whole"))
    published(local_publisher(tmp_path), torn)
    path = tmp_path / "timeline.jsonl"
    os.truncate(path, path.stat().st_size - cut)

    assert texts(tmp_path) == ["whole"]
    assert published(local_publisher(tmp_path), torn)[0].answer is Answer.SENT
    assert texts(tmp_path) == ["torn", "whole"]


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.support.publishers import SERIES, local_publisher, parcel, passes

async def run():
    publisher = local_publisher(Path(sys.argv[1]))
    for number in range(100_000):
        each = parcel(f"post {number}", idempotency_key=str(number))
        outcome = await publisher.publish(each, passes)
        print(outcome.remote_id, flush=True)

asyncio.run(run())
"""


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        acknowledged = [worker.stdout.readline().strip() for _ in range(50)]
        worker.kill()

    posts = asyncio.run(local_publisher(tmp_path).timeline(LONG_AGO))
    there = [post.remote_id for post in posts]
    assert there[::-1][:50] == acknowledged
    assert len(set(there)) == len(there)


RACING = KILLED.replace("100_000", "400")


def test_processes_that_write_at_once_write_every_key_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACING, str(tmp_path)]
    racers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]

    assert [racer.wait(60) for racer in racers] == [0, 0, 0]
    assert sorted(texts(tmp_path)) == sorted(f"post {number}" for number in range(400))


def test_two_writers_of_one_file_see_each_other(tmp_path: Path) -> None:
    first, second = (Timeline(tmp_path, durable=True) for _ in range(2))
    first.append([post("1")])
    second.append([post("1"), post("2")])
    first.append([post("2"), post("3")])

    assert len(first) == 3
    assert texts(tmp_path) == ["text 3", "text 2", "text 1"]


def post(number: str) -> LocalPost:
    return LocalPost(id=number, channel="mastodon", key="k", text=f"text {number}", posted_at=NOON)


def test_a_file_begun_anew_is_read_anew(tmp_path: Path) -> None:
    timeline = Timeline(tmp_path, durable=True)
    timeline.append([post("1"), post("2")])
    timeline.path.unlink()
    timeline.append([post("1")])

    assert texts(tmp_path) == ["text 1"]
    assert len(timeline) == 1


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """Where no folder can be made: a file is in the way."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "timeline"


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_posted(blocked: Path) -> None:
    with pytest.raises(RefusedError, match=r"^The local timeline cannot be used: .*\.$") as caught:
        asyncio.run(local_publisher(blocked).account())

    outcome = caught.value.outcome
    assert (outcome.trouble, outcome.phase) == (Trouble.ACCOUNT, Phase.AUTH)


def test_a_deleted_post_is_shown_nowhere_and_its_key_posts_nothing_any_more(tmp_path: Path) -> None:
    gone, kept = parcel("gone"), parcel("kept")
    [first, _] = published(local_publisher(tmp_path), gone, kept)
    assert asyncio.run(local_publisher(tmp_path).delete(first.remote_id or "")).error == ""

    [again] = published(local_publisher(tmp_path), gone)

    assert (again.answer, again.remote_id) == (Answer.SENT, first.remote_id)
    assert texts(tmp_path) == ["kept"]
    page = (tmp_path / "timeline.html").read_text(encoding="utf-8")
    assert ("gone" in page, "kept" in page) == (False, True)


def test_a_failing_disk_is_an_outcome_and_not_an_exception(blocked: Path) -> None:
    [outcome] = published(local_publisher(blocked), parcel())

    assert (outcome.answer, outcome.trouble) == (Answer.UNKNOWN, Trouble.PASSING)
    assert outcome.error.startswith("The local timeline could not be written: ")


def test_a_line_that_is_no_post_is_told_and_not_passed_over(tmp_path: Path) -> None:
    published(local_publisher(tmp_path), parcel())
    with (tmp_path / "timeline.jsonl").open("a") as file:
        file.write("garbage\n")

    with pytest.raises(RefusedError, match="line 2 of the timeline is not a post"):
        asyncio.run(local_publisher(tmp_path).timeline(LONG_AGO))
    assert published(local_publisher(tmp_path), parcel())[0].answer is Answer.UNKNOWN


def test_one_refused_in_a_batch_does_not_hold_up_the_others(tmp_path: Path) -> None:
    def refuse() -> None:
        raise LookupError

    async def run() -> list[Outcome | BaseException]:
        publisher = local_publisher(tmp_path)
        tries = [publisher.publish(parcel("out"), passes), publisher.publish(parcel(), refuse)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        await publisher.close()
        return outcomes

    sent, refused = asyncio.run(run())
    assert isinstance(sent, Outcome)
    assert isinstance(refused, LookupError)
    assert texts(tmp_path) == ["out"]


def test_one_given_up_before_it_was_written_is_not_written(tmp_path: Path) -> None:
    async def run() -> None:
        publisher = local_publisher(tmp_path)
        task = asyncio.create_task(publisher.publish(parcel("given up"), passes))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await publisher.close()

    asyncio.run(run())
    assert texts(tmp_path) == []


def test_the_page_is_written_on_demand_and_at_the_end(tmp_path: Path) -> None:
    page = tmp_path / "timeline.html"

    async def run() -> None:
        publisher = local_publisher(tmp_path)
        await publisher.publish(parcel("first"), passes)
        assert not page.exists()
        publisher.write_page()
        assert "first" in page.read_text()
        await publisher.publish(parcel("second"), passes)
        assert "second" not in page.read_text()
        await publisher.close()

    asyncio.run(run())
    assert "second" in page.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["timeline.html", "timeline.jsonl"]


def test_a_timeline_without_posts_has_a_page_in_the_end(tmp_path: Path) -> None:
    published(local_publisher(tmp_path))

    assert "Nothing has been posted yet" in (tmp_path / "timeline.html").read_text()


class CountingPage(Page):
    writings = 0

    def write(self) -> None:
        self.writings += 1
        super().write()


def test_the_page_follows_by_itself_once_for_many_posts(tmp_path: Path) -> None:
    timeline = Timeline(tmp_path, durable=False)
    page = CountingPage(timeline, SERIES, now=lambda: NOON, rehearsal=True)
    publisher = LocalPublisher("x", timeline=timeline, page=page, now=lambda: NOON)

    async def run() -> tuple[int, int]:
        for number in range(50):
            await publisher.publish(parcel(f"post {number}"), passes)
        at_once = page.writings
        await asyncio.sleep(PAGE_EVERY + 0.5)
        return at_once, page.writings

    assert asyncio.run(run()) == (0, 1)
    assert "post 49" in page.path.read_text()


def test_a_post_leads_to_its_place_on_the_page(tmp_path: Path) -> None:
    [outcome] = published(local_publisher(tmp_path), parcel())

    address, _, anchor = (outcome.remote_url or "").partition("#")
    assert address == (tmp_path / "timeline.html").as_uri()
    assert f'id="{anchor}"' in (tmp_path / "timeline.html").read_text()


def pictured(text: str) -> Parcel:
    image = Image(data=b"\x89PNG picture", media_type="image/png", width=2, height=1, alt="A card")
    return parcel(text, image=image)


def test_a_picture_is_kept_once_beside_the_posts_that_show_it(tmp_path: Path) -> None:
    published(local_publisher(tmp_path), pictured("one"), pictured("two"), parcel("without"))

    [file] = (tmp_path / "pictures").iterdir()
    assert file.read_bytes() == b"\x89PNG picture"
    posts = Timeline(tmp_path, durable=False).posts("mastodon", LONG_AGO)
    found = {post.text: (post.picture, post.alt) for post in posts}
    assert found == {
        "one": (file.name, "A card"),
        "two": (file.name, "A card"),
        "without": ("", ""),
    }


def test_a_line_written_before_there_were_pictures_is_read(tmp_path: Path) -> None:
    published(local_publisher(tmp_path), parcel("without"))

    assert "picture" not in (tmp_path / "timeline.jsonl").read_text()
    assert texts(tmp_path) == ["without"]


def test_a_post_whose_picture_cannot_be_kept_is_not_called_sent(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("in the way")

    [outcome] = published(local_publisher(tmp_path), pictured("one"))

    assert outcome.answer is Answer.UNKNOWN
    assert "could not be written" in outcome.error
    assert texts(tmp_path) == []
