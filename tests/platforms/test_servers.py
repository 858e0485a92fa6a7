"""What readers of real servers get of a post, by the servers' own APIs."""

import asyncio

from bot.platforms.base import Answer, Parcel, Publisher
from tests.support.publishers import PICTURE, drawn, mastodon_publisher, parcel, passes


def published(publisher: Publisher, one: Parcel) -> str:
    async def run() -> str:
        outcome = await publisher.publish(one, passes)
        await publisher.close()
        assert (outcome.answer, outcome.error) == (Answer.SENT, "")
        return outcome.remote_id or ""

    return asyncio.run(run())


def test_a_reader_on_mastodon_s_api_gets_picture_alt_text_thread_and_warning(snac):
    first = published(mastodon_publisher(snac.url, snac.token), parcel())
    answer = parcel(image=drawn(), reply_to=first, language="en-GB", warning="Loss")
    published(mastodon_publisher(snac.url, snac.token), answer)
    [shown] = [one for one in snac.statuses() if one["id"] != first]
    [picture] = shown["media_attachments"]
    assert (picture["type"], picture["description"]) == ("image", PICTURE.alt)
    assert (shown["in_reply_to_id"], shown["spoiler_text"]) == (first, "Loss")
