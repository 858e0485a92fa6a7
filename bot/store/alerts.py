"""What people were told of, and what they are still to be told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.store.tables import alerts

HEARD_OF = timedelta(minutes=2)
"""How long the trouble of a worker that says nothing more is taken to go on."""

_ANEW: Mapping[str, object] = {
    "told_at": None,
    "cleared_at": None,
    "clear_told_at": None,
    "worker": None,
    "seen_at": None,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRecord:
    """Something that needs, or needed, a person."""

    subject: str  #: what it is about; there is one alert of each
    text: str
    raised_at: datetime
    told_at: datetime | None
    cleared_at: datetime | None
    clear_told_at: datetime | None
    worker: str | None = None  #: whose own trouble it is; None: everybody can see it
    seen_at: datetime | None = None  #: when that worker last said so

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
            worker=row.worker,
            seen_at=row.seen_at,
        )
        for row in connection.execute(select(alerts).order_by(alerts.c.raised_at))
    }


def update_open(
    connection: Connection,
    conditions: Mapping[str, str],
    now: datetime,
    *,
    own: Collection[str] = (),
    worker: str = "",
) -> None:
    """Raise what is new among the conditions (subject to text), clear what is over.

    `own`: those that only this worker can see. Another's stay as they are while it is heard of.
    """
    known = load(connection)
    for subject, said in conditions.items():
        whose = {"worker": worker, "seen_at": now} if subject in own else {}
        if subject not in known:
            values = {"subject": subject, "text": said, "raised_at": now, **whose}
            connection.execute(alerts.insert().values(values))
        elif not known[subject].is_open:
            _set(connection, [subject], **{**_ANEW, "text": said, "raised_at": now, **whose})
        elif known[subject].worker == worker:
            _set(connection, [subject], **whose)
    over = [
        one.subject
        for one in known.values()
        if one.is_open and one.subject not in conditions and not _is_anothers(one, worker, now)
    ]
    _set(connection, over, cleared_at=now)


def _is_anothers(one: AlertRecord, worker: str, now: datetime) -> bool:
    if one.worker in (None, worker) or one.seen_at is None:
        return False
    return now - one.seen_at < HEARD_OF


def mark_told(connection: Connection, subjects: Sequence[str], now: datetime) -> None:
    _set(connection, subjects, told_at=now)


def mark_clear_told(connection: Connection, subjects: Sequence[str], now: datetime) -> None:
    _set(connection, subjects, clear_told_at=now)


def _set(connection: Connection, subjects: Iterable[str], **values: object) -> None:
    for subject in subjects if values else ():
        connection.execute(update(alerts).where(alerts.c.subject == subject).values(**values))
