import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.bulk import Bulk
from bot.store.tables import meta

PUT = Bulk(lambda _connection: meta.insert().inline(), "name", "value")
CHANGE = Bulk(
    lambda _connection: (
        update(meta)
        .where(meta.c.name == bindparam("of"))
        .values(value=bindparam("new"), name="changed " + bindparam("of"))
    )
)


def _kept(store):
    with store.reading() as connection:
        return {row.name: row.value for row in connection.execute(select(meta))}


def test_every_row_is_written_with_what_the_statement_itself_says(store):
    with store.writing() as connection:
        PUT.run(connection, [{"name": f"fact {n}", "value": str(n)} for n in range(3)])
        CHANGE.run(connection, [{"of": "fact 1", "new": "one"}, {"of": "fact 2", "new": "two"}])
        PUT.run(connection, [])
    assert _kept(store) == {"fact 0": "0", "changed fact 1": "one", "changed fact 2": "two"}


def test_one_row_that_is_there_already_refuses_them_all(store):
    with (
        store.writing() as connection,
        pytest.raises(IntegrityError),
        connection.begin_nested(),
    ):
        PUT.run(connection, [{"name": name, "value": ""} for name in ("a", "b", "a")])
    assert _kept(store) == {}
