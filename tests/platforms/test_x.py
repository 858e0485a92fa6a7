import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from bot.errors import ConfigError, LeaseLostError
from bot.platforms.base import Answer, Outcome, Parcel, Phase, RefusedError, Trouble
from bot.platforms.http import Departure
from bot.platforms.x import XPublisher
from bot.platforms.x_client import Credentials
from tests.support.publishers import parcel, passes, wall_clock, x_credentials, x_publisher
from tests.support.wire import Ending
from tests.support.x_faults import FAULTS, Fault, fault
from tests.support.x_server import XServer

NOW = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


def published(publisher: XPublisher, given: Parcel | None = None) -> Outcome:
    """The outcome of one try, with the publisher closed after it."""

    async def run() -> Outcome:
        try:
            return await publisher.publish(given or parcel(), passes)
        finally:
            await publisher.close()

    return asyncio.run(run())


def asked(publisher: XPublisher, question: Callable[[], Awaitable[object]]) -> Outcome:
    """The outcome with which a question is refused."""

    async def run() -> Outcome:
        try:
            with pytest.raises(RefusedError) as caught:
                await question()
        finally:
            await publisher.close()
        return caught.value.outcome

    return asyncio.run(run())


def texts(publisher: XPublisher, since: datetime = LONG_AGO) -> list[str]:
    async def run() -> list[str]:
        try:
            return [post.text for post in await publisher.timeline(since)]
        finally:
            await publisher.close()

    return asyncio.run(run())


def detail(status: int, text: str) -> Fault:
    return Fault(status=status, body=f'{{"title":"Forbidden","detail":"{text}"}}')


def message(status: int, code: int, text: str) -> Fault:
    return Fault(status=status, body=f'{{"errors":[{{"code":{code},"message":"{text}"}}]}}')


def test_a_post_with_an_id_is_sent(server: XServer) -> None:
    outcome = published(x_publisher(server), parcel("Tomorrow: seminar #MidlandsHealth"))

    [post] = server.posts
    assert post.text == "Tomorrow: seminar #MidlandsHealth"
    assert outcome == Outcome(
        answer=Answer.SENT,
        http_status=201,
        remote_id=post.id,
        remote_url=f"https://x.com/i/web/status/{post.id}",
    )


@pytest.mark.parametrize(
    ("status", "body", "remote_id"),
    [(200, '{"data":{"id":"12"}}', "12"), (202, '{"data":{"id":12},"errors":[]}', "12")],
)
def test_any_2xx_with_an_id_is_sent(
    server: XServer, status: int, body: str, remote_id: str
) -> None:
    server.plan.add(Fault(status=status, body=body, written=True))

    outcome = published(x_publisher(server))

    assert (outcome.answer, outcome.remote_id) == (Answer.SENT, remote_id)


REFUSED = {
    "400": (fault("400"), Trouble.CONTENT),
    "401": (fault("401"), Trouble.ACCOUNT),
    "402": (fault("402"), Trouble.ACCOUNT),
    "404": (fault("404"), Trouble.PASSING),
    "429": (fault("429"), Trouble.PASSING),
    "429 without headers": (fault("429-bare"), Trouble.PASSING),
    "429 for the month's cap": (
        Fault(status=429, body='{"type":"https://api.x.com/2/problems/usage-capped"}'),
        Trouble.ACCOUNT,
    ),
    "401 with a cut body": (replace(FAULTS["401"], ending=Ending.TRUNCATE), Trouble.ACCOUNT),
    "429 that is no JSON": (Fault(status=429, body="<html>"), Trouble.PASSING),
    "403 not permitted": (fault("403"), Trouble.ACCOUNT),
    "403 suspended": (detail(403, "Your account is suspended."), Trouble.ACCOUNT),
    "403 by code": (message(403, 326, "Your account is locked."), Trouble.ACCOUNT),
    "403 for its text": (
        detail(403, "You are not allowed to create a Tweet with more than one cashtag."),
        Trouble.CONTENT,
    ),
    "403 too long": (message(403, 186, "Tweet needs to be a bit shorter."), Trouble.CONTENT),
}


@pytest.mark.parametrize(("planned", "trouble"), REFUSED.values(), ids=REFUSED.keys())
def test_a_status_that_says_no_proves_that_it_was_not_sent(
    server: XServer, planned: Fault, trouble: Trouble
) -> None:
    server.plan.add(planned)

    outcome = published(x_publisher(server))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, trouble)
    assert (outcome.http_status, outcome.phase) == (planned.status, Phase.POST)
    assert not outcome.duplicate
    assert is_a_sentence(outcome.error)


UNCLEAR = {
    **{
        name: (FAULTS[name], FAULTS[name].status)
        for name in (
            "500",
            "500-written",
            "502-written",
            "503",
            "503-written",
            "504-written",
            "redirect",
            "garbage-written",
            "no-id-written",
        )
    },
    **{
        name: (FAULTS[name], None)
        for name in ("reset", "reset-written", "close", "close-written", "hang", "hang-written")
    },
    "201 cut off": (fault("truncated-written"), 201),
    "500 with a JSON list": (Fault(status=500, body="[]", written=True), 500),
    "201 with a JSON list": (Fault(status=201, body="[]", written=True), 201),
    "201 with data as a list": (Fault(status=201, body='{"data":[]}', written=True), 201),
    "201 with an empty id": (Fault(status=201, body='{"data":{"id":""}}', written=True), 201),
    "201 with null as id": (Fault(status=201, body='{"data":{"id":null}}', written=True), 201),
    "201 with true as id": (Fault(status=201, body='{"data":{"id":true}}', written=True), 201),
    "201 nested too deep": (Fault(status=201, body="[" * 100_000, written=True), 201),
    "201 larger than is read": (
        Fault(status=201, body=f'{{"data":{{"id":"1"}},"x":"{"x" * 5_000_000}"}}', written=True),
        201,
    ),
    "201 not in UTF-8": (
        Fault(status=201, body="{}", headers={"Content-Encoding": "gzip"}, written=True),
        201,
    ),
    "204": (Fault(status=204, body="", written=True), 204),
    "301": (Fault(status=301, body="", headers={"Location": "/elsewhere"}), 301),
    "405": (Fault(status=405, body="{}"), 405),
    "408": (Fault(status=408, body="{}", written=True), 408),
    "409": (Fault(status=409, body="{}"), 409),
    "413": (Fault(status=413, body=""), 413),
    "418": (Fault(status=418, body=""), 418),
    "422": (Fault(status=422, body="{}"), 422),
    "599": (Fault(status=599, body=""), 599),
    "999": (Fault(status=999, body=""), 999),
    "403 without a reason": (Fault(status=403, body=""), 403),
    "403 that is no JSON": (Fault(status=403, body="<html>blocked</html>"), 403),
    "403 with a title only": (Fault(status=403, body='{"title":"Forbidden"}'), 403),
    "403 cut off": (replace(FAULTS["403"], ending=Ending.TRUNCATE), 403),
}


@pytest.mark.parametrize(("planned", "status"), UNCLEAR.values(), ids=UNCLEAR.keys())
def test_everything_unclear_is_unknown(server: XServer, planned: Fault, status: int | None) -> None:
    server.plan.add(planned)

    outcome = published(x_publisher(server, timeout=0.5))

    assert (outcome.answer, outcome.remote_id) == (Answer.UNKNOWN, None)
    assert outcome.http_status in {status, None}
    assert not outcome.duplicate
    assert outcome.trouble is not None
    assert is_a_sentence(outcome.error)
    assert [bool(seen.written) for seen in server.requests] == [planned.written]


DUPLICATES = {
    "as X says it now": fault("duplicate"),
    "as API 1.1 said it": message(403, 187, "Status is a duplicate."),
    "by its code alone": message(403, 187, "No."),
    "among its errors": Fault(
        status=403, body='{"errors":[{"detail":"Duplicate content"}],"detail":"Forbidden"}'
    ),
}


@pytest.mark.parametrize("planned", DUPLICATES.values(), ids=DUPLICATES.keys())
def test_a_refused_duplicate_is_unknown_and_says_so(server: XServer, planned: Fault) -> None:
    server.plan.add(planned)

    outcome = published(x_publisher(server))

    assert (outcome.answer, outcome.duplicate) == (Answer.UNKNOWN, True)
    assert (outcome.http_status, outcome.trouble) == (403, Trouble.CONTENT)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_nothing_was_sent_where_nobody_listens(server: XServer) -> None:
    outcome = published(x_publisher(server, url=f"http://127.0.0.1:{free_port()}"))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)
    assert is_a_sentence(outcome.error)


def test_nothing_was_sent_where_the_name_does_not_exist(server: XServer) -> None:
    outcome = published(x_publisher(server, url="https://nowhere.invalid"))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)


def test_nothing_was_sent_where_tls_fails(server: XServer) -> None:
    outcome = published(x_publisher(server, url=server.url.replace("http:", "https:")))

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)
    assert server.requests == []


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address that takes no more connections: its queue is full and is never served."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        callers = [socket.socket() for _ in range(8)]
        for caller in callers:
            caller.settimeout(0)
            caller.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
        for caller in callers:
            caller.close()


@pytest.mark.parametrize(("timeout", "connect_timeout"), [(9.0, 0.3), (0.3, 9.0)])
def test_nothing_was_sent_where_no_connection_comes_about(
    server: XServer, deaf: str, timeout: float, connect_timeout: float
) -> None:
    outcome = published(
        x_publisher(server, url=deaf, timeout=timeout, connect_timeout=connect_timeout)
    )

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.PASSING)
    assert outcome.error == "X could not be reached, so nothing was sent: it took too long."


def test_nothing_was_sent_while_waiting_for_a_free_connection(server: XServer) -> None:
    server.plan.add(replace(FAULTS["slow"], delay=1.0))
    publisher = x_publisher(server, connections=1, connect_timeout=0.3)

    async def run() -> list[Outcome]:
        try:
            first = asyncio.create_task(publisher.publish(parcel("first"), passes))
            await asyncio.sleep(0.1)
            return [await publisher.publish(parcel("second"), passes), await first]
        finally:
            await publisher.close()

    second, first = asyncio.run(run())

    assert (second.answer, first.answer) == (Answer.NOT_SENT, Answer.SENT)
    assert server.texts == ["first"]


class DeniedError(OSError):
    """aiohttp wraps an OSError; the caller must get its own."""


@pytest.mark.parametrize("refusal", [LeaseLostError("gone"), DeniedError(), TimeoutError()])
def test_what_the_check_raises_comes_out_and_nothing_leaves(
    server: XServer, refusal: Exception
) -> None:
    publisher = x_publisher(server)

    def refuse() -> None:
        raise refusal

    async def run() -> None:
        try:
            await publisher.publish(parcel("kept"), refuse)
        finally:
            await publisher.publish(parcel("warm"), passes)  # what was refused is not still queued
            await publisher.close()

    with pytest.raises(type(refusal)) as caught:
        asyncio.run(run())
    assert caught.value is refusal
    assert server.texts == ["warm"]


def test_nothing_leaves_twice_whatever_the_library_does() -> None:
    asked_for: list[str] = []
    with Departure(lambda: asked_for.append("asked")) as departure:
        departure()
        with pytest.raises(RuntimeError, match="twice"):
            departure()

    assert asked_for == ["asked"]


def test_the_check_is_asked_after_the_connection_is_there(server: XServer) -> None:
    connected: list[bool] = []

    def check() -> None:
        connected.append(wait_until(lambda: len(server.open) == 1))

    async def run() -> None:
        publisher = x_publisher(server)
        await publisher.publish(parcel(), check)
        await publisher.close()

    asyncio.run(run())
    assert connected == [True]


def wait_until(holds: Callable[[], bool], *, seconds: float = 5) -> bool:
    """Whether it comes to hold; the server runs in a thread of its own."""
    for _ in range(int(seconds * 100)):
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_the_check_is_not_asked_where_no_connection_comes_about(server: XServer) -> None:
    asked_for: list[str] = []
    publisher = x_publisher(server, url=f"http://127.0.0.1:{free_port()}")

    async def run() -> None:
        await publisher.publish(parcel(), lambda: asked_for.append("asked"))
        await publisher.close()

    asyncio.run(run())
    assert asked_for == []


def test_a_cancelled_try_is_cancelled_even_if_the_post_was_written(server: XServer) -> None:
    server.plan.add(fault("hang-written"))
    publisher = x_publisher(server)

    async def run() -> None:
        task = asyncio.create_task(publisher.publish(parcel("gone"), passes))
        await asyncio.to_thread(wait_until, lambda: bool(server.posts))
        task.cancel()
        try:
            await task
        finally:
            await publisher.close()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    assert server.texts == ["gone"]


def test_a_post_is_never_sent_twice_by_one_try(server: XServer) -> None:
    names = ["503", "429", "reset", "close", "redirect", "401", "hang-up-later"]
    server.plan.add(*map(fault, names))
    publisher = x_publisher(server)

    async def run() -> None:
        for _ in names:
            await publisher.publish(parcel(), passes)
        await publisher.close()

    asyncio.run(run())
    assert len(server.requests) == len(names)


WAITS = {
    "Retry-After": ({"Retry-After": "30"}, timedelta(seconds=30)),
    "the reset": ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, timedelta(seconds=90)),
    "an absurd reset": ({"x-rate-limit-reset": "99999999999"}, timedelta(hours=24)),
    "a date": ({"Retry-After": "Tue, 08 Jun 2021 11:02:00 GMT"}, timedelta(minutes=2)),
}


@pytest.mark.parametrize(("headers", "wait"), WAITS.values(), ids=WAITS.keys())
def test_a_rate_limit_says_when_to_come_back(
    server: XServer, headers: dict[str, str], wait: timedelta
) -> None:
    wrong_date = {"Date": "Thu, 01 Jan 1970 00:00:00 GMT"}
    server.plan.add(Fault(status=429, body="{}", headers={**headers, **wrong_date}))

    outcome = published(x_publisher(server, now=lambda: NOW))

    assert outcome.retry_at == NOW + wait


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {}, None),
        (429, {"x-rate-limit-reset": "soon"}, None),
        (429, {"x-rate-limit-reset": "12"}, None),
        (401, {"x-rate-limit-reset": "99999999999"}, None),
        (503, {"x-rate-limit-reset": "99999999999"}, None),
        (503, {"Retry-After": "20"}, timedelta(seconds=20)),
    ],
)
def test_only_what_speaks_of_waiting_makes_it_wait(
    server: XServer, status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    server.plan.add(Fault(status=status, body="{}", headers=headers))

    outcome = published(x_publisher(server, now=lambda: NOW))

    assert outcome.retry_at == (NOW + wait if wait else None)


def test_the_signature_is_for_the_configured_address(server: XServer) -> None:
    published(x_publisher(server))
    texts(x_publisher(server), datetime(2021, 6, 1, 10, 30, tzinfo=UTC))

    assert [seen.user for seen in server.requests] == [server.user.id] * 3  # oauthlib agrees


@pytest.mark.parametrize("secret", ["api_secret", "access_token_secret", "access_token", "api_key"])
def test_wrong_secrets_are_the_account_s_trouble(server: XServer, secret: str) -> None:
    wrong = replace(x_credentials(server.user), **{secret: "wrong"})
    publisher = XPublisher(wrong, base_url=server.url, now=wall_clock, timeout=5)

    outcome = published(publisher)

    assert (outcome.answer, outcome.trouble) == (Answer.NOT_SENT, Trouble.ACCOUNT)
    assert server.posts == []


def test_an_address_with_a_path_is_kept_and_signed(server: XServer) -> None:
    outcome = published(x_publisher(server, url=f"{server.url}/proxy/"))

    assert outcome.http_status == 404  # neither refused at the signature nor found
    assert [seen.path for seen in server.requests] == ["/proxy/2/tweets"]


def test_plain_http_to_anywhere_else_is_refused(server: XServer) -> None:
    with pytest.raises(ConfigError, match="X_API_URL"):
        x_publisher(server, url="http://api.x.com")


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ConfigError, match="all four"):
        Credentials(api_key="a", api_secret="b", access_token="c", access_token_secret="")


def test_credentials_do_not_show_themselves() -> None:
    secrets = Credentials(api_key="hu", api_secret="sh", access_token="qu", access_token_secret="i")

    assert repr(secrets) == "Credentials()"


def test_an_answer_that_repeats_the_request_does_not_give_secrets_away(server: XServer) -> None:
    user = server.user
    secrets = (user.api_key, user.api_secret, user.access_token, user.access_token_secret)
    server.plan.add(detail(400, f"Bad: {' '.join(secrets)}\\n\\u001b[31m{'x' * 999}"))

    outcome = published(x_publisher(server))

    assert [secret for secret in secrets if secret in outcome.error] == []
    assert is_a_sentence(outcome.error)
    assert len(outcome.error) < 300


@pytest.mark.parametrize("before", range(185, 205, 3))
def test_a_secret_on_which_a_quote_ends_is_not_given_away_in_part(
    server: XServer, before: int
) -> None:
    server.plan.add(detail(400, "y" * before + server.user.access_token_secret))

    outcome = published(x_publisher(server))

    assert server.user.access_token_secret[:4] not in outcome.error


def test_no_secret_is_logged_at_any_level(
    server: XServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.plan.add(*map(fault, ["401", "503", "reset"]))
    publisher = x_publisher(server)

    async def run() -> None:
        for _ in range(4):
            await publisher.publish(parcel(), passes)
        await publisher.timeline(LONG_AGO)
        await publisher.close()

    asyncio.run(run())

    signatures = [seen.headers["authorization"].split('signature="')[1] for seen in server.requests]
    user = server.user
    hidden = [user.api_secret, user.access_token, user.access_token_secret, *signatures]
    assert "POST /2/tweets: HTTP 201" in caplog.text
    assert [word for word in chain(hidden, ["oauth_"]) if word in caplog.text] == []


def test_the_account_is_the_one_the_secrets_belong_to(server: XServer) -> None:
    publisher = x_publisher(server)

    async def run() -> tuple[str, str]:
        account = await publisher.account()
        await publisher.account()
        await publisher.close()
        return account.key, account.handle

    assert asyncio.run(run()) == (f"x:127.0.0.1:{server.port}:{server.user.id}", "midlands_1")
    assert len(server.requests) == 1  # each costs money


QUESTIONS = {
    "401": (Fault(status=401, body="{}"), Trouble.ACCOUNT),
    "402": (Fault(status=402, body="{}"), Trouble.ACCOUNT),
    "403": (Fault(status=403, body="{}"), Trouble.ACCOUNT),
    "429": (Fault(status=429, body="{}", headers={"Retry-After": "7"}), Trouble.PASSING),
    "503": (Fault(status=503, body="{}"), Trouble.PASSING),
    "redirect": (Fault(status=302, body="", headers={"Location": "/"}), Trouble.PASSING),
    "garbage": (Fault(status=200, body="<html>"), Trouble.PASSING),
    "nested too deep": (Fault(status=200, body="[" * 100_000), Trouble.PASSING),
    "no id": (Fault(status=200, body='{"data":{"username":"u"}}'), Trouble.PASSING),
    "hang": (Fault(ending=Ending.HANG), Trouble.PASSING),
    "cut off": (Fault(ending=Ending.TRUNCATE, written=True), Trouble.PASSING),
}


@pytest.mark.parametrize(("planned", "trouble"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_who_we_are_is_refused_rather_than_guessed(
    server: XServer, planned: Fault, trouble: Trouble
) -> None:
    server.plan.add(replace(planned, on="GET /2/users/me"))
    publisher = x_publisher(server, timeout=0.5, now=lambda: NOW)

    outcome = asked(publisher, publisher.account)

    assert (outcome.answer, outcome.phase) == (Answer.UNKNOWN, Phase.AUTH)
    assert outcome.trouble is trouble
    assert outcome.retry_at == (NOW + timedelta(seconds=7) if planned.status == 429 else None)
    assert is_a_sentence(outcome.error)


PAGES = {
    "503": Fault(status=503, body="{}"),
    "garbage": Fault(status=200, body="<html>"),
    "an empty object": Fault(status=200, body="{}"),
    "a list": Fault(status=200, body="[]"),
    "errors beside the data": Fault(
        status=200, body='{"data":[],"errors":[{"detail":"some are missing"}],"meta":{}}'
    ),
    "fewer posts than it says": Fault(status=200, body='{"meta":{"result_count":1}}'),
    "a post without a text": Fault(
        status=200, body='{"data":[{"id":"1","created_at":"2021-06-09T10:00:00.000Z"}]}'
    ),
    "a post without a zone": Fault(
        status=200, body='{"data":[{"id":"1","text":"t","created_at":"2021-06-09T10:00:00"}]}'
    ),
    "a link that leads nowhere": Fault(
        status=200,
        body='{"data":[{"id":"1","text":"t","created_at":"2021-06-09T10:00:00Z",'
        '"entities":{"urls":[{"url":"https://t.co/1"}]}}]}',
    ),
    "data as an object": Fault(status=200, body='{"data":{}}'),
    "meta as a list": Fault(status=200, body='{"data":[],"meta":[]}'),
    "reset": Fault(ending=Ending.RESET, times=2),  # aiohttp asks once more; a GET may be
    "truncated": Fault(ending=Ending.TRUNCATE, written=True),
    "a page after every page": Fault(
        status=200, body='{"data":[],"meta":{"result_count":0,"next_token":"again"}}', times=99
    ),
}


@pytest.mark.parametrize("planned", PAGES.values(), ids=PAGES.keys())
def test_a_timeline_that_is_unclear_is_refused(server: XServer, planned: Fault) -> None:
    server.plan.add(replace(planned, on=f"GET /2/users/{server.user.id}"))
    publisher = x_publisher(server)

    outcome = asked(publisher, lambda: publisher.timeline(LONG_AGO))

    assert (outcome.answer, outcome.phase) == (Answer.UNKNOWN, Phase.LOOKUP)
    assert is_a_sentence(outcome.error)


def test_a_failed_page_spoils_the_whole_timeline(server: XServer) -> None:
    write(server, 150)
    on = f"GET /2/users/{server.user.id}"
    server.plan.add(Fault(written=True, on=on), Fault(status=503, body="{}", on=on))
    publisher = x_publisher(server)

    assert asked(publisher, lambda: publisher.timeline(LONG_AGO)).http_status == 503


def write(server: XServer, count: int) -> list[str]:
    written = [f"post {number}" for number in range(count)]

    async def run() -> None:
        publisher = x_publisher(server)
        for text in written:
            await publisher.publish(parcel(text), passes)
        await publisher.close()

    asyncio.run(run())
    return written


def test_the_timeline_has_every_page_newest_first(server: XServer) -> None:
    written = write(server, 230)

    assert texts(x_publisher(server)) == written[::-1]
    assert [seen.method for seen in server.requests[230:]] == ["GET"] * 4  # who, and three pages


TEXTS = [
    "Register: https://midlandsinnovation.org.uk/MIHealth/e?a=1&b=2#c, #MidlandsHealth",
    "https://example.org/1 and https://example.org/11 and https://example.org/1 again",
    "R&D <b> &amp; &lt; &copy= 5 > 4 “quoted” it's é 👩🏽‍🔬",
    "Two\nlines",
    "t.co is no link, https://t.co/0 is one",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_posted(server: XServer, text: str) -> None:
    published(x_publisher(server), parcel("an earlier one: https://example.org/0"))
    published(x_publisher(server), parcel(text))

    assert texts(x_publisher(server))[0] == text


def test_a_short_link_that_begins_another_is_not_taken_for_it(server: XServer) -> None:
    links = " ".join(f"https://example.org/{number}" for number in range(18))
    published(x_publisher(server), parcel(links))  # among them t.co/1, t.co/10 and t.co/11

    assert texts(x_publisher(server)) == [links]


def test_attached_media_are_not_part_of_the_text(server: XServer) -> None:
    body = (
        '{"data":[{"id":"1","text":"See it #MidlandsHealth https://t.co/1",'
        '"created_at":"2021-06-09T10:00:00.000Z","entities":{"urls":[{"url":"https://t.co/1",'
        '"expanded_url":"https://x.com/u/status/1/photo/1","media_key":"3_1"}]}}]}'
    )
    on = f"GET /2/users/{server.user.id}"
    server.plan.add(Fault(status=200, body=body, on=on))

    assert texts(x_publisher(server)) == ["See it #MidlandsHealth"]


def test_several_accounts_do_not_see_each_other() -> None:
    with XServer(accounts=2) as server:
        first, second = server.api.users
        published(x_publisher(server, user=first), parcel("same text"))
        outcome = published(x_publisher(server, user=second), parcel("same text"))

        assert outcome.answer is Answer.SENT
        assert texts(x_publisher(server, user=second)) == ["same text"]
        assert [post.user for post in server.posts] == [first.id, second.id]


def is_a_sentence(text: str) -> bool:
    return text.endswith(".") and text[:1].isupper() and text.isprintable() and ".." not in text
