"""Until when an answer is waited for, since when the recording of an event is known, and whose
trouble an alert tells.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_decisions_until"), "decisions", ["until"])
    op.add_column("events", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alerts", sa.Column("worker", sa.String(length=255), nullable=True))
    op.add_column("alerts", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    _date_recordings()


def _date_recordings() -> None:
    """From the history: when the link that is there now, or the one it replaced, came.

    Of one that came with its event that is not known.
    """
    changes = sa.table(
        "event_changes",
        sa.column("id", sa.Integer()),
        sa.column("uid", sa.String()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("what", sa.String()),
        sa.column("after", sa.JSON()),
    )
    connection = op.get_bind()
    known: dict[str, object] = {}
    for row in connection.execute(sa.select(changes).order_by(changes.c.id)):
        url = row.after.get("recording_url")
        if url:
            known.setdefault(row.uid, None if row.what == "added" else row.at)
        elif url is not None:
            known.pop(row.uid, None)
    events = sa.table(
        "events", sa.column("uid"), sa.column("recorded_at", sa.DateTime(timezone=True))
    )
    for uid, at in known.items():
        connection.execute(events.update().where(events.c.uid == uid).values(recorded_at=at))
