"""Single facts about the store: its revision, when its log was born, whose files are in force."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, cast, select, update

from bot.store.asking import QuestionOfMany
from bot.store.bulk import Bulk
from bot.store.session import Store
from bot.store.tables import meta, rules
from bot.store.upserting import insert


def get(connection: Connection, name: str, *, locked: bool = False) -> str | None:
    """The value of a fact; `locked` holds off other writers of it until the commit."""
    return _value(_LOCKED if locked else _VALUE, connection, name)


_VALUE_OF = select(meta.c.value).where(meta.c.name == bindparam("of"))
_VALUE = Bulk(lambda _connection: _VALUE_OF)
_LOCKED = Bulk(lambda _connection: _VALUE_OF.with_for_update())
_HELD = Bulk(lambda _connection: _VALUE_OF.with_for_update(read=True))


def _value(question: Bulk, connection: Connection, name: str) -> str | None:
    return next((value for (value,) in question.asked(connection, of=name)), None)


def put(connection: Connection, name: str, value: str) -> None:
    statement = insert(connection, meta).values(name=name, value=value)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def revision(connection: Connection, *, locked: bool = False) -> int:
    """The revision of events and decisions; `locked` holds off changes until the commit."""
    return int(_value(_HELD if locked else _VALUE, connection, "revision") or 0)


def glance(store: Store) -> int | None:
    """The revision, if it can be had without waiting for anybody."""
    found = store.glance("SELECT value FROM meta WHERE name = 'revision'")
    return int(found) if found is not None else None


def touched(store: Store) -> int | None:
    """Another number once anything was committed, by whomever; None where nobody counts."""
    found: int | None = store.glance("PRAGMA data_version")
    return found


def look(store: Store) -> int:
    """The revision, however long it takes."""
    with store.reading() as connection:
        return revision(connection)


def hold(connection: Connection) -> None:
    """Let nobody else change events or decisions until the commit."""
    get(connection, "revision", locked=True)


def bump(connection: Connection) -> int:
    """Count one change of events or decisions; the new revision."""
    connection.execute(
        insert(connection, meta).values(name="revision", value="0").on_conflict_do_nothing()
    )
    found = connection.execute(
        update(meta)
        .where(meta.c.name == "revision")
        .values(value=cast(cast(meta.c.value, Integer) + 1, meta.c.value.type))
        .returning(meta.c.value)
    ).scalar_one()
    return int(found)


def born(connection: Connection, now: datetime) -> datetime:
    """When this log came to be: the first time this is asked."""
    statement = insert(connection, meta).values(name="log_born", value=now.isoformat())
    connection.execute(statement.on_conflict_do_nothing())
    return datetime.fromisoformat(get(connection, "log_born") or "")


def note_reading(connection: Connection, source: str, now: datetime) -> None:
    """Write down that a source was read, unless it was before."""
    statement = insert(connection, meta).values(name=_read(source), value=now.isoformat())
    connection.execute(statement.on_conflict_do_nothing())


def first_readings(connection: Connection, sources: Iterable[str]) -> dict[str, datetime]:
    """When each of these sources was first read, by its name."""
    names = {_read(source): source for source in sources}
    rows = _FACTS.asked(connection, names)
    return {names[row.name]: datetime.fromisoformat(row.value) for row in rows}


_FACTS = QuestionOfMany(lambda names: select(meta).where(meta.c.name.in_(names)))


def _read(source: str) -> str:
    """The name of the fact; that of a source may be long."""
    return f"read {hashlib.sha256(source.encode()).hexdigest()[:48]}"


def known_birth(connection: Connection) -> datetime | None:
    """When this log came to be; None before the first worker ran."""
    found = get(connection, "log_born")
    return datetime.fromisoformat(found) if found else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """Whose schedules.yaml and templates are in force."""

    digest: str
    newest: datetime  #: when the newest of its files was written
    worker: str
    alive: datetime  #: when that worker last said so


def configuration(connection: Connection, *, locked: bool = False) -> Configuration | None:
    found = get(connection, "configuration", locked=locked)
    if found is None:
        return None
    digest, newest, worker, alive = found.split("\n")
    return Configuration(
        digest=digest,
        newest=datetime.fromisoformat(newest),
        worker=worker,
        alive=datetime.fromisoformat(alive),
    )


def configure(connection: Connection, said: Configuration) -> None:
    fields = (said.digest, said.newest.isoformat(), said.worker, said.alive.isoformat())
    put(connection, "configuration", "\n".join(fields))


def see_rules(connection: Connection, names: dict[str, str], now: datetime) -> dict[str, datetime]:
    """When each rule (first name to present name) was first in force here; new ones are now."""
    statement = insert(connection, rules).on_conflict_do_nothing()
    if names:
        rows = [{"key": key, "name": name, "first_seen": now} for key, name in names.items()]
        connection.execute(statement, rows)
    return first_seen(connection)


def first_seen(connection: Connection) -> dict[str, datetime]:
    return {row.key: row.first_seen for row in connection.execute(select(rules))}
