from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.store import schema
from bot.store.tables import metadata


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
    assert schema.upgrade(empty_store)
    with empty_store.reading() as connection:
        rows = connection.execute(text("SELECT event, starts, location FROM told")).all()
    assert rows == [("e", "2021-06-09", "")]
