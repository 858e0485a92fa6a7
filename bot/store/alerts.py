"""What people were told of, and what they are still to be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.store.tables import alerts


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRecord:
    """Something that needs, or needed, a person."""

    subject: str  #: what it is about; there is one alert of each
    text: str
    raised_at: datetime
    told_at: datetime | None
    cleared_at: datetime | None
    clear_told_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None


def load(connection: Connection) -> dict[str, AlertRecord]:
    return {
        row.subject: AlertRecord(
            subject=row.subject,
            text=row.text,
            raised_at=row.raised_at,
            told_at=row.told_at,
            cleared_at=row.cleared_at,
            clear_told_at=row.clear_told_at,
        )
        for row in connection.execute(select(alerts).order_by(alerts.c.raised_at))
    }


def update_open(connection: Connection, conditions: Mapping[str, str], now: datetime) -> None:
    """Raise what is new among the conditions (subject to text), clear what is over."""
    known = load(connection)
    for subject, said in conditions.items():
        if subject not in known:
            values = {"subject": subject, "text": said, "raised_at": now}
            connection.execute(alerts.insert().values(values))
        elif not known[subject].is_open:
            _set(
                connection,
                [subject],
                text=said,
                raised_at=now,
                told_at=None,
                cleared_at=None,
                clear_told_at=None,
            )
    over = [one.subject for one in known.values() if one.is_open and one.subject not in conditions]
    _set(connection, over, cleared_at=now)


def mark_told(connection: Connection, subjects: Sequence[str], now: datetime) -> None:
    _set(connection, subjects, told_at=now)


def mark_clear_told(connection: Connection, subjects: Sequence[str], now: datetime) -> None:
    _set(connection, subjects, clear_told_at=now)


def _set(connection: Connection, subjects: Iterable[str], **values: object) -> None:
    for subject in subjects:
        connection.execute(update(alerts).where(alerts.c.subject == subject).values(**values))
