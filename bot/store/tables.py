"""The schema. Instants are UTC; what is counted on for exactly-once is a constraint here."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from bot.core.telling import read_moment, written

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """As the dialect would write it; SQLite's own way of it takes longer than the insert."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """As it was written above; SQLite's own way takes longer than the question."""
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)


@lru_cache(maxsize=256)  # the rows of a batch share most of theirs
def _as_text(value: datetime | None) -> str | None:
    """`2021-06-09 10:00:00.000000`, in UTC."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Moment(TypeDecorator[date]):
    """A date (`2021-06-09`) or an instant (`2021-06-09T10:00:00+00:00`), as readable text."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else written(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        return None if value is None else read_moment(str(value))


events = Table(
    "events",
    metadata,
    Column("uid", String(255), primary_key=True),
    Column("title", Text, nullable=False),
    Column("starts", Moment, nullable=False),
    Column("ends", Moment),
    Column("timezone", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("format", String(16)),
    Column("location", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("recording_url", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("hosts", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("image", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("revision", Integer, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("dated_at", Instant, nullable=False),
    Column("vanished_at", Instant),
    Column("recorded_at", Instant),
    Column("by_hand", JSON, nullable=False),
)

event_refs = Table(
    "event_refs",
    metadata,
    Column("source", String(512), primary_key=True),
    Column("source_id", String(512), primary_key=True),
    Column("uid", ForeignKey("events.uid"), nullable=False, index=True),
)

event_changes = Table(
    "event_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", ForeignKey("events.uid"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("who", String(512), nullable=False),
    Column("what", String(32), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
)

OPEN = text("state IN ('sending', 'unknown', 'retry')")
"""Of the posts that something is still to be done about; said so, their index is gone by."""

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", String(255), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("needs_person", Boolean, nullable=False, server_default=text("false")),
    Column("template", String(64), nullable=False),
    Column("due", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("event_revision", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("worker", String(128)),
    Column("lease_until", Instant),
    Column("next_try_at", Instant),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("text", Text),
    Column("payload", JSON),
    Column("idempotency_key", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("sent_at", Instant),
    Column("remote_id", String(255)),
    Column("remote_url", Text),
    UniqueConstraint("event", "rule", "channel", "reference"),
    UniqueConstraint("channel", "remote_id"),
    Index("ix_posts_open", "channel"),  # of those in OPEN; saying so here loads every dialect
    Index("ix_posts_channel_claimed_at", "channel", "claimed_at"),
    Index("ix_posts_due", "due"),
)

images = Table(
    "images",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("media_type", String(32), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("started", Instant),
    Column("ended", Instant, nullable=False),
    Column("http_status", Integer),
    Column("outcome", String(16), nullable=False),
    Column("remote_id", String(255)),
    Column("error", Text, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("event", String(255), primary_key=True),
    Column("starts", String(40), nullable=False),
    Column("ends", String(40)),
    Column("status", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("recording_url", Text, nullable=False),
    Column("location", Text, nullable=False, server_default=""),
    Index("ix_told_event", "event"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(640), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("who", String(128), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, index=True),
)

channels = Table(
    "channels",
    metadata,
    Column("account", String(255), primary_key=True),
    Column("nickname", String(64)),
    Column("platform", String(32), nullable=False),
    Column("host", String(255), nullable=False),
    Column("account_id", String(255), nullable=False),
    Column("handle", String(255), nullable=False),
    Column("bound_at", Instant, nullable=False),
    Column("lease_holder", String(128)),
    Column("lease_until", Instant),
    Column("swept_until", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("paused_until", Instant),
    Column("paused_why", Text, nullable=False, server_default=""),
    Column("session", Text, info={"leaves": False}),  # no file of ours carries it away
    Column("limits", JSON),
    UniqueConstraint("nickname", "platform"),
)

rules = Table(
    "rules",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("first_seen", Instant, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("subject", String(640), primary_key=True),
    Column("text", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("cleared_at", Instant),
    Column("clear_told_at", Instant),
    Column("worker", String(255)),  # which worker's own trouble it is; none: everybody can see it
    Column("seen_at", Instant),  # when that worker last said so
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts: revision, log_born, configuration, heartbeat."""
