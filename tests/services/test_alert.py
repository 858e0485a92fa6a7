"""People are told of each thing once, with what to do, and when it is over."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.platforms.base import Answer, Outcome, Trouble
from bot.services.alert import Message, gather, heartbeat, heartbeat_is_due, note, send
from tests.support.builders import event, utc
from tests.support.stage import answers, vanished

DUE = utc("2021-06-08 11:00")


@pytest.fixture
def stage(staged):
    one = staged()
    one.add(event("2021-06-09 11:00", uid="talk"))
    return one


def told(stage, files=None, worker=""):
    now = stage.clock.now()
    message = gather(stage.store, now, files or {}, worker=worker)
    if message is None:
        return None
    note(stage.store, message, now)
    return message.body


def test_nothing_is_told_while_all_is_well(stage):
    stage.run(stage.delivery(), DUE)
    assert told(stage) is None


def test_a_post_that_needs_a_person_is_told_once_with_what_to_do(stage):
    stage.platform.script = [vanished] * 10_000
    stage.run(stage.delivery(), utc("2021-06-09 12:00"))
    body = told(stage)
    assert "Nobody knows whether this was posted: day-before of talk on x" in body
    assert "bot posts resolve talk/day-before/x/2021-06-09 sent --url URL, or not-sent" in body
    assert told(stage) is None


def test_a_missed_post_is_told_once_and_never_cleared(stage):
    stage.lease = timedelta(minutes=2)
    stage.run(stage.delivery(worker="a"))
    stage.clock.advance_to(utc("2021-06-09 12:00"))
    stage.run(stage.delivery(worker="b"))
    assert "Not sent: day-before of talk on x. missed" in told(stage)
    stage.clock.advance_to(utc("2021-07-09 12:00"))
    assert told(stage) is None


def test_a_paused_channel_is_told_and_then_that_it_is_well_again(stage):
    refused = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.ACCOUNT, error="401 Unauthorized")
    stage.platform.script = [answers(refused)]
    delivery = stage.delivery()
    stage.run(delivery, DUE)
    assert "Channel 'x' is paused: 401 Unauthorized" in told(stage)
    stage.run(delivery, DUE + timedelta(minutes=2))
    assert told(stage) == "- No longer so: Channel 'x' is paused."


def test_broken_files_are_told_and_cleared_and_told_again(stage):
    broken = {"files": "The edited files are broken: schedules.yaml:3:1"}
    assert told(stage, broken) == "- The edited files are broken: schedules.yaml:3:1"
    assert told(stage, broken) is None
    assert told(stage) == "- No longer so: The edited files are broken."
    assert told(stage, broken) == "- The edited files are broken: schedules.yaml:3:1"


def test_what_could_not_be_told_is_told_later(stage):
    broken = {"files": "broken"}
    now = stage.clock.now()
    assert gather(stage.store, now, broken) == gather(stage.store, now, broken)


def test_the_heartbeat_comes_once_a_week(stage):
    assert not heartbeat_is_due(stage.store, stage.clock.now())
    stage.run(stage.delivery(), DUE)
    assert heartbeat_is_due(stage.store, DUE)
    assert heartbeat(stage.store, DUE, "Thursday 09:00") == Message(
        title="The announcement bot is well", body="1 sent, next Thursday 09:00"
    )
    assert not heartbeat_is_due(stage.store, DUE + timedelta(days=6))
    assert heartbeat_is_due(stage.store, DUE + timedelta(days=7))


def test_what_one_worker_alone_can_see_is_not_over_for_another(stage):
    broken = {"files": "The edited files are broken"}
    assert "broken" in told(stage, broken, worker="a")
    for _ in range(3):
        stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
        assert told(stage, worker="b") is None
        assert told(stage, broken, worker="a") is None
    assert "No longer so" in told(stage, worker="a")


def test_the_trouble_of_a_worker_that_is_gone_is_over_after_a_while(stage):
    told(stage, {"files": "The edited files are broken"}, worker="a")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=3))
    assert "No longer so" in told(stage, worker="b")


def test_a_message_reaches_people_through_a_real_address():
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            received.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        alive = f"json://127.0.0.1:{server.server_port}/"
        urls = f"{alive} json://127.0.0.1:1/ {alive}"
        sent = send(urls, Message(title="T", body="B"))
        server.shutdown()
    assert sent  # by one of them: the others do not have it repeated
    assert [(one["title"], one["message"]) for one in received] == [("T", "B"), ("T", "B")]


@pytest.mark.parametrize("urls", ["json://127.0.0.1:1/", "nonsense", "json://["])
def test_an_address_that_cannot_be_reached_disturbs_nobody(urls):
    assert not send(urls, Message(title="T", body="B"))
