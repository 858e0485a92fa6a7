"""What every publisher has to do: one suite over all of them, against real files and sockets."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.platforms import PLATFORMS, UNSEEN
from bot.platforms.base import Answer, Outcome, Parcel, Phase, Publisher, Remark, Verdict
from tests.support.publishers import (
    bluesky_publisher,
    drawn,
    local_publisher,
    mastodon_publisher,
    parcel,
    passes,
    wall_clock,
    x_publisher,
)
from tests.support.x_server import XServer

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stage:
    """A platform, and a way to it. `publisher` opens the same account again and again."""

    platform: str
    publisher: Callable[[], Publisher]
    many: int = 300
    keeps_keys: bool = True  #: whether it knows a post that it is given again
    deletes: bool = True
    numbers: bool = True
    """Whether each post has an id of its own. snac's are the microsecond: of two posts in the same
    one only the later is left, and two answers name it."""

    def publish(self, *parcels: Parcel) -> list[Outcome]:
        """All at once."""

        async def run() -> list[Outcome]:
            publisher = self.publisher()
            tries = [publisher.publish(each, passes) for each in parcels]
            outcomes = await asyncio.gather(*tries)
            await publisher.close()
            return outcomes

        return asyncio.run(run())

    def texts(self, since: datetime = LONG_AGO) -> list[str]:
        async def run() -> list[str]:
            publisher = self.publisher()
            posts = await publisher.timeline(since)
            await publisher.close()
            return [post.text for post in posts]

        return asyncio.run(run())


@pytest.fixture(params=sorted(PLATFORMS.keys() - UNSEEN))
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    match request.param:
        case "local":
            yield Stage("local", lambda: local_publisher(tmp_path))
        case "bluesky":
            pds = request.getfixturevalue("pds")
            yield Stage("bluesky", lambda: bluesky_publisher(pds), many=60)
        case "mastodon":
            snac = request.getfixturevalue("snac")
            open_it = partial(mastodon_publisher, snac.url, snac.token)
            yield Stage(
                "mastodon", open_it, many=60, keeps_keys=False, deletes=False, numbers=False
            )
        case "x":
            with XServer() as server:
                yield Stage("x", lambda: x_publisher(server))


def test_a_post_is_sent_with_an_id_and_an_address(stage: Stage) -> None:
    [outcome] = stage.publish(parcel("Tomorrow: seminar #MidlandsHealth"))

    assert outcome.answer is Answer.SENT
    assert outcome.remote_id
    assert (outcome.remote_url or "").partition(":")[0] in {"http", "https", "file"}
    assert (outcome.error, outcome.trouble, outcome.retry_at) == ("", None, None)
    assert stage.texts() == ["Tomorrow: seminar #MidlandsHealth"]


@pytest.mark.parametrize(
    "text",
    [
        "é 👩🏽‍🔬 “quoted” – dash … ½ µ",
        "R&D <script>alert(1)</script> &amp; it's",
        "two\nlines\n\nand a third",
        "with https://example.org/a?b=1&c=2#d, and #MidlandsHealth",
        "\u2068isolated\u2069 العربية #MidlandsHealth",
    ],
)
def test_a_text_is_shown_as_it_was_posted(stage: Stage, text: str) -> None:
    stage.publish(parcel(text))

    assert stage.texts() == [text]


def test_a_picture_goes_with_a_post_and_the_text_is_as_it_was(stage: Stage) -> None:
    [outcome] = stage.publish(parcel("with a picture #MidlandsHealth", image=drawn()))

    assert (outcome.answer, outcome.error) == (Answer.SENT, "")
    assert stage.texts() == ["with a picture #MidlandsHealth"]


def test_an_answer_to_a_post_of_ours_is_sent(stage: Stage) -> None:
    [first] = stage.publish(parcel("first #MidlandsHealth"))
    [second] = stage.publish(parcel("second #MidlandsHealth", reply_to=first.remote_id))

    assert (second.answer, second.error) == (Answer.SENT, "")
    assert sorted(stage.texts()) == ["first #MidlandsHealth", "second #MidlandsHealth"]


def test_a_language_and_a_warning_cost_no_post(stage: Stage) -> None:
    [outcome] = stage.publish(parcel("said #MidlandsHealth", language="en-GB", warning="Loss"))

    assert outcome.answer is Answer.SENT
    assert stage.texts() == ["said #MidlandsHealth"]


def test_a_refusing_check_is_heard_and_nothing_is_posted(stage: Stage) -> None:
    class RefusalError(Exception):
        pass

    def refuse() -> None:
        raise RefusalError

    async def run() -> None:
        publisher = stage.publisher()
        try:
            await publisher.publish(parcel(), refuse)
        finally:
            await publisher.close()

    with pytest.raises(RefusalError):
        asyncio.run(run())
    assert stage.texts() == []


def test_the_check_is_asked_once_and_before_the_post_is_there(stage: Stage) -> None:
    seen: list[list[str]] = []

    async def run() -> None:
        publisher = stage.publisher()
        await publisher.publish(parcel(), lambda: seen.append([]))
        await publisher.close()

    asyncio.run(run())
    assert seen == [[]]


def test_many_at_once_are_all_there_once_each_with_its_own_id(stage: Stage) -> None:
    parcels = [parcel() for _ in range(stage.many)]

    outcomes = stage.publish(*parcels)

    assert {outcome.answer for outcome in outcomes} == {Answer.SENT}, {
        one.error for one in outcomes
    }
    shown = stage.texts()
    assert len({outcome.remote_id for outcome in outcomes}) == len(shown)
    if stage.numbers:
        assert sorted(shown) == sorted(each.text for each in parcels)
    else:
        assert len(shown) == len(set(shown) & {each.text for each in parcels}) > stage.many / 2


def test_the_same_parcel_again_is_never_a_second_post(stage: Stage) -> None:
    if not stage.keeps_keys:
        pytest.skip("this server ignores Idempotency-Key")
    again = parcel()

    [first] = stage.publish(again)
    [second] = stage.publish(again)

    assert first.answer is Answer.SENT
    assert second.remote_id == first.remote_id or second.duplicate
    assert stage.texts() == [again.text]


def test_the_timeline_is_newest_first_and_names_what_publishing_named(stage: Stage) -> None:
    outcomes = [stage.publish(parcel())[0] for _ in range(3)]

    async def run() -> list[tuple[str | None, str | None]]:
        publisher = stage.publisher()
        posts = await publisher.timeline(LONG_AGO)
        await publisher.close()
        return [(post.remote_id, post.remote_url) for post in posts]

    named = [(outcome.remote_id, outcome.remote_url) for outcome in outcomes]
    assert asyncio.run(run()) == named[::-1]


def test_the_timeline_begins_where_it_is_asked_to(stage: Stage) -> None:
    before = wall_clock() - timedelta(seconds=1)
    stage.publish(parcel("now"))

    assert stage.texts(before) == ["now"]
    assert stage.texts(wall_clock() + timedelta(seconds=2)) == []


def test_an_account_is_itself_again_and_again(stage: Stage) -> None:
    async def run() -> str:
        publisher = stage.publisher()
        account = await publisher.account()
        assert account == await publisher.account()
        await publisher.close()
        assert account.platform == stage.platform
        return account.key

    assert asyncio.run(run()) == asyncio.run(run())


def test_what_else_there_is_to_know_is_told_without_posting(stage: Stage) -> None:
    async def run() -> Sequence[Remark]:
        publisher = stage.publisher()
        remarks = await publisher.standing()
        await publisher.close()
        return remarks

    remarks = asyncio.run(run())
    assert remarks
    assert all(one.said.isprintable() and not one.said.endswith(".") for one in remarks)
    assert {one.verdict for one in remarks} <= {Verdict.FINE, Verdict.HINT}
    assert stage.texts() == []


def test_a_cancelled_try_leaves_the_publisher_usable(stage: Stage) -> None:
    async def run() -> Outcome:
        publisher = stage.publisher()
        task = asyncio.create_task(publisher.publish(parcel(), passes))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        outcome = await publisher.publish(parcel(), passes)
        await publisher.close()
        return outcome

    assert asyncio.run(run()).answer is Answer.SENT


def test_a_deleted_post_is_gone_and_deleting_it_again_does_no_harm(stage: Stage) -> None:
    [outcome, other] = stage.publish(parcel("gone"), parcel("kept"))

    async def run() -> list[Outcome]:
        publisher = stage.publisher()
        again = [await publisher.delete(outcome.remote_id or "") for _ in range(2)]
        await publisher.close()
        return again

    answers = asyncio.run(run())
    assert {one.phase for one in answers} == {Phase.DELETE}
    if not stage.deletes:
        assert [one.answer for one in answers] == [Answer.NOT_SENT] * 2, "it is still there"
        assert sorted(stage.texts()) == ["gone", "kept"]
        return
    assert [one.answer for one in answers] == [Answer.SENT] * 2
    assert stage.texts() == ["kept"]
    assert other.answer is Answer.SENT


def test_closing_twice_is_closing(stage: Stage) -> None:
    async def run() -> None:
        publisher = stage.publisher()
        await publisher.publish(parcel(), passes)
        await publisher.close()
        await publisher.close()

    asyncio.run(run())
    assert len(stage.texts()) == 1
