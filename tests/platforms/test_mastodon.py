import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, RefusedError, Trouble
from bot.platforms.mastodon import MastodonPublisher
from tests.support.mastodon_api import TOKEN, MastodonApi
from tests.support.publishers import mastodon_publisher, parcel, passes, wall_clock
from tests.support.relay import Relay
from tests.support.wire import Ending
from tests.support.x_faults import Fault

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
POST = "/api/v1/statuses"


@pytest.fixture
def api() -> MastodonApi:
    return MastodonApi()


@pytest.fixture
def server(api: MastodonApi) -> Iterator[Relay]:
    with Relay(api) as relay:
        yield relay


def used(publisher: MastodonPublisher, use: Callable[[MastodonPublisher], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        try:
            return await use(publisher)
        finally:
            await publisher.close()

    return asyncio.run(run())


def published(
    server: Relay,
    one: Parcel | None = None,
    *,
    check: Callable[[], None] = passes,
    token: str = TOKEN,
    timeout: float = 10.0,
    visibility: str | None = None,
) -> Outcome:
    publisher = mastodon_publisher(server.url, token, timeout=timeout, visibility=visibility)
    outcome: Outcome = used(publisher, lambda it: it.publish(one or parcel(), check))
    return outcome


def failing(status: int, *, written: bool = False, body: str = "", **headers: str) -> Fault:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Fault(status=status, body=body, headers=named, written=written, on=f"POST {POST}")


def ending(how: Ending, *, written: bool = True) -> Fault:
    return Fault(ending=how, written=written, on=f"POST {POST}")


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, Trouble.ACCOUNT),
        (403, Trouble.ACCOUNT),
        (404, Trouble.PASSING),
        (422, Trouble.CONTENT),
        (429, Trouble.PASSING),
    ],
)
def test_a_status_that_says_no_proves_that_it_was_not_sent(server, status, trouble):
    server.plan.add(failing(status, body='{"error": "No, because"}'))
    outcome = published(server)
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, trouble)
    assert (outcome.http_status, len(server.of(POST))) == (status, 1)
    assert "No, because" in outcome.error


UNCLEAR = {
    "500": failing(500, written=True),
    "503": failing(503),
    "504": failing(504, written=True),
    "520": failing(520, written=True, body="<html>"),
    "400": failing(400),
    "redirect": failing(307, Location="/api/v1/statuses"),
    "garbage": failing(200, written=True, body="{"),
    "html": failing(200, written=True, body="<html>"),
    "no id": failing(200, written=True, body="{}"),
    "cut": ending(Ending.TRUNCATE),
    "reset": ending(Ending.RESET),
    "closed": ending(Ending.CLOSE),
    "closed, nothing written": ending(Ending.CLOSE, written=False),
}


@pytest.mark.parametrize("planned", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_everything_unclear_is_unknown_and_never_repeated(server, planned):
    server.plan.add(planned)
    outcome = published(server)
    assert (outcome.answer, outcome.trouble) == (Answer.UNKNOWN, Trouble.PASSING)
    assert len(server.of(POST)) == 1
    assert outcome.error


def test_no_answer_in_time_is_unknown(server):
    server.plan.add(ending(Ending.HANG))
    assert published(server, timeout=0.5).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Reset": "some day", "X-RateLimit-Remaining": "0"},
        {"X-RateLimit-Reset": "2021-06-08T11:00:00Z", "Date": "never"},
        {"Deprecation": "@1"},
    ],
)
@pytest.mark.filterwarnings("ignore:Endpoint .* is marked as deprecated")
def test_a_status_that_was_made_is_sent_whatever_the_library_makes_of_its_headers(server, headers):
    server.plan.add(Fault(headers=headers, written=True, on=f"POST {POST}"))
    outcome = published(server)
    assert (outcome.answer, outcome.remote_id) == (Answer.SENT, "1000")


def test_nothing_was_sent_where_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        publisher = mastodon_publisher(f"http://127.0.0.1:{taken.getsockname()[1]}", TOKEN)
        outcome = used(publisher, lambda it: it.publish(parcel(), passes))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)


def test_what_the_check_raises_comes_out_and_nothing_leaves(server):
    def refuse() -> None:
        raise LeaseLostError("gone")

    with pytest.raises(LeaseLostError):
        published(server, check=refuse)
    assert server.of(POST) == []


def test_a_try_given_up_before_it_left_does_not_leave_later(server, api):
    async def run(publisher: MastodonPublisher) -> None:
        publisher.connections = 1
        tries = [asyncio.create_task(publisher.publish(parcel(), passes)) for _ in range(30)]
        await asyncio.sleep(0)
        for each in tries:
            each.cancel()
        await asyncio.wait(tries)
        await asyncio.sleep(0.3)

    used(mastodon_publisher(server.url, TOKEN), run)
    assert api.texts == []


def test_the_same_key_again_is_the_same_post(server, api):
    again = parcel()
    server.plan.add(ending(Ending.CLOSE))
    assert published(server, again).answer is Answer.UNKNOWN
    assert published(server, again).remote_id == "1000"
    assert api.texts == [again.text]


def test_who_sees_it_is_as_the_channel_says_or_else_as_the_account_does(server, api):
    published(server, visibility="unlisted")
    assert api.statuses[0]["visibility"] == "unlisted"
    published(server)
    assert b"visibility" not in server.of(POST)[-1].body


def test_a_rate_limit_says_when_to_come_back(server):
    reset = (wall_clock() + timedelta(minutes=3)).isoformat()
    server.plan.add(failing(429, X_RateLimit_Reset=reset))
    found = published(server).retry_at
    assert found is not None
    assert abs(found - wall_clock() - timedelta(minutes=3)) < timedelta(seconds=10)


def test_a_text_that_is_too_long_is_the_text_s_trouble(server):
    outcome = published(server, parcel("a" * 501))
    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.CONTENT)


@pytest.mark.parametrize("before", range(185, 205, 3))
def test_a_token_on_which_a_quote_ends_is_not_given_away_in_part(server, before):
    server.plan.add(failing(503, body=f'{{"error": "{"y" * before}{TOKEN}"}}'))
    assert TOKEN[:4] not in published(server).error


def test_a_wrong_token_is_the_account_s_trouble_and_is_not_shown(server):
    publisher = mastodon_publisher(server.url, "a-wrong-token")
    with pytest.raises(RefusedError) as caught:
        used(publisher, lambda it: it.account())
    assert (caught.value.outcome.phase, caught.value.outcome.trouble) == (
        Phase.AUTH,
        Trouble.ACCOUNT,
    )
    server.plan.add(failing(503, body='{"error": "token a-secret-token is odd"}'))
    assert TOKEN not in published(server).error


def test_the_timeline_has_every_page_newest_first(server, api):
    texts = [f"post {number}\n\nhttps://example.org/{number}" for number in range(90)]
    for text in texts:
        published(server, parcel(text))
    posts = used(mastodon_publisher(server.url, TOKEN), lambda it: it.timeline(LONG_AGO))
    assert ["".join(post.text.split()) for post in posts] == [
        "".join(text.split()) for text in texts[::-1]
    ]


@pytest.mark.parametrize(
    "planned",
    [
        Fault(status=503, body=""),
        Fault(status=200, body="{}"),
        Fault(ending=Ending.TRUNCATE, written=True),
        Fault(ending=Ending.CLOSE),
    ],
)
def test_a_timeline_that_is_unclear_is_refused(server, planned):
    published(server)
    server.plan.add(
        Fault(
            status=planned.status,
            body=planned.body,
            ending=planned.ending,
            written=planned.written,
            on="GET /api/v1/accounts/7/",
        )
    )
    with pytest.raises(RefusedError):
        used(mastodon_publisher(server.url, TOKEN), lambda it: it.timeline(LONG_AGO))
