"""Claiming is inserting; every change of state is a compare-and-swap; a remote id settles."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.core.planning import Key
from bot.core.states import Cause, State
from bot.store import log, posts
from bot.store.claims import Claim, Settlement
from bot.store.session import Store
from tests.support.builders import utc

NOW = utc("2021-06-02 08:00")
LEASE = timedelta(minutes=2)
X = "x:api.x.com:1"


FACTS = {
    "starts": "2021-06-09",
    "ends": None,
    "status": "confirmed",
    "url": "",
    "recording_url": "",
}


def claim_of(event="talk", *, channel=X, text="Next week: CANDAL", reference="2021-06-09"):
    return Claim(
        key=Key(event, "week-before", channel, reference),
        template="reminder",
        due=NOW,
        deadline=NOW + timedelta(hours=12),
        true_until=NOW + timedelta(hours=12),
        event_revision=1,
        text=text,
        idempotency_key=f"key of {event}",
        facts=((event, FACTS),),
    )


def claimed(store, *claims, worker="a", now=NOW):
    with store.writing() as connection:
        return log.claim(connection, claims, worker=worker, now=now, until=now + LEASE)


def settle(store, held, cause, **fields):
    fields.setdefault("ended", NOW + timedelta(seconds=1))
    with store.writing() as connection:
        log.settle(
            connection,
            [
                Settlement(
                    post_id=held.post_id,
                    tries=held.tries,
                    cause=cause,
                    phase="post",
                    outcome="o",
                    **fields,
                )
            ],
        )


def rows(store):
    with store.reading() as connection:
        return {row.key.event: row for row in posts.all_posts(connection)}


def test_whoever_inserted_a_key_owns_it(store):
    [held] = claimed(store, claim_of(), worker="a")
    assert claimed(store, claim_of(), worker="b") == []
    row = rows(store)["talk"]
    assert (row.state, row.worker, row.tries) == (State.SENDING, "a", 1)
    assert (held.post_id, held.tries) == (row.id, 1)


def test_the_bytes_of_the_try_and_its_deadline_are_in_the_row_before_it_is_sent(store):
    claimed(store, claim_of(text="exactly this"))
    row = rows(store)["talk"]
    assert (row.text, row.idempotency_key, row.deadline, row.lease_until) == (
        "exactly this",
        "key of talk",
        NOW + timedelta(hours=12),
        NOW + LEASE,
    )


def test_the_same_event_on_another_channel_or_date_is_another_post(store):
    held = claimed(store, claim_of(), claim_of(channel="y"), claim_of(reference="2021-06-16"))
    assert len(held) == 3


def test_of_a_batch_only_what_was_not_there_is_ours(store):
    claimed(store, claim_of("b"))
    held = claimed(store, *(claim_of(name) for name in "abc"), worker="b")
    assert [one.claim.key.event for one in held] == ["a", "c"]


def test_many_workers_that_claim_the_same_posts_share_them_without_a_pair(tmp_path, store):
    names = [f"e{number}" for number in range(40)]

    def work(worker: str) -> list[str]:
        mine = Store(store.url)
        taken = []
        for start in range(0, 40, 4):
            batch = [claim_of(name) for name in names[start : start + 8]]
            taken += [one.claim.key.event for one in claimed(mine, *batch, worker=worker)]
        mine.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [name for found in pool.map(work, "abcd") for name in found]
    assert sorted(taken) == sorted(names)


def test_a_sent_post_keeps_what_the_platform_said(store):
    [held] = claimed(store, claim_of())
    settle(store, held, Cause.SETTLED, remote_id="99", remote_url="https://x.com/i/web/status/99")
    row = rows(store)["talk"]
    assert (row.state, row.remote_id, row.remote_url, row.sent_at, row.lease_until) == (
        State.SENT,
        "99",
        "https://x.com/i/web/status/99",
        NOW + timedelta(seconds=1),
        None,
    )


@pytest.mark.parametrize("first", [Cause.UNCLEAR, Cause.REFUSED, Cause.GIVEN_UP])
def test_a_remote_id_settles_any_row_that_is_not_sent_whatever_its_try(store, first):
    [held] = claimed(store, claim_of())
    settle(store, held, first)
    settle(store, held, Cause.SETTLED, remote_id="99")
    assert rows(store)["talk"].state is State.SENT


@pytest.mark.parametrize("late", [Cause.UNCLEAR, Cause.REFUSED, Cause.GIVEN_UP])
def test_nothing_leads_away_from_sent(store, late):
    [held] = claimed(store, claim_of())
    settle(store, held, Cause.SETTLED, remote_id="99")
    settle(store, held, late, reason="late")
    assert (rows(store)["talk"].state, rows(store)["talk"].reason) == (State.SENT, "")


def test_a_second_remote_id_does_not_replace_the_first(store):
    [held] = claimed(store, claim_of())
    settle(store, held, Cause.SETTLED, remote_id="99")
    settle(store, held, Cause.SETTLED, remote_id="100")
    assert rows(store)["talk"].remote_id == "99"


def test_an_answer_to_an_earlier_try_does_not_change_a_later_one(store):
    [first] = claimed(store, claim_of())
    settle(store, first, Cause.REFUSED)
    with store.writing() as connection:
        again = [(rows(store)["talk"], claim_of(text="anew"))]
        [second] = log.claim_again(connection, again, worker="b", now=NOW, until=NOW + LEASE)
    settle(store, first, Cause.UNCLEAR, reason="late")
    row = rows(store)["talk"]
    assert (row.state, row.tries, row.text, row.worker) == (State.SENDING, 2, "anew", "b")
    assert second.tries == 2


def test_a_row_is_taken_again_by_one_worker_only(store):
    [first] = claimed(store, claim_of())
    settle(store, first, Cause.REFUSED)
    row = rows(store)["talk"]
    taken = []
    for worker in "ab":
        with store.writing() as connection:
            again = [(row, claim_of())]
            taken += log.claim_again(connection, again, worker=worker, now=NOW, until=NOW + LEASE)
    assert len(taken) == 1


def test_one_remote_id_never_stands_for_two_posts(store):
    first, second, third = claimed(store, *(claim_of(name) for name in "abc"))
    with store.writing() as connection:
        log.settle(
            connection,
            [
                Settlement(
                    post_id=one.post_id,
                    tries=1,
                    cause=Cause.SETTLED,
                    phase="post",
                    outcome="sent",
                    ended=NOW,
                    remote_id=remote,
                )
                for one, remote in ((first, "7"), (second, "7"), (third, "8"))
            ],
        )
    found = rows(store)
    assert [found[name].state for name in "abc"] == [State.SENT, State.UNKNOWN, State.SENT]
    assert found["b"].needs_person
    assert "id of another post (7)" in found["b"].reason


def test_a_claim_whose_lease_ran_out_is_unknown_and_looked_for(store):
    claimed(store, claim_of())
    wait = timedelta(seconds=60)
    with store.writing() as connection:
        assert log.expire(connection, X, NOW + LEASE - timedelta(seconds=1), wait, LEASE) == 0
        assert log.expire(connection, X, NOW + LEASE, wait, LEASE) == 1
    row = rows(store)["talk"]
    assert (row.state, row.reason) == (
        State.UNKNOWN,
        "the worker stopped before it heard the answer",
    )
    assert row.next_try_at == NOW + LEASE


def test_what_is_dropped_is_written_once_and_never_over_a_post(store):
    claimed(store, claim_of("a"))
    with store.writing() as connection:
        dropped = log.drop(
            connection, [(claim_of("a"), "missed"), (claim_of("b"), "missed")], now=NOW
        )
    assert [key.event for key in dropped] == ["b"]
    assert {name: row.state for name, row in rows(store).items()} == {
        "a": State.SENDING,
        "b": State.DROPPED,
    }


def test_an_adopted_post_counts_as_sent_and_is_never_claimed(store):
    with store.writing() as connection:
        assert log.adopt(connection, claim_of(), remote_id="5", remote_url=None, at=NOW)
        assert not log.adopt(connection, claim_of(), remote_id="6", remote_url=None, at=NOW)
    assert claimed(store, claim_of()) == []
    assert rows(store)["talk"].remote_id == "5"


def test_every_try_leaves_its_trace_and_the_facts_it_told(store):
    [held] = claimed(store, claim_of())
    settle(store, held, Cause.REFUSED, reason="rate limit", http_status=429)
    with store.writing() as connection:
        row = posts.of_keys(connection, [claim_of().key])[claim_of().key]
        log.claim_again(connection, [(row, claim_of())], worker="a", now=NOW, until=NOW + LEASE)
    settle(store, held, Cause.SETTLED, remote_id="1")
    with store.reading() as connection:
        tries = posts.tries_of(connection, held.post_id)
        told = posts.told_facts(connection, held.post_id)
    assert [(one.http_status, one.error, one.remote_id) for one in tries] == [
        (429, "rate limit", None),
        (None, "", "1"),
    ]
    assert [(fact["event"], fact["starts"]) for fact in told] == [("talk", "2021-06-09")]


def test_a_writing_transaction_that_raises_changes_nothing(store):
    class Stop(Exception):  # noqa: N818
        pass

    with pytest.raises(Stop), store.writing() as connection:
        log.claim(connection, [claim_of()], worker="a", now=NOW, until=NOW + LEASE)
        raise Stop
    assert rows(store) == {}
