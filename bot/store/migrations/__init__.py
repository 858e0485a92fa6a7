"""Alembic's environment: one file a change of the schema, applied by bot.store.schema."""
