import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, Trouble
from bot.platforms.bluesky_embed import link_card
from tests.support.pds import Pds
from tests.support.publishers import PICTURE, bluesky_publisher, drawn, parcel, passes
from tests.support.relay import Relay
from tests.support.wire import Ending
from tests.support.x_faults import Fault

XRPC = "/xrpc/com.atproto.repo."
PUT, UPLOAD, GET = f"{XRPC}putRecord", f"{XRPC}uploadBlob", f"{XRPC}getRecord"
LINK = "https://example.org/a"


@pytest.fixture
def server(pds: Pds) -> Iterator[Relay]:
    with Relay(pds.url) as relay:
        yield relay


def published(pds: Pds, server: Relay, one: Parcel, check=passes, timeout: float = 30.0) -> Outcome:
    async def run() -> Outcome:
        publisher = bluesky_publisher(pds, url=server.url, timeout=timeout)
        try:
            return await publisher.publish(one, check)
        finally:
            await publisher.close()

    return asyncio.run(run())


def newest(pds: Pds) -> Any:
    return pds.records()[0]["value"]


def test_a_picture_is_posted_with_its_alt_text_and_shape(pds, server):
    published(pds, server, parcel(image=drawn()))
    [shown] = newest(pds)["embed"]["images"]
    assert (shown["alt"], shown["image"]["size"]) == (PICTURE.alt, len(drawn().data))
    assert shown["aspectRatio"] == {"width": 1200, "height": 675}


def test_the_same_parcel_again_is_the_same_record(pds, server):
    one = parcel(image=drawn(), links=(LINK,), language="en-GB")
    published(pds, server, one)
    before = pds.records()
    assert published(pds, server, one).answer is Answer.SENT
    assert pds.records() == before


@pytest.mark.parametrize(
    ("status", "error", "trouble"),
    [
        (400, "InvalidRequest", Trouble.CONTENT),
        (400, "ExpiredToken", Trouble.PASSING),
        (401, "AuthMissing", Trouble.PASSING),
        (403, "Forbidden", Trouble.ACCOUNT),
        (413, "PayloadTooLarge", Trouble.CONTENT),
        (429, "RateLimitExceeded", Trouble.PASSING),
        (502, "", Trouble.PASSING),
    ],
)
def test_a_picture_that_is_refused_proves_that_nothing_was_posted(
    pds, server, status, error, trouble
):
    body = f'{{"error": "{error}", "message": "because"}}'
    server.plan.add(Fault(status=status, body=body, on=f"POST {UPLOAD}"))
    outcome = published(pds, server, parcel(image=drawn()))
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert (outcome.trouble, outcome.http_status) == (trouble, status)
    assert (server.of(PUT), pds.records()) == ([], [])


@pytest.mark.parametrize("how", [Ending.RESET, Ending.CLOSE, Ending.TRUNCATE, Ending.HANG])
def test_an_upload_without_an_answer_proves_that_nothing_was_posted(pds, server, how):
    server.plan.add(Fault(ending=how, written=True, on=f"POST {UPLOAD}"))
    outcome = published(pds, server, parcel(image=drawn()), timeout=2.0)
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert pds.records() == []


def test_a_picture_larger_than_the_server_takes_is_refused_as_it_is(pds, server):
    outcome = published(pds, server, parcel(image=drawn(noise=1_200_000)))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)
    assert pds.records() == []


def test_the_check_is_asked_when_the_picture_is_there_already(pds, server):
    def refuse() -> None:
        assert server.of(UPLOAD)
        raise LeaseLostError("too late")

    with pytest.raises(LeaseLostError):
        published(pds, server, parcel(image=drawn()), refuse)
    assert pds.records() == []


def test_a_link_has_a_card_in_the_words_of_the_post(pds, server):
    text = f"Tomorrow: CANDAL\nWed 9 June, online\n\nDetails: {LINK}\n#MidlandsHealth"
    published(pds, server, parcel(text, links=(LINK,), title="CANDAL"))
    card = newest(pds)["embed"]["external"]
    assert card == {"uri": LINK, "title": "CANDAL", "description": "Wed 9 June, online"}


def test_a_picture_goes_before_a_card_and_without_a_link_there_is_none(pds, server):
    published(pds, server, parcel(image=drawn(), links=(LINK,), title="CANDAL"))
    assert newest(pds)["embed"]["$type"] == "app.bsky.embed.images"
    assert link_card(parcel(title="CANDAL")) is None


def test_an_answer_stands_in_its_thread_and_the_next_one_too(pds, server):
    first = published(pds, server, parcel()).remote_id
    root = {name: pds.records()[0][name] for name in ("uri", "cid")}
    second = published(pds, server, parcel(reply_to=first)).remote_id
    assert newest(pds)["reply"] == {"root": root, "parent": root}
    parent = {name: pds.records()[0][name] for name in ("uri", "cid")}
    published(pds, server, parcel(reply_to=second))
    assert newest(pds)["reply"] == {"root": root, "parent": parent}


def test_an_answer_to_a_post_that_is_gone_stands_alone(pds, server):
    assert published(pds, server, parcel(reply_to="3n2x4d7xq5e7y")).answer is Answer.SENT
    assert "reply" not in newest(pds)


def test_an_answer_that_is_there_is_not_edited_when_what_it_answers_has_gone(pds, server):
    first = published(pds, server, parcel()).remote_id
    answer = parcel(reply_to=first)
    published(pds, server, answer)
    before = pds.records()[0]

    async def take_down() -> None:
        publisher = bluesky_publisher(pds)
        await publisher.delete(first or "")
        await publisher.close()

    asyncio.run(take_down())
    outcome = published(pds, server, answer)
    assert (outcome.answer, outcome.remote_id) == (Answer.SENT, answer.idempotency_key)
    assert pds.records() == [before]


def test_what_cannot_be_asked_about_a_thread_proves_that_nothing_was_posted(pds, server):
    first = published(pds, server, parcel()).remote_id
    server.plan.add(Fault(status=503, body="", on=f"GET {GET}"))
    outcome = published(pds, server, parcel(reply_to=first))
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.LOOKUP)
    assert len(pds.records()) == 1


def test_the_language_is_said(pds, server):
    published(pds, server, parcel(language="en-GB"))
    assert newest(pds)["langs"] == ["en-GB"]
