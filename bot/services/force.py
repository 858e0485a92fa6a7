"""Whose schedules.yaml and templates are in force: two versions of them never both speak."""

from datetime import datetime, timedelta

from bot.services.edition import Edition
from bot.store import meta
from bot.store.meta import Configuration
from bot.store.session import Connection


def in_force(
    connection: Connection, edition: Edition, worker: str, lease: timedelta, now: datetime
) -> bool:
    """Whether a worker may speak from these files.

    It may if they are the ones in force, newer than those, or if no worker that has those was
    heard of for a lease.
    """
    known = meta.configuration(connection, locked=True)
    same = known is not None and known.digest == edition.digest
    if known is not None and not same and _outranks(known, edition, worker, now - lease):
        return False
    if known is None or not same or known.alive < now - lease / 4:
        meta.configure(
            connection,
            Configuration(digest=edition.digest, newest=edition.newest, worker=worker, alive=now),
        )
    return True


def _outranks(known: Configuration, edition: Edition, worker: str, heard_of: datetime) -> bool:
    if known.worker == worker:  # its own earlier files; an older one was put back
        return False
    return known.alive > heard_of and known.newest >= edition.newest
