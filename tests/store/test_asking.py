import pytest
from sqlalchemy import bindparam, select

from bot.core.model import Status
from bot.store import events, meta
from bot.store.asking import Question, QuestionOfMany
from bot.store.events import Author
from bot.store.tables import channels, decisions, posts
from bot.store.tables import events as table
from tests.support.builders import event, utc

NOW = utc("2021-06-01 09:00:00.25")
ALL = select(table).order_by(table.c.uid)
EARLY = ALL.where(table.c.created_at <= bindparam("until"))


@pytest.fixture
def filled(store):
    with store.writing() as connection:
        author = Author(who="test", at=NOW, revision=meta.bump(connection))
        timed = event("2021-06-09 11:00", uid="b", hosts=("A", "B"), status=Status.CANCELLED)
        events.add(connection, timed, author)
        events.add(connection, event("2021-06-03", uid="a"), author, by_hand=["title"])
    return store


def test_the_rows_are_those_that_sqlalchemy_gives(filled):
    with filled.writing() as connection:
        found = Question(ALL).asked(connection)
        known = connection.execute(ALL).all()
        assert [row.hosts for row in found] == [[], ["A", "B"]]
        assert [tuple(row) for row in found] == [tuple(row) for row in known]
        names = [column.name for column in table.columns]
        for ours, theirs in zip(found, known, strict=True):
            assert [getattr(ours, name) for name in names] == [
                getattr(theirs, name) for name in names
            ]


@pytest.mark.parametrize("of", [posts, channels, decisions])
def test_a_question_nothing_answers_has_no_rows(filled, of):
    with filled.writing() as connection:
        assert list(Question(select(of)).asked(connection)) == []


def test_what_it_is_given_is_written_as_ever(filled):
    question = Question(EARLY)
    with filled.writing() as connection:
        assert [row.uid for row in question.asked(connection, until=NOW)] == ["a", "b"]
        assert question.asked(connection, until=NOW.replace(microsecond=0)) == []


def test_outside_of_a_transaction_it_is_asked_as_well(filled):
    with filled.reading() as connection:
        assert [row.uid for row in Question(ALL).asked(connection)] == ["a", "b"]
        assert [row.uid for row in Question(ALL).asked(connection)] == ["a", "b"]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 400, 401])
def test_it_may_be_about_any_number_of_names(filled, count):
    question = QuestionOfMany(
        lambda uids: ALL.where(table.c.uid.in_(uids), table.c.created_at <= bindparam("until"))
    )
    names = [f"x{number:03}" for number in range(count)]
    with filled.writing() as connection:
        assert list(question.asked(connection, names, until=NOW)) == []
        found = question.asked(connection, ["b", *names, "a", "b"], until=NOW)
        assert [row.uid for row in found] == ["a", "b"]
        before = NOW.replace(microsecond=0)
        assert list(question.asked(connection, ["a", "b"], until=before)) == []
