"""What was said of posts and asked about them, on both databases."""

from datetime import timedelta

from bot.core.consent import Word
from bot.core.model import Status
from bot.store import decisions, events, meta, tellings
from bot.store.decisions import Action, Decision
from bot.store.events import Author
from tests.support.builders import event, utc

NOW = utc("2021-06-02 08:00")
HOUR = timedelta(hours=1)
KEY = "talk/day-before/x/2021-06-09"


def says(store, action, hours=0, key=KEY, **fields):
    one = Decision(key=key, action=action, who="ana", at=NOW + hours * HOUR, **fields)
    with store.writing() as connection:
        decisions.record(connection, one)


def asks(store, hours=0, until=10, **fields):
    says(store, Action.ASK, hours, until=NOW + until * HOUR, note="Well?", **fields)


def words(store):
    with store.reading() as connection:
        return decisions.words(connection)[KEY]


def open_questions(store, hours):
    with store.reading() as connection:
        found = decisions.questions(connection, NOW + hours * HOUR)
    return [(one.note, one.text_digest, one.until) for one in found]


def test_the_newest_answer_counts_beside_what_was_asked(store):
    says(store, Action.APPROVE, text_digest="a")
    says(store, Action.ASKED, 1, text_digest="b")
    says(store, Action.HOLD, 2)
    says(store, Action.RETRY, 3)
    found = words(store)
    assert (found.approved, found.skipped) == (None, None)
    assert found.held == Word(NOW + 2 * HOUR, "ana", "")
    assert found.asked == Word(NOW + HOUR, "ana", "b")
    says(store, Action.APPROVE, 4, text_digest="c")
    assert (words(store).held, words(store).answer.digest) == (None, "c")


def test_a_question_is_open_until_it_is_answered_or_too_late(store):
    says(store, Action.APPROVE)
    asks(store, 1, text_digest="a")
    asks(store, 2, text_digest="b")
    says(store, Action.ASKED, 3)
    assert open_questions(store, 4) == [("Well?", "b", NOW + 10 * HOUR)]
    assert open_questions(store, 10) == []
    says(store, Action.SKIP, 5)
    assert open_questions(store, 6) == []


def test_that_a_question_was_heard_is_bound_to_what_was_asked(store):
    asks(store, text_digest="a")
    with store.writing() as connection:
        decisions.asked(connection, decisions.questions(connection, NOW), NOW + HOUR)
    assert words(store).asked == Word(NOW + HOUR, decisions.BOT, "a")


def test_only_dates_status_and_vanishing_restate_an_event(store):
    def author(connection, hours):
        return Author(who="t", at=NOW + hours * HOUR, revision=meta.bump(connection))

    with store.writing() as connection:
        for uid in ("talk", "other"):
            one = event("2021-06-09 11:00", "2021-06-09 12:00", uid=uid)
            events.add(connection, one, author(connection, 0))
        starts = utc("2021-06-09 09:00")
        events.change(connection, "talk", {"title": "Other"}, author(connection, 1))
        events.change(connection, "talk", {"starts": starts, "ends": None}, author(connection, 2))
        events.change(connection, "talk", {"status": Status.CANCELLED}, author(connection, 3))
        events.mark_vanished(connection, "talk", author(connection, 4), vanished=True)
        events.mark_vanished(connection, "talk", author(connection, 5), vanished=False)
        found = tellings.restated(connection, ["talk", "other"])
        assert found == tellings.restated(connection)
    assert {uid: [(one.at, dict(one.after)) for one in some] for uid, some in found.items()} == {
        "talk": [
            (NOW + 2 * HOUR, {"starts": "2021-06-09T09:00:00+00:00", "ends": None}),
            (NOW + 3 * HOUR, {"status": "cancelled"}),
            (NOW + 4 * HOUR, {"vanished": ""}),
        ]
    }
