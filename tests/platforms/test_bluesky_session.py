"""A session outlives the publisher that made it, and is worth nothing to others."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.platforms import bluesky_session
from bot.platforms.base import Answer, Phase, RefusedError, Trouble
from bot.platforms.seal import Seal
from tests.platforms.test_bluesky import LOGIN, PUT, REFRESH, failing, used
from tests.support.pds import Pds
from tests.support.publishers import bluesky_publisher, parcel, passes
from tests.support.relay import Relay
from tests.support.wire import Ending
from tests.support.x_faults import Fault


@pytest.fixture
def server(pds: Pds) -> Iterator[Relay]:
    with Relay(pds.url) as relay:
        yield relay


class Start:
    """One start of a worker: a publisher that goes on with what the last one kept."""

    def __init__(self, pds: Pds, server: Relay, session: str | None = None, **others) -> None:
        self.kept: list[str] = []
        self._made = {"url": server.url, "session": session, "keep": self.kept.append, **others}
        self._pds = pds

    def posts(self):
        publisher = bluesky_publisher(self._pds, **self._made)
        outcome = used(publisher, lambda it: it.publish(parcel(), passes))
        self.said = outcome.error
        return outcome.answer

    def meets(self):
        return used(bluesky_publisher(self._pds, **self._made), lambda it: it.account()).id


def logins(server: Relay) -> tuple[int, int]:
    """How many sessions were made, and how many renewed."""
    return len(server.of(LOGIN)), len(server.of(REFRESH))


def first(pds: Pds, server: Relay) -> str:
    """What the first start keeps."""
    start = Start(pds, server)
    assert start.posts() is Answer.SENT
    assert logins(server) == (1, 0)
    [sealed] = start.kept
    return sealed


def test_the_next_starts_renew_what_was_kept_and_do_not_log_in(pds, server):
    sealed = first(pds, server)
    for number in range(1, 4):
        start = Start(pds, server, sealed)
        assert start.meets() == pds.did
        assert start.posts() is Answer.SENT
        assert logins(server) == (1, 2 * number)
        sealed = start.kept[-1]
    assert len(pds.texts()) == 4


def test_two_workers_may_go_on_with_the_same(pds, server):
    sealed = first(pds, server)

    async def both() -> list[Answer]:
        made = [bluesky_publisher(pds, url=server.url, session=sealed) for _ in range(2)]
        outcomes = await asyncio.gather(*[one.publish(parcel(), passes) for one in made])
        await asyncio.gather(*[one.close() for one in made])
        return [one.answer for one in outcomes]

    assert asyncio.run(both()) == [Answer.SENT, Answer.SENT]
    assert logins(server) == (1, 2)


@pytest.mark.parametrize("session", ["", "damaged", "ünlesbar"])
def test_what_does_not_open_is_one_login(pds, server, session):
    start = Start(pds, server, session)
    assert start.posts() is Answer.SENT
    assert logins(server) == (1, 0)
    assert len(start.kept) == 1


def test_what_another_password_closed_is_one_login(pds, server):
    other = Seal("the-old-password", pds.handle, server.url.removeprefix("http://"))
    assert Start(pds, server, other.closed("token")).posts() is Answer.SENT
    assert logins(server) == (1, 0)


def test_a_token_the_server_does_not_take_any_more_is_one_login(pds, server):
    own = Seal(pds.password, pds.handle, server.url.removeprefix("http://"))
    start = Start(pds, server, own.closed("of-long-ago"))
    assert start.posts() is Answer.SENT
    assert logins(server) == (1, 1)
    assert len(start.kept) == 1
    assert Start(pds, server, start.kept[0]).posts() is Answer.SENT
    assert logins(server) == (1, 2)


UNTOLD = {
    "nothing": Fault(ending=Ending.CLOSE, on=f"POST {REFRESH}"),
    "nothing, though it was renewed": Fault(
        ending=Ending.CLOSE, written=True, on=f"POST {REFRESH}"
    ),
    "cut": Fault(ending=Ending.TRUNCATE, written=True, on=f"POST {REFRESH}"),
    "500": failing(500, on=REFRESH),
    "429": failing(429, "RateLimitExceeded", on=REFRESH),
}


@pytest.mark.parametrize("planned", UNTOLD.values(), ids=UNTOLD.keys())
def test_a_renewal_without_an_answer_keeps_the_session_and_is_tried_again(pds, server, planned):
    sealed = first(pds, server)
    server.plan.add(planned)

    async def run(publisher) -> list[Answer]:
        tries = [await publisher.publish(parcel(), passes) for _ in range(2)]
        assert (tries[0].phase, tries[0].trouble) == (Phase.AUTH, Trouble.PASSING)
        return [one.answer for one in tries]

    publisher = bluesky_publisher(pds, url=server.url, session=sealed)
    assert used(publisher, run) == [Answer.NOT_SENT, Answer.SENT]
    assert logins(server) == (1, 2)
    assert len(server.of(PUT)) == 2


def test_an_account_that_was_closed_is_not_logged_in_anew(pds, server):
    sealed = first(pds, server)
    server.plan.add(failing(401, "AccountTakedown", on=REFRESH))
    with pytest.raises(RefusedError) as caught:
        Start(pds, server, sealed).meets()
    assert caught.value.outcome.trouble is Trouble.ACCOUNT
    assert logins(server) == (1, 1)


def test_every_renewal_is_kept(pds, server):
    server.plan.add(failing(400, "ExpiredToken"))
    start = Start(pds, server)

    async def run(publisher) -> None:
        for _ in range(3):
            await publisher.publish(parcel(), passes)

    used(bluesky_publisher(pds, url=server.url, keep=start.kept.append), run)
    assert logins(server) == (1, 1)
    assert len(start.kept) == 2
    assert Start(pds, server, start.kept[-1]).posts() is Answer.SENT
    assert logins(server) == (1, 2)


def test_without_anybody_who_keeps_it_a_start_logs_in(pds, server):
    for _ in range(2):
        used(bluesky_publisher(pds, url=server.url), lambda it: it.account())
    assert logins(server) == (2, 0)


def test_an_answer_that_repeats_the_token_is_not_repeated(pds, server):
    sealed = first(pds, server)
    own = Seal(pds.password, pds.handle, server.url.removeprefix("http://"))
    token = own.opened(sealed)
    assert token is not None
    body = f'{{"error": "Odd", "message": "not {token} again"}}'
    server.plan.add(Fault(status=500, body=body, on=f"POST {REFRESH}"))
    start = Start(pds, server, sealed)
    assert start.posts() is Answer.NOT_SENT
    assert "not … again" in start.said
    assert token not in start.said


def test_a_session_is_refreshed_well_before_it_ends():
    assert bluesky_session.AGE <= 120 * 60 / 2
