"""Every request to X, and every answer of our own X, by what X's own OpenAPI document allows."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.base import Answer, Outcome
from bot.platforms.x import XPublisher
from tests.support.prism import running_prism
from tests.support.publishers import PICTURE, drawn, parcel, passes, x_publisher
from tests.support.x_api import Post
from tests.support.x_document import CALLS, parameters, x_document
from tests.support.x_server import Seen, XServer

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TEXT = "See https://example.org/a?b=1&c #MidlandsHealth"


@pytest.fixture
def document() -> dict[str, Any]:
    return x_document()


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as running:
        running.api.signatures_checked = False  # for another address than the one asked
        yield running


@pytest.fixture
def publisher(document: dict[str, Any], server: XServer) -> Iterator[XPublisher]:
    """Its requests reach the server by way of Prism."""
    with running_prism(document, server.url) as url:
        yield x_publisher(server, url=url, timeout=30.0)


def call(seen: Seen) -> tuple[str, str]:
    """As the document names it."""
    path = "/".join(
        "{id}" if part.isdigit() and part != "2" else part for part in seen.path.split("/")
    )
    return seen.method.lower(), path


def test_x_s_own_document_allows_all_that_is_asked_of_x(
    document: dict[str, Any], server: XServer, publisher: XPublisher
) -> None:
    server.api.posts += [
        Post(id=str(number), user=server.user.id, text=f"Post {number}", created_at=at)
        for number in range(1, 101)
        for at in [LONG_AGO + timedelta(days=number)]
    ]

    async def run() -> tuple[list[Outcome], list[str]]:
        await publisher.account()
        first = await publisher.publish(parcel(TEXT), passes)
        answer = parcel("Moved", image=drawn(), reply_to=first.remote_id)
        second = await publisher.publish(answer, passes)
        texts = [post.text for post in await publisher.timeline(LONG_AGO)]
        third = await publisher.delete(second.remote_id or "")
        await publisher.close()
        return [first, second, third], texts

    outcomes, texts = asyncio.run(run())

    assert [(one.answer, one.error) for one in outcomes] == [(Answer.SENT, "")] * 3
    assert (len(texts), texts[:2]) == (102, ["Moved", TEXT]), "two pages of it"
    assert [picture.alt for picture in server.api.pictures.values()] == [PICTURE.alt]
    assert {call(seen) for seen in server.requests} == CALLS
    for seen in server.requests:
        assert seen.query.keys() <= parameters(document, *call(seen))


def test_what_the_document_does_not_allow_does_not_get_through(
    server: XServer, publisher: XPublisher
) -> None:
    async def run() -> Outcome:
        outcome = await publisher.publish(parcel(reply_to="not a number"), passes)
        await publisher.close()
        return outcome

    assert asyncio.run(run()).http_status == 422
    assert server.requests == []
