import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, RefusedError, Trouble
from bot.platforms.bluesky import BlueskyPublisher
from tests.support.pds import Pds, running_pds
from tests.support.publishers import bluesky_publisher, parcel, passes
from tests.support.relay import Relay
from tests.support.wire import Ending
from tests.support.x_faults import Fault

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
XRPC = "/xrpc/com.atproto."
PUT, LOGIN = f"{XRPC}repo.putRecord", f"{XRPC}server.createSession"
REFRESH = f"{XRPC}server.refreshSession"


@pytest.fixture
def server(pds: Pds) -> Iterator[Relay]:
    """The way to the real server."""
    with Relay(pds.url) as relay:
        yield relay


def used(publisher: BlueskyPublisher, use: Callable[[BlueskyPublisher], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        try:
            return await use(publisher)
        finally:
            await publisher.close()

    return asyncio.run(run())


def published(
    pds: Pds,
    server: Relay,
    one: Parcel | None = None,
    *,
    check: Callable[[], None] = passes,
    timeout: float = 30.0,
) -> Outcome:
    publisher = bluesky_publisher(pds, url=server.url, timeout=timeout)
    outcome: Outcome = used(publisher, lambda it: it.publish(one or parcel(), check))
    return outcome


def failing(status: int, error: str = "", *, written: bool = False, on: str = PUT) -> Fault:
    body = f'{{"error": "{error}", "message": "because"}}' if error else ""
    return Fault(status=status, body=body, written=written, on=f"POST {on}")


def ending(how: Ending, *, written: bool = True) -> Fault:
    return Fault(ending=how, written=written, on=f"POST {PUT}")


REFUSED = {
    "400": (failing(400, "InvalidRequest"), Trouble.CONTENT),
    "expired": (failing(400, "ExpiredToken"), Trouble.PASSING),
    "401": (failing(401, "InvalidToken"), Trouble.PASSING),
    "403": (failing(403, "Forbidden"), Trouble.ACCOUNT),
    "taken down": (failing(401, "AccountTakedown"), Trouble.ACCOUNT),
    "429": (failing(429, "RateLimitExceeded"), Trouble.PASSING),
}


@pytest.mark.parametrize(("planned", "trouble"), REFUSED.values(), ids=REFUSED.keys())
def test_a_status_that_says_no_proves_that_it_was_not_sent(pds, server, planned, trouble):
    server.plan.add(planned)
    outcome = published(pds, server)
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, trouble)
    assert (outcome.phase, outcome.http_status) == (Phase.POST, planned.status)
    assert len(server.of(PUT)) == 1
    assert pds.texts() == []


UNCLEAR = {
    "500": failing(500, "InternalServerError", written=True),
    "502": failing(502, written=True),
    "409": failing(409, "Odd"),
    "413": failing(413),
    "garbage": Fault(status=200, body="{", written=True, on=f"POST {PUT}"),
    "no address": Fault(status=200, body="{}", written=True, on=f"POST {PUT}"),
    "cut": ending(Ending.TRUNCATE),
    "reset": ending(Ending.RESET),
    "closed": ending(Ending.CLOSE),
    "closed, nothing written": ending(Ending.CLOSE, written=False),
}


@pytest.mark.parametrize("planned", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_everything_unclear_is_unknown_and_the_same_again_is_one_post(pds, server, planned):
    again = parcel("with https://example.org/a #Tag", links=("https://example.org/a",))
    server.plan.add(planned)
    outcome = published(pds, server, again)
    assert (outcome.answer, outcome.trouble) == (Answer.UNKNOWN, Trouble.PASSING)
    assert len(server.of(PUT)) == 1

    before = [record["cid"] for record in pds.records()]
    assert published(pds, server, again).remote_id == again.idempotency_key
    after = [record["cid"] for record in pds.records()]
    assert len(after) == 1
    assert before in ([], after)
    first, second = server.of(PUT)
    assert first.body == second.body


def test_no_answer_in_time_is_unknown(pds, server):
    server.plan.add(ending(Ending.HANG))
    assert published(pds, server, timeout=2).answer is Answer.UNKNOWN


def test_nothing_was_sent_where_nobody_listens(pds):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        publisher = bluesky_publisher(pds, url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        outcome = used(publisher, lambda it: it.publish(parcel(), passes))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)


def test_what_the_check_raises_comes_out_and_nothing_leaves(pds, server):
    def refuse() -> None:
        raise LeaseLostError("gone")

    with pytest.raises(LeaseLostError):
        published(pds, server, check=refuse)
    assert server.of(PUT) == []


def test_a_failed_login_is_no_doubt_about_the_post(pds, server):
    server.plan.add(failing(503, on=LOGIN))
    outcome = published(pds, server)
    assert (outcome.answer, outcome.phase) == (Answer.NOT_SENT, Phase.AUTH)
    assert outcome.trouble is Trouble.PASSING
    assert server.of(PUT) == []


def test_a_wrong_password_is_the_account_s_trouble(pds):
    publisher = bluesky_publisher(pds, password="wrong-password")
    with pytest.raises(RefusedError) as caught:
        used(publisher, lambda it: it.account())
    assert caught.value.outcome.trouble is Trouble.ACCOUNT
    assert "wrong-password" not in str(caught.value)


def test_one_login_is_enough_for_all_there_is_to_do(pds, server):
    async def run(publisher: BlueskyPublisher) -> None:
        await publisher.account()
        await asyncio.gather(*[publisher.publish(parcel(), passes) for _ in range(5)])
        await publisher.timeline(LONG_AGO)

    used(bluesky_publisher(pds, url=server.url), run)
    assert len(server.of(LOGIN)) == 1
    assert len(pds.texts()) == 5


@pytest.mark.parametrize("planned", [[], [failing(400, "ExpiredToken", on=REFRESH)]])
def test_a_session_that_is_not_taken_any_more_is_made_anew(pds, server, planned):
    async def run(publisher: BlueskyPublisher) -> list[Answer]:
        tries = [await publisher.publish(parcel(), passes) for _ in range(3)]
        return [each.answer for each in tries]

    server.plan.add(failing(400, "ExpiredToken"), *planned)
    answers = used(bluesky_publisher(pds, url=server.url), run)
    assert answers == [Answer.NOT_SENT, Answer.SENT, Answer.SENT]
    assert len(server.of(REFRESH)) == 1
    assert len(server.of(LOGIN)) == 1 + len(planned)


def test_a_text_that_is_too_long_is_the_text_s_trouble(pds, server):
    outcome = published(pds, server, parcel("a" * 301))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)
    assert "300" in outcome.error


def test_a_key_that_bluesky_does_not_take_is_not_tried(pds, server):
    outcome = published(pds, server, parcel(idempotency_key="event-42"))
    assert (outcome.answer, server.of(PUT)) == (Answer.NOT_SENT, [])


def test_the_timeline_has_every_page(pds, server):
    async def run(publisher: BlueskyPublisher) -> list[str]:
        await asyncio.gather(*[publisher.publish(parcel(), passes) for _ in range(110)])
        return [post.text for post in await publisher.timeline(LONG_AGO)]

    assert sorted(used(bluesky_publisher(pds), run)) == sorted(pds.texts())
    assert len(pds.texts()) == 110


@pytest.mark.parametrize(
    "planned",
    [{"status": 503}, {"status": 200, "body": "{}"}, {"ending": Ending.TRUNCATE, "written": True}],
)
def test_a_timeline_that_is_unclear_is_refused(pds, server, planned):
    server.plan.add(Fault(on=f"GET {XRPC}repo.listRecords", **planned))
    with pytest.raises(RefusedError):
        used(bluesky_publisher(pds, url=server.url), lambda it: it.timeline(LONG_AGO))


def test_too_many_logins_are_waited_out():
    with running_pds(rate_limits=True) as pds:
        for _ in range(40):
            publisher = bluesky_publisher(pds)
            outcome = used(publisher, lambda it: it.publish(parcel(), passes))
            if outcome.answer is not Answer.SENT:
                break
    assert (outcome.answer, outcome.http_status) == (Answer.NOT_SENT, 429)
    assert (outcome.phase, outcome.trouble) == (Phase.AUTH, Trouble.PASSING)
    assert outcome.retry_at is not None
