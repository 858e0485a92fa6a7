"""The fault server is itself held to what the tests rely on."""

import asyncio
import http.client
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from oauthlib.oauth1 import Client

from bot.platforms.base import Answer
from tests.support.publishers import parcel, passes, x_publisher
from tests.support.x_faults import FAULTS, Fault, FaultPlan, fault
from tests.support.x_server import XServer


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


def call(url: str, body: object = None, headers: dict[str, str] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def signed(server: XServer, path: str, method: str = "POST") -> dict[str, str]:
    user = server.user
    client = Client(user.api_key, user.api_secret, user.access_token, user.access_token_secret)
    _, headers, _ = client.sign(server.url + path, method)
    return dict(headers)


def status(server: XServer, body: object, path: str = "/2/tweets") -> int:
    try:
        call(server.url + path, body, signed(server, path))
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    return 200


def test_a_request_signed_by_oauthlib_is_taken(server: XServer) -> None:
    answer = call(server.url + "/2/tweets", {"text": "hello"}, signed(server, "/2/tweets"))

    assert [post.id for post in server.posts] == [answer["data"]["id"]]


def test_a_request_signed_for_another_address_is_refused(server: XServer) -> None:
    for_elsewhere = signed(server, "/2/elsewhere")

    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        call(server.url + "/2/tweets", {"text": "hello"}, for_elsewhere)
    refused.value.close()
    assert server.posts == []
    assert [seen.user for seen in server.requests] == [None]


def test_an_identical_text_is_refused_until_that_is_switched_off(server: XServer) -> None:
    assert [status(server, {"text": "twice"}) for _ in range(2)] == [200, 403]
    call(server.url + "/_control/options", {"duplicates_refused": False})
    assert status(server, {"text": "twice"}) == 200
    assert server.texts == ["twice", "twice"]


@pytest.mark.parametrize("body", [{}, [], {"text": ""}, {"text": 1}, {"text": "a", "nonce": 1}])
def test_what_x_would_not_read_is_refused(server: XServer, body: object) -> None:
    assert status(server, body) == 400


def test_ids_only_grow(server: XServer) -> None:
    for number in range(50):
        status(server, {"text": f"post {number}"})

    ids = [int(post.id) for post in server.posts]
    assert ids == sorted(set(ids))


def test_what_was_written_outlives_the_client_that_wrote_it(server: XServer) -> None:
    server.plan.add(fault("reset-written"))
    with pytest.raises(OSError, match="reset"):
        call(server.url + "/2/tweets", {"text": "there"}, signed(server, "/2/tweets"))

    [post] = call(server.url + "/_control/posts")
    [seen] = call(server.url + "/_control/requests")
    assert (post["text"], seen["text"], seen["written"]) == ("there", "there", post["id"])


def test_several_requests_go_over_one_connection(server: XServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/_control/state")
        state = json.load(connection.getresponse())
    connection.close()

    assert state == {"posts": 0, "requests": 0, "faults_left": 0, "open": 1}


def test_a_post_can_be_slow_to_show_up(server: XServer) -> None:
    status(server, {"text": "late"})
    path = f"/2/users/{server.user.id}/tweets"

    def shown() -> int:
        answer = call(server.url + path, headers=signed(server, path, "GET"))
        return int(answer["meta"]["result_count"])

    assert shown() == 1
    call(server.url + "/_control/options", {"lag": 60})
    assert shown() == 0


def test_listed_faults_happen_once_in_order_and_only_where_they_belong() -> None:
    plan = FaultPlan()
    plan.add(fault("503"), fault({"name": "429", "times": 2}), fault({"status": 418, "on": "GET"}))

    drawn = [plan.next("POST", "/2/tweets") for _ in range(4)]
    assert [each.status if each else None for each in drawn] == [503, 429, 429, None]
    assert (plan.left, plan.next("GET", "/2/users/me")) == (1, Fault(status=418, on="GET"))


def test_a_mix_is_the_same_for_the_same_seed_and_keeps_its_shares() -> None:
    def draws(seed: int) -> list[Fault | None]:
        plan = FaultPlan()
        plan.mix({"503": 0.1, "reset-written": 0.2}, seed=seed)
        return [plan.next("POST", "/2/tweets") for _ in range(2000)]

    first = draws(1)
    assert first == draws(1)
    assert first != draws(2)
    assert 150 < first.count(FAULTS["503"]) < 250
    assert 320 < first.count(FAULTS["reset-written"]) < 480
    assert len(first) == 2000 > first.count(None) > 1300


def test_a_process_of_its_own_is_controlled_over_http() -> None:
    command = [sys.executable, "-m", "tests.support.x_server", "--accounts", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        url = told["url"]
        state = call(
            f"{url}/_control/faults", {"faults": ["503", {"status": 418}], "mix": {"429": 0.5}}
        )
        assert (len(told["users"]), state["faults_left"]) == (2, 2)
        assert call(f"{url}/_control/faults", {"clear": True})["faults_left"] == 0
        assert call(f"{url}/_control/reset", {})["posts"] == 0
        process.terminate()
        assert process.wait(10) == 0


def test_under_a_mix_of_faults_no_answer_of_a_publisher_is_untrue(server: XServer) -> None:
    names = [name for name in FAULTS if "hang" not in name and name not in {"slow", "duplicate"}]
    server.plan.mix(dict.fromkeys(names, 0.7 / len(names)), seed=7)
    parcels = [parcel() for _ in range(1500)]

    async def run() -> list[Answer]:
        publisher = x_publisher(server, timeout=20, connect_timeout=20)
        outcomes = await asyncio.gather(*(publisher.publish(each, passes) for each in parcels))
        await publisher.close()
        return [outcome.answer for outcome in outcomes]

    answers = dict(zip((each.text for each in parcels), asyncio.run(run()), strict=True))
    written = set(server.texts)
    assert {text for text, answer in answers.items() if answer is Answer.SENT} <= written
    assert written.isdisjoint(t for t, answer in answers.items() if answer is Answer.NOT_SENT)
    assert set(answers.values()) == set(Answer)
    left = [seen.text for seen in server.requests]
    assert len(left) == len(set(left))
