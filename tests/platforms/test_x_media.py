"""Pictures and answers on X: what is asked, in which order, and what every failure proves."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.model import Image
from bot.errors import LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, Trouble
from bot.platforms.x import XPublisher
from bot.platforms.x_media import LIMITS, LONGEST_ALT
from tests.support.publishers import PICTURE, parcel, passes, x_publisher
from tests.support.x_faults import FAULTS, Fault, fault
from tests.support.x_server import XServer

NOW = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)
UPLOAD, METADATA, POST = "POST /2/media/upload", "POST /2/media/metadata", "POST /2/tweets"
ALL = [UPLOAD, METADATA, POST]


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


def published(
    publisher: XPublisher, *parcels: Parcel, check: Callable[[], None] = passes
) -> list[Outcome]:
    """One after the other, with the publisher closed after them."""

    async def run() -> list[Outcome]:
        try:
            return [await publisher.publish(each, check) for each in parcels]
        finally:
            await publisher.close()

    return asyncio.run(run())


def asked(server: XServer) -> list[str]:
    return [f"{seen.method} {seen.path}" for seen in server.requests]


def test_a_post_carries_its_picture_with_its_alt_text(server: XServer) -> None:
    [outcome] = published(x_publisher(server), parcel("With a card", image=PICTURE))

    [post] = server.posts
    assert (outcome.answer, outcome.phase, outcome.error) == (Answer.SENT, Phase.POST, "")
    assert (outcome.remote_id, post.text) == (post.id, "With a card")
    [media_id] = post.media
    picture = server.api.pictures[media_id]
    assert (picture.data, picture.media_type) == (PICTURE.data, "image/png")
    assert picture.alt == PICTURE.alt
    assert asked(server) == ALL
    assert {seen.user for seen in server.requests} == {server.user.id}  # oauthlib agrees


def test_a_large_picture_arrives_whole(server: XServer) -> None:
    large = replace(PICTURE, data=bytes(range(256)) * 16_000)

    [outcome] = published(x_publisher(server), parcel(image=large))

    assert outcome.answer is Answer.SENT
    [picture] = server.api.pictures.values()
    assert picture.data == large.data


def test_a_picture_without_words_for_it_is_not_described(server: XServer) -> None:
    published(x_publisher(server), parcel(image=replace(PICTURE, alt="")))

    assert asked(server) == [UPLOAD, POST]


def test_an_alt_text_that_is_too_long_is_shortened(server: XServer) -> None:
    published(x_publisher(server), parcel(image=replace(PICTURE, alt="ab " * LONGEST_ALT)))

    [picture] = server.api.pictures.values()
    assert picture.alt.endswith("ab…")
    assert LONGEST_ALT - 2 <= len(picture.alt) <= LONGEST_ALT


@pytest.mark.parametrize(
    "image",
    [
        replace(PICTURE, data=b"x" * ((LIMITS.image_bytes or 0) + 1)),
        replace(PICTURE, media_type="image/svg+xml"),
    ],
    ids=["too large", "a type X does not take"],
)
def test_a_picture_that_x_will_not_take_is_not_sent_to_it(server: XServer, image: Image) -> None:
    [outcome] = published(x_publisher(server), parcel(image=image))

    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert outcome.trouble is Trouble.CONTENT
    assert server.requests == []


def on(route: str, planned: Fault) -> Fault:
    return replace(planned, on=route)


FAILURES = {
    "400": (fault("400"), Trouble.CONTENT),
    "413": (Fault(status=413, body=""), Trouble.CONTENT),
    "415": (Fault(status=415, body=""), Trouble.CONTENT),
    "422": (Fault(status=422, body="{}"), Trouble.CONTENT),
    "401": (fault("401"), Trouble.ACCOUNT),
    "402": (fault("402"), Trouble.ACCOUNT),
    "403": (fault("403"), Trouble.ACCOUNT),
    "404": (fault("404"), Trouble.PASSING),
    "429": (fault("429"), Trouble.PASSING),
    "500": (fault("500"), Trouble.PASSING),
    "503": (fault("503"), Trouble.PASSING),
    "503 though it was taken": (fault("503-written"), Trouble.PASSING),
    "reset": (fault("reset"), Trouble.PASSING),
    "close": (fault("close"), Trouble.PASSING),
    "close though it was taken": (fault("close-written"), Trouble.PASSING),
    "hang": (fault("hang"), Trouble.PASSING),
    "redirect": (fault("redirect"), Trouble.PASSING),
}


@pytest.mark.parametrize("route", [UPLOAD, METADATA])
@pytest.mark.parametrize(("planned", "trouble"), FAILURES.values(), ids=FAILURES.keys())
def test_whatever_goes_wrong_with_the_picture_proves_that_there_is_no_post(
    server: XServer, route: str, planned: Fault, trouble: Trouble
) -> None:
    server.plan.add(on(route, planned))
    checks: list[int] = []

    [outcome] = published(
        x_publisher(server, timeout=0.5), parcel(image=PICTURE), check=lambda: checks.append(1)
    )

    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert outcome.trouble is trouble
    assert outcome.http_status == planned.status
    assert outcome.error.endswith(".")
    assert (server.posts, checks) == ([], [])
    assert POST not in asked(server)


NO_PICTURE = {
    "garbage": fault("garbage-written"),
    "no id": fault("no-id-written"),
    "cut off": fault("truncated-written"),
    "another shape": Fault(status=200, body='{"data":[]}'),
    "204": Fault(status=204, body=""),
}


@pytest.mark.parametrize("planned", NO_PICTURE.values(), ids=NO_PICTURE.keys())
def test_an_upload_without_an_id_is_no_picture(server: XServer, planned: Fault) -> None:
    server.plan.add(on(UPLOAD, planned))

    [outcome] = published(x_publisher(server), parcel(image=PICTURE))

    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert (outcome.trouble, server.posts) == (Trouble.PASSING, [])


def test_a_picture_that_x_failed_to_process_is_a_person_s_matter(server: XServer) -> None:
    body = '{"data":{"id":"12","processing_info":{"state":"failed"}}}'
    server.plan.add(on(UPLOAD, Fault(status=200, body=body)))

    [outcome] = published(x_publisher(server), parcel(image=PICTURE))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)


@pytest.mark.parametrize("route", [UPLOAD, METADATA])
def test_a_rate_limit_of_pictures_says_when_to_come_back(server: XServer, route: str) -> None:
    headers = {"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}
    server.plan.add(on(route, Fault(status=429, body="{}", headers=headers)))

    [outcome] = published(x_publisher(server, now=lambda: NOW), parcel(image=PICTURE))

    assert outcome.retry_at == NOW + timedelta(seconds=90)


POST_FAULTS = {
    "503": (fault("503"), Answer.UNKNOWN),
    "503-written": (fault("503-written"), Answer.UNKNOWN),
    "reset-written": (fault("reset-written"), Answer.UNKNOWN),
    "close": (fault("close"), Answer.UNKNOWN),
    "hang-written": (fault("hang-written"), Answer.UNKNOWN),
    "no-id-written": (fault("no-id-written"), Answer.UNKNOWN),
    "400": (fault("400"), Answer.NOT_SENT),
    "429": (fault("429"), Answer.NOT_SENT),
    "401": (fault("401"), Answer.NOT_SENT),
}


@pytest.mark.parametrize(("planned", "answer"), POST_FAULTS.values(), ids=POST_FAULTS.keys())
def test_after_the_picture_the_post_is_judged_as_ever(
    server: XServer, planned: Fault, answer: Answer
) -> None:
    server.plan.add(planned)

    [outcome] = published(x_publisher(server, timeout=0.5), parcel(image=PICTURE))

    assert (outcome.answer, outcome.phase) == (answer, Phase.POST)
    assert len(server.posts) == planned.written


def test_the_picture_is_uploaded_anew_and_the_text_is_the_same_when_it_is_sent_again(
    server: XServer,
) -> None:
    server.plan.add(fault("close"))
    again = parcel("Tomorrow: CANDAL", image=PICTURE)

    unclear, sent = published(x_publisher(server), again, again)

    assert (unclear.answer, sent.answer) == (Answer.UNKNOWN, Answer.SENT)
    assert asked(server) == ALL * 2
    assert [seen.text for seen in server.requests if seen.text] == ["Tomorrow: CANDAL"] * 2
    [post] = server.posts
    assert len(server.api.pictures) == 2
    assert server.api.pictures[post.media[0]].alt == PICTURE.alt


def test_a_second_time_after_it_got_through_is_refused_as_a_duplicate(server: XServer) -> None:
    server.plan.add(fault("close-written"))
    again = parcel("Tomorrow: CANDAL", image=PICTURE)

    _, second = published(x_publisher(server), again, again)

    assert (second.answer, second.duplicate) == (Answer.UNKNOWN, True)
    assert server.texts == ["Tomorrow: CANDAL"]


def test_the_check_comes_after_the_picture_and_before_the_post(server: XServer) -> None:
    seen: list[list[str]] = []

    [outcome] = published(
        x_publisher(server), parcel(image=PICTURE), check=lambda: seen.append(asked(server))
    )

    assert outcome.answer is Answer.SENT
    assert seen == [[UPLOAD, METADATA]]


def test_a_refusing_check_leaves_the_picture_and_no_post(server: XServer) -> None:
    def refuse() -> None:
        raise LeaseLostError("gone")

    with pytest.raises(LeaseLostError):
        published(x_publisher(server), parcel(image=PICTURE), check=refuse)

    assert asked(server) == [UPLOAD, METADATA]


def test_all_requests_of_a_try_share_its_time(server: XServer) -> None:
    server.plan.add(*[on(route, replace(FAULTS["slow"], delay=0.3)) for route in ALL])

    [outcome] = published(x_publisher(server, timeout=0.75), parcel(image=PICTURE))

    assert (outcome.answer, outcome.phase) == (Answer.UNKNOWN, Phase.POST)
    assert "it took too long" in outcome.error


def test_the_timeline_shows_the_text_without_the_picture_s_link(server: XServer) -> None:
    publisher = x_publisher(server)
    text = "See https://example.org/a?b=1&c #MidlandsHealth"

    async def run() -> list[str]:
        await publisher.publish(parcel(text, image=PICTURE), passes)
        shown = [post.text for post in await publisher.timeline(datetime(2020, 1, 1, tzinfo=UTC))]
        await publisher.close()
        return shown

    assert asyncio.run(run()) == [text]


def test_no_secret_of_an_upload_is_logged(
    server: XServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.plan.add(on(METADATA, fault("401")))
    published(x_publisher(server), parcel(image=PICTURE), parcel(image=PICTURE))

    signatures = [seen.headers["authorization"].split('signature="')[1] for seen in server.requests]
    hidden = [server.user.access_token, server.user.api_secret, *signatures]
    assert "POST /2/media/upload: HTTP 200" in caplog.text
    assert [word for word in hidden if word in caplog.text] == []


def test_an_answer_to_our_own_post_is_one(server: XServer) -> None:
    first, answer = parcel("On 9 June"), parcel("Moved to 10 June")
    [told] = published(x_publisher(server), first)

    [outcome] = published(x_publisher(server), replace(answer, reply_to=told.remote_id))

    assert (outcome.answer, outcome.error) == (Answer.SENT, "")
    assert [post.reply_to for post in server.posts] == [None, told.remote_id]


@pytest.mark.parametrize("image", [None, PICTURE], ids=["plain", "with a picture"])
def test_an_answer_that_x_does_not_allow_is_posted_to_stand_alone(
    server: XServer, image: Image | None
) -> None:
    [told] = published(x_publisher(server), parcel("On 9 June"))
    server.api.replies_refused = True
    server.requests.clear()
    checks: list[int] = []
    notice = parcel("Moved to 10 June", reply_to=told.remote_id, image=image)

    [outcome] = published(x_publisher(server), notice, check=lambda: checks.append(1))

    assert (outcome.answer, outcome.remote_id) == (Answer.SENT, server.posts[-1].id)
    assert outcome.error.startswith("It stands alone: X did not take the post: HTTP 403")
    assert [(post.text, post.reply_to) for post in server.posts][1:] == [("Moved to 10 June", None)]
    assert asked(server) == [*(ALL[:2] if image else []), POST, POST]
    assert len(server.posts[-1].media) == (image is not None)
    assert checks == [1, 1], "the lease is looked at before each of the two"


def test_an_answer_to_a_post_that_is_gone_stands_alone(server: XServer) -> None:
    [outcome] = published(x_publisher(server), parcel("Moved", reply_to="404"))

    assert (outcome.answer, server.texts) == (Answer.SENT, ["Moved"])


ONCE = {
    "a duplicate": (fault("duplicate"), Answer.UNKNOWN),
    "403 without a reason": (Fault(status=403, body=""), Answer.UNKNOWN),
    "503": (fault("503"), Answer.UNKNOWN),
    "close": (fault("close"), Answer.UNKNOWN),
    "close-written": (fault("close-written"), Answer.UNKNOWN),
    "400": (fault("400"), Answer.NOT_SENT),
    "401": (fault("401"), Answer.NOT_SENT),
    "429": (fault("429"), Answer.NOT_SENT),
}


@pytest.mark.parametrize(("planned", "answer"), ONCE.values(), ids=ONCE.keys())
def test_only_a_proven_refusal_of_the_answer_is_followed_by_a_second_request(
    server: XServer, planned: Fault, answer: Answer
) -> None:
    [told] = published(x_publisher(server), parcel("On 9 June"))
    server.requests.clear()
    server.plan.add(planned)

    [outcome] = published(x_publisher(server), parcel("Moved", reply_to=told.remote_id))

    assert outcome.answer is answer
    assert asked(server) == [POST]


def test_what_comes_of_the_second_request_is_what_counts(server: XServer) -> None:
    server.plan.add(fault("403"), fault("close-written"))

    [outcome] = published(x_publisher(server), parcel("Moved", reply_to="12"))

    assert outcome.answer is Answer.UNKNOWN
    assert server.texts == ["Moved"]


def test_a_lease_lost_between_the_two_requests_ends_it(server: XServer) -> None:
    left = iter([True, False])

    def check() -> None:
        if not next(left):
            raise LeaseLostError("gone")

    with pytest.raises(LeaseLostError):
        published(x_publisher(server), parcel("Moved", reply_to="12"), check=check)

    assert server.posts == []


def test_a_refusal_that_is_not_about_the_answer_stays_one(server: XServer) -> None:
    server.plan.add(fault("403"), fault("403"))

    [outcome] = published(x_publisher(server), parcel("Moved", reply_to="12"))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.ACCOUNT)
    assert server.posts == []
