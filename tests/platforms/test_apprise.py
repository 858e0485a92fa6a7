import asyncio
import base64
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import ConfigError, LeaseLostError
from bot.platforms.apprise import ApprisePublisher
from bot.platforms.base import Answer, Outcome, Parcel, RefusedError, Trouble
from tests.support.publishers import LONG_AGO, PICTURE, parcel, passes
from tests.support.relay import Relay
from tests.support.wire import Answer as Reply
from tests.support.wire import Ending, Request
from tests.support.x_faults import Fault

SECRET = "a-secret-word"


def failing(**how: Any) -> Fault:
    return Fault(on=f"POST /{SECRET}", **how)


@pytest.fixture
def server() -> Iterator[Relay]:
    """Something that takes Apprise's JSON notifications."""

    def take(_request: Request) -> Reply:
        return Reply(status=200, body=b"{}")

    with Relay(take) as relay:
        yield relay


def address(server: Relay) -> str:
    return f"json://{server.url.removeprefix('http://')}/{SECRET}"


def published(url: str, one: Parcel, check=passes) -> Outcome:
    async def run() -> Outcome:
        publisher = ApprisePublisher(url)
        try:
            return await publisher.publish(one, check)
        finally:
            await publisher.close()

    return asyncio.run(run())


def test_a_post_arrives_once_as_it_is_and_has_an_id(server):
    one = parcel("Tomorrow: *CANDAL* <b>\n#MidlandsHealth")
    outcome = published(address(server), one)
    assert (outcome.answer, outcome.remote_id) == (Answer.SENT, one.idempotency_key)
    [request] = server.requests
    assert json.loads(request.body)["message"] == one.text


def test_a_picture_goes_with_it(server):
    published(address(server), parcel(image=PICTURE))
    [attached] = json.loads(server.requests[0].body)["attachments"]
    assert base64.b64decode(attached["base64"]) == PICTURE.data


@pytest.mark.parametrize(
    "fault",
    [
        failing(status=500),
        failing(status=429),
        failing(status=403),
        failing(ending=Ending.RESET, written=True),
        failing(ending=Ending.CLOSE, written=True),
    ],
)
def test_whatever_is_no_success_is_unknown_and_says_what_to_do(server, fault):
    server.plan.add(fault)
    outcome = published(address(server), parcel())
    assert outcome.answer is Answer.UNKNOWN
    assert "not sent again by itself" in outcome.error
    assert "bot posts resolve" in outcome.error
    assert len(server.requests) == 1


def test_where_nobody_listens_nothing_was_sent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"json://127.0.0.1:{taken.getsockname()[1]}/{SECRET}"
        outcome = published(url, parcel())
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)


def test_a_refusing_check_is_heard_and_nothing_is_sent(server):
    def refuse() -> None:
        raise LeaseLostError("too late")

    with pytest.raises(LeaseLostError):
        published(address(server), parcel(), refuse)
    assert server.requests == []


def test_a_text_that_is_too_long_for_the_service_is_not_sent(server):
    outcome = published(address(server), parcel("a" * 40_000))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)
    assert server.requests == []


def test_the_address_is_told_nowhere(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.plan.add(failing(status=500))
    publisher = ApprisePublisher(address(server))
    account = asyncio.run(publisher.account())
    outcome = published(address(server), parcel())
    assert SECRET not in f"{account} {account.key} {outcome}"
    assert SECRET not in caplog.text


def test_an_account_is_the_same_for_the_same_address_and_another_for_another(server):
    def key(url: str) -> str:
        return asyncio.run(ApprisePublisher(url).account()).key

    assert key(address(server)) == key(address(server)) != key(address(server) + "x")
    assert key(address(server)).startswith("apprise:json:")


@pytest.mark.parametrize("url", [f"nonsense://{SECRET}", SECRET, f"json://a json://{SECRET}"])
def test_an_address_that_is_none_is_told_without_it(url):
    with pytest.raises(ConfigError) as told:
        ApprisePublisher(url)
    assert SECRET not in str(told.value)


def test_nothing_can_be_read_there_or_taken_back(server):
    async def run() -> Outcome:
        publisher = ApprisePublisher(address(server))
        assert not publisher.readable
        with pytest.raises(RefusedError):
            await publisher.timeline(LONG_AGO)
        return await publisher.delete("1")

    assert asyncio.run(run()).answer is Answer.NOT_SENT
