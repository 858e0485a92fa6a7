"""What platforms tell about an account, read."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.platforms import bluesky_standing, mastodon_standing, x_standing
from bot.platforms.base import Remark, Verdict
from bot.platforms.clock import clock
from bot.platforms.http import Reply

NOW = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)
DATED = {"Date": format_datetime(NOW, usegmt=True)}


def reply(value: object, status: int = 200, *, level: str = "") -> Reply:
    headers = {**DATED, **({"x-access-level": level} if level else {})}
    return Reply(status=status, headers=headers, body=json.dumps(value).encode())


def said(remarks: Sequence[Remark], verdict: Verdict) -> str:
    return "\n".join(one.said for one in remarks if one.verdict is verdict)


@pytest.mark.parametrize(
    ("level", "verdict", "words"),
    [
        ("read-write", Verdict.FINE, "its secrets may post"),
        ("read-write-directmessages", Verdict.FINE, "its secrets may post"),
        ("read", Verdict.WRONG, "its secrets may only read"),
        ("", Verdict.FINE, "X did not say whether its secrets may post"),
    ],
)
def test_x_says_whether_the_secrets_may_post(level: str, verdict: Verdict, words: str) -> None:
    remarks = x_standing.remarks(reply({}, level=level), NOW)

    assert words in said(remarks, verdict)


def mastodon(scopes: object = None, **account: object) -> Sequence[Remark]:
    app = None if scopes is None else reply({"name": "Bot", "scopes": scopes})
    return mastodon_standing.remarks("social.example", reply(account), app, NOW)


@pytest.mark.parametrize(
    ("scopes", "lacking"),
    [
        (["read", "write"], ""),
        (["read", "write:statuses", "write:media"], ""),
        (["read:accounts", "read:statuses", "write"], ""),
        (["read"], "its token may not write:statuses, write:media"),
        (["read", "write:statuses"], "its token may not write:media"),
        (["profile"], "its token may not read:accounts, read:statuses, write:statuses"),
    ],
)
def test_mastodon_says_what_a_token_may_do(scopes: list[str], lacking: str) -> None:
    wrong = said(mastodon(scopes), Verdict.WRONG)

    assert wrong.startswith(lacking)
    assert bool(wrong) is bool(lacking)


def test_a_server_that_does_not_tell_is_not_taken_to_say_no() -> None:
    for remarks in (mastodon(None), mastodon([]), mastodon("read")):
        assert said(remarks, Verdict.WRONG) == ""
        assert "does not tell what its token may do" in said(remarks, Verdict.FINE)


def test_an_account_that_does_not_call_itself_a_bot_gets_a_hint() -> None:
    assert "tick" in said(mastodon(["read", "write"], bot=False), Verdict.HINT)
    assert said(mastodon(["read", "write"], bot=True), Verdict.HINT) == ""


def token(scope: str) -> str:
    payload = urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    return f"eyJ.{payload}.signature"


def test_bluesky_tells_an_app_password_from_the_account_s_own() -> None:
    own = bluesky_standing.remarks(token("com.atproto.access"), None, NOW)
    app = bluesky_standing.remarks(token("com.atproto.appPass"), None, NOW)

    assert "make an app password" in said(own, Verdict.HINT)
    assert "it logs in with an app password" in said(app, Verdict.FINE)


@pytest.mark.parametrize("broken", ["", "a.b.c", "a", "e30.bnVsbA.x", "ü.ü.ü"])
def test_a_token_that_is_none_says_nothing(broken: str) -> None:
    assert "app password" in said(bluesky_standing.remarks(broken, None, NOW), Verdict.FINE)


def test_a_bluesky_profile_has_its_label_or_a_hint() -> None:
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]}
    profile = reply({"value": {"displayName": "Midlands", "labels": labels}})
    bare = reply({"value": {"displayName": "Midlands"}})
    none = reply({"error": "RecordNotFound"}, status=400)

    assert "it says that it is automated" in said(
        bluesky_standing.remarks(token("com.atproto.appPass"), profile, NOW), Verdict.FINE
    )
    for other in (bare, none, None):
        hints = said(
            bluesky_standing.remarks(token("com.atproto.appPass"), other, NOW), Verdict.HINT
        )
        assert "docs/accounts.md" in hints


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (0, Verdict.FINE, "agrees with X's"),
        (4, Verdict.FINE, "agrees with X's"),
        (-4, Verdict.FINE, "agrees with X's"),
        (30, Verdict.HINT, "30 s ahead of X's"),
        (-30, Verdict.HINT, "30 s behind X's"),
        (300, Verdict.WRONG, "300 s ahead of X's"),
    ],
)
def test_a_clock_that_is_off_is_said_to_be(ahead: int, verdict: Verdict, words: str) -> None:
    remark = clock("X", DATED, NOW + timedelta(seconds=ahead))

    assert remark is not None
    assert remark.verdict is verdict
    assert words in remark.said


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}])
def test_without_a_date_nothing_is_said_of_the_clock(headers: dict[str, str]) -> None:
    assert clock("X", headers, NOW) is None
