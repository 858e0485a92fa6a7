from datetime import UTC, datetime

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from bot.store import schema
from bot.store.tables import events, metadata


def brought_to(store, revision):
    with store.rebuilding() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema._MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_migrations_end_where_the_tables_are(empty_store):
    schema.upgrade(empty_store)
    with empty_store.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_database_of_the_first_schema_keeps_what_it_has(empty_store):
    brought_to(empty_store, "0001")
    with empty_store.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO posts (event, rule, channel, reference, state, template, due,"
                " deadline, event_revision, tries, created_at) VALUES ('e', 'r', 'c', '2021-06-09',"
                " 'sent', 't', '2021-06-08 11:00', '2021-06-08 23:00', 1, 1, '2021-06-08 11:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO told (post_id, event, starts, status, url, recording_url)"
                " SELECT id, 'e', '2021-06-09', 'confirmed', '', '' FROM posts"
            )
        )
    with empty_store.writing() as connection:
        for uid, links in (
            ("new", ["", "a"]),
            ("put-right", ["a", "b"]),
            ("gone", ["a", ""]),
            ("with-it", ["a"]),
        ):
            connection.execute(
                text(
                    "INSERT INTO events (uid, title, starts, timezone, kind, location, url,"
                    " recording_url, summary, hosts, tags, image, status, revision, created_at,"
                    " dated_at, by_hand) VALUES (:uid, 't', '2021-06-09', 'UTC', 'k', '', '', :url,"
                    " '', '[]', '[]', '', 'confirmed', 1, '2021-06-08 11:00', '2021-06-08 11:00',"
                    " '[]')"
                ),
                {"uid": uid, "url": links[-1]},
            )
            for day, link in enumerate(links, 1):
                connection.execute(
                    text(
                        "INSERT INTO event_changes (uid, at, who, what, before, after, revision)"
                        " VALUES (:uid, :at, 'w', :what, '{}', :after, 1)"
                    ),
                    {
                        "uid": uid,
                        "what": "added" if uid == "with-it" else "changed",
                        "at": f"2021-06-0{day} 00:00:00",
                        "after": f'{{"recording_url": "{link}"}}',
                    },
                )
    assert schema.upgrade(empty_store)
    with empty_store.reading() as connection:
        rows = connection.execute(text("SELECT event, starts, location FROM told")).all()
        known = connection.execute(select(events.c.uid, events.c.recorded_at)).all()
    assert rows == [("e", "2021-06-09", "")]
    first, second = (datetime(2021, 6, day, tzinfo=UTC) for day in (1, 2))
    assert dict(map(tuple, known)) == {
        "new": second,
        "put-right": first,
        "gone": None,
        "with-it": None,
    }
