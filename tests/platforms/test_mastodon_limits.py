"""What a server takes is its own word, where it says it."""

import asyncio

import pytest

from bot.core.limits import Limits
from bot.platforms.base import Account, Answer, Outcome
from bot.platforms.mastodon_limits import limits_of
from tests.support.mastodon_api import CONFIGURATION, TOKEN, MastodonApi
from tests.support.publishers import PICTURE, mastodon_publisher, parcel, passes
from tests.support.relay import Relay
from tests.support.snac import Snac
from tests.support.x_faults import Fault

SAID = Limits(
    text=500,
    link=23,
    alt=1500,
    image_bytes=16_777_216,
    image_types=("image/png", "image/jpeg"),
)


def account(url: str, token: str = TOKEN) -> Account:
    async def run() -> Account:
        publisher = mastodon_publisher(url, token)
        found = await publisher.account()
        await publisher.close()
        return found

    return asyncio.run(run())


@pytest.mark.parametrize("version", [4, 3])
def test_a_server_of_either_age_is_asked_at_contact(version):
    with Relay(MastodonApi(version=version)) as server:
        assert account(server.url).limits == SAID


def test_a_server_that_does_not_tell_is_served_all_the_same():
    with Relay(MastodonApi()) as server:
        server.plan.add(
            Fault(status=503, on="GET /api/v2/instance/"),
            Fault(status=503, on="GET /api/v1/instance/"),
        )
        found = account(server.url)
        assert (found.id, found.limits) == ("7", None)
        assert not server.plan.left


def test_what_snac_says_is_read(snac: Snac):
    limits = account(snac.url, snac.token).limits
    assert limits is not None
    assert limits.link == 32  # its own figure, not the 23 of Mastodon


def test_an_alt_text_is_cut_to_what_the_server_takes():
    media = CONFIGURATION["media_attachments"] | {"description_limit": 20}
    api = MastodonApi(said=CONFIGURATION | {"media_attachments": media})

    async def run(url: str) -> Outcome:
        publisher = mastodon_publisher(url, TOKEN)
        await publisher.account()
        outcome = await publisher.publish(parcel(image=PICTURE), passes)
        await publisher.close()
        return outcome

    with Relay(api) as server:
        assert asyncio.run(run(server.url)).answer is Answer.SENT
    (picture,) = api.statuses[0]["media_attachments"]
    assert len(picture["description"]) <= 20
    assert picture["description"].startswith("Wednesday 9 June")


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"configuration": None},
        {"configuration": {"statuses": [], "media_attachments": "none"}},
        {"configuration": {"statuses": {"max_characters": "500"}}},
        {"configuration": {"statuses": {"max_characters": -1, "characters_reserved_per_url": 0}}},
        {"configuration": {"statuses": {"max_characters": True}}},
        {"configuration": {"media_attachments": {"supported_mime_types": [1, None]}}},
    ],
)
def test_what_is_no_limit_is_passed_over(nonsense):
    assert limits_of(nonsense) == Limits()


def test_what_is_no_instance_says_nothing():
    assert limits_of([CONFIGURATION]) is None
    assert limits_of(None) is None


def test_servers_from_before_the_configuration_name_their_length():
    assert limits_of({"max_toot_chars": 5000}) == Limits(text=5000)
