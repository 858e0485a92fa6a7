import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.planning import Key
from bot.core.states import Cause
from bot.store import channels, log, schema
from bot.store.claims import Claim, Settlement
from bot.store.session import Store
from tests.support.builders import utc
from tests.support.cli import bot

NOW = utc("2021-06-08 11:00")
ACCOUNT = "x:api.x.com:1"
CANDAL = "2021-06-09-candal-seminar-series-2021"
DEMENTIA = "2021-06-09-centre-for-dementia-seminar-series"
SENT = f"{CANDAL}/day-before/x/2021-06-09"
UNKNOWN = f"{DEMENTIA}/day-before/x/2021-06-09"
TOLD = {
    "starts": "2021-06-09",
    "ends": None,
    "status": "confirmed",
    "url": "",
    "recording_url": "",
    "location": "",
}

pytestmark = pytest.mark.usefixtures("logged")


@pytest.fixture
def logged(folder: Path, late_may: None):
    """A bound channel, a post that was sent and one nobody knows about."""
    store = Store(f"sqlite:///{folder / 'bot.db'}")
    schema.check(store)
    with store.writing() as connection:
        channels.bind(
            connection,
            nickname="x",
            account=ACCOUNT,
            platform="x",
            host="api.x.com",
            account_id="1",
            handle="midlands",
            now=NOW,
        )
        claims = [_claim(CANDAL, "=Tomorrow"), _claim(DEMENTIA, "Tomorrow: Dementia")]
        until = NOW + timedelta(minutes=2)
        held = log.claim(connection, claims, worker="w", now=NOW, until=until)
        for one in held:
            log.settle(connection, [_settled(one)])
    store.close()


def _claim(event, text):
    return Claim(
        key=Key(event, "day-before", ACCOUNT, "2021-06-09"),
        template="reminder",
        due=NOW,
        deadline=NOW + timedelta(hours=12),
        true_until=NOW + timedelta(hours=12),
        event_revision=1,
        text=text,
        idempotency_key=event,
        facts=((event, TOLD),),
    )


def _settled(held):
    sent = held.claim.key.event == CANDAL
    return Settlement(
        post_id=held.post_id,
        tries=held.tries,
        cause=Cause.SETTLED if sent else Cause.UNCLEAR,
        phase="post",
        outcome="sent" if sent else "unknown",
        started=NOW,
        ended=NOW + timedelta(seconds=1),
        http_status=201 if sent else 503,
        remote_id="77" if sent else None,
        remote_url="https://x.com/i/web/status/77" if sent else None,
        reason="" if sent else "X answered HTTP 503",
        needs_person=not sent,
    )


def rows():
    return {row["key"]: row for row in json.loads(bot("posts", "list", "--json").out)}


def test_the_log_in_json():
    row = rows()[SENT]
    assert {name: row[name] for name in row if name not in ("id", "account", "needs_person")} == {
        "key": SENT,
        "event": CANDAL,
        "post": "day-before",
        "channel": "x",
        "state": "sent",
        "reason": "",
        "due": "2021-06-08T12:00:00+01:00",
        "sent_at": "2021-06-08T12:00:01+01:00",
        "attempts": 1,
        "text": "=Tomorrow",
        "remote_id": "77",
        "remote_url": "https://x.com/i/web/status/77",
    }


def test_the_log_as_a_table():
    lines = bot("posts", "list").out.splitlines()
    assert lines[1].split()[:6] == ["2021-06-08", "12:00", "BST", "sent", CANDAL, "day-before"]
    assert lines[2].endswith("X answered HTTP 503")


def test_only_one_state_or_what_needs_a_person():
    assert SENT not in bot("posts", "list", "--state", "unknown", "--json").out
    assert [
        row["key"] for row in json.loads(bot("posts", "list", "--needs-person", "--json").out)
    ] == [UNKNOWN]


def test_one_post_with_every_try():
    shown = json.loads(bot("posts", "show", SENT, "--json").out)
    [one] = shown["tries"]
    assert (one["phase"], one["http_status"], one["remote_id"]) == ("post", 201, "77")
    assert shown["told"] == [{"event": CANDAL, **TOLD}]
    assert "remote_url: https://x.com/i/web/status/77" in bot("posts", "show", SENT).out


def test_no_cell_of_an_exported_log_is_a_formula():
    exported = list(csv.DictReader(io.StringIO(bot("posts", "export").out)))
    assert [row["text"] for row in exported] == ["'=Tomorrow", "Tomorrow: Dementia"]


def test_the_plan_shows_what_the_log_has():
    found = {one["key"]: one for one in json.loads(bot("plan", "--json").out)}
    assert (found[SENT]["state"], found[SENT]["text"]) == ("sent", "=Tomorrow")
    assert (found[UNKNOWN]["state"], found[UNKNOWN]["reason"]) == ("unknown", "X answered HTTP 503")


def test_an_unclear_post_is_resolved_by_a_person():
    result = bot("posts", "resolve", UNKNOWN, "sent", "--url", "https://x.com/midlands/status/78")
    assert (result.code, result.out) == (0, f"{UNKNOWN} is sent.\n")
    row = rows()[UNKNOWN]
    assert (row["state"], row["remote_id"], row["needs_person"]) == ("sent", "78", False)
    assert "resolve" in bot("posts", "show", UNKNOWN).out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["resolve", UNKNOWN, "maybe"], 2, "say sent or not-sent"),
        (["resolve", UNKNOWN, "sent"], 2, "say where it is: --url https://…"),
        (["resolve", SENT, "not-sent"], 1, "only an unknown post can be resolved as not sent"),
        (["hold", SENT], 1, f"bot: {SENT} is sent already\n"),
        (["retry", SENT], 1, "only a post that was dropped can be retried"),
    ],
)
def test_what_cannot_be_decided_is_said(arguments, code, said):
    before = rows()
    result = bot("posts", *arguments)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert rows() == before


def test_the_channels_and_their_accounts():
    [row] = json.loads(bot("channels", "list", "--json").out)
    assert (row["channel"], row["platform"], row["account"], row["handle"]) == (
        *("x", "x", ACCOUNT, "midlands"),
    )
    assert ACCOUNT in bot("channels", "list").out


def test_a_channel_is_bound_anew_when_a_person_says_so():
    assert bot("channels", "rebind", "xx").err == (
        "bot: no channel 'xx' is bound (did you mean 'x'?)\n"
    )
    result = bot("channels", "rebind", "x")
    assert result.out.startswith("Channel 'x' is bound anew")
    [row] = json.loads(bot("channels", "list", "--json").out)
    assert row["channel"] == ""


def test_a_key_that_nothing_has_is_refused_with_the_nearest():
    key = "2021-06-09-candal-seminar-series-2021/week-befor/x/2021-06-09"
    result = bot("posts", "hold", key)
    assert result.code == 1
    assert "is neither planned nor in the log (did you mean '2021-06-09-candal" in result.err
