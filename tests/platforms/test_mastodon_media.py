import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.errors import LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, Trouble
from bot.platforms.mastodon_media import described
from tests.support.mastodon_api import TOKEN, MastodonApi
from tests.support.publishers import PICTURE, mastodon_publisher, parcel, passes
from tests.support.relay import Relay
from tests.support.wire import Ending
from tests.support.x_faults import Fault

POST, MEDIA = "/api/v1/statuses", "/api/v2/media"


@pytest.fixture
def api() -> MastodonApi:
    return MastodonApi()


@pytest.fixture
def server(api: MastodonApi) -> Iterator[Relay]:
    with Relay(api) as relay:
        yield relay


def published(server: Relay, one: Parcel, check=passes, timeout: float = 10.0) -> Outcome:
    async def run() -> Outcome:
        publisher = mastodon_publisher(server.url, TOKEN, timeout=timeout)
        try:
            return await publisher.publish(one, check)
        finally:
            await publisher.close()

    return asyncio.run(run())


def test_a_picture_is_posted_with_its_alt_text(api, server):
    assert published(server, parcel(image=PICTURE)).answer is Answer.SENT
    [picture] = api.statuses[0]["media_attachments"]
    assert (api.files[picture["id"]], picture["type"]) == (PICTURE.data, "image/png")
    assert picture["description"] == PICTURE.alt


def test_a_picture_that_is_not_ready_yet_is_waited_for(api, server):
    api.busy = 2
    assert published(server, parcel(image=PICTURE)).answer is Answer.SENT
    looks = [one for one in server.requests if one.path.startswith("/api/v1/media/")]
    assert len(looks) == 2


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, Trouble.ACCOUNT),
        (403, Trouble.ACCOUNT),
        (404, Trouble.PASSING),
        (413, Trouble.CONTENT),
        (422, Trouble.CONTENT),
        (429, Trouble.PASSING),
        (500, Trouble.PASSING),
        (503, Trouble.PASSING),
    ],
)
def test_a_picture_that_is_refused_proves_that_nothing_was_posted(api, server, status, trouble):
    fault = Fault(status=status, body='{"error": "No"}', on=f"POST {MEDIA}")
    server.plan.add(fault)
    outcome = published(server, parcel(image=PICTURE))
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert (outcome.trouble, outcome.http_status) == (trouble, status)
    assert (server.of(POST), api.texts) == ([], [])


@pytest.mark.parametrize(
    "said", [{"image_size_limit": len(PICTURE.data) - 1}, {"supported_mime_types": ["image/gif"]}]
)
def test_a_picture_that_the_server_said_it_does_not_take_is_not_sent_to_it(api, server, said):
    api.said = {"media_attachments": said}

    async def run() -> Outcome:
        publisher = mastodon_publisher(server.url, TOKEN)
        await publisher.account()
        outcome = await publisher.publish(parcel(image=PICTURE), passes)
        await publisher.close()
        return outcome

    outcome = asyncio.run(run())
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)
    assert (api.pictures, api.texts) == ({}, [])


@pytest.mark.parametrize("how", [Ending.RESET, Ending.CLOSE, Ending.TRUNCATE, Ending.HANG])
def test_an_upload_without_an_answer_proves_that_nothing_was_posted(api, server, how):
    server.plan.add(Fault(ending=how, written=True, on=f"POST {MEDIA}"))
    outcome = published(server, parcel(image=PICTURE), timeout=1.0)
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.MEDIA)
    assert outcome.trouble is Trouble.PASSING
    assert api.texts == []


def test_the_check_is_asked_when_the_picture_is_there_already(api, server):
    def refuse() -> None:
        assert api.pictures
        raise LeaseLostError("too late")

    with pytest.raises(LeaseLostError):
        published(server, parcel(image=PICTURE), refuse)
    assert api.texts == []


def test_an_alt_text_is_cut_at_the_end_of_a_word_where_the_server_takes_no_more(api, server):
    long = replace(PICTURE, alt="several words " * 200)
    published(server, parcel(image=long))
    kept = api.statuses[0]["media_attachments"][0]["description"]
    assert len(kept) <= 1500
    assert kept.endswith(("several…", "words…"))
    assert described("short") == "short"


def test_pictures_have_names_of_their_own_where_a_server_keeps_one_under_each(api, server):
    another = replace(PICTURE, data=PICTURE.data + b"another")
    for one in (PICTURE, another, PICTURE):
        published(server, parcel(image=one))
    names = [api.names[one["id"]] for one in api.pictures.values()]
    assert names[0] == names[2] != names[1]


def test_an_answer_stands_in_its_thread(api, server):
    first = published(server, parcel())
    published(server, parcel(reply_to=first.remote_id))
    assert api.statuses[0]["in_reply_to_id"] == first.remote_id


def test_an_answer_to_a_post_that_is_gone_stands_alone(api, server):
    one = parcel(reply_to="4711")
    assert published(server, one).answer is Answer.SENT
    assert (api.texts, api.statuses[0]["in_reply_to_id"]) == ([one.text], None)


def test_the_check_is_asked_before_each_of_the_two(api, server):
    asked = []
    published(server, parcel(reply_to="4711"), lambda: asked.append(len(api.statuses)))
    assert asked == [0, 0]


def test_language_and_content_warning_go_with_the_post(api, server):
    published(server, parcel(language="en-GB", warning="Loss"))
    assert (api.statuses[0]["language"], api.statuses[0]["spoiler_text"]) == ("en", "Loss")
