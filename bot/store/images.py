"""The pictures of posts, as they were frozen: each once, however many posts carry it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.core.model import Image
from bot.store.claims import Held
from bot.store.tables import images
from bot.store.upserting import insert

KEPT = timedelta(days=30)
"""Longer than any post that may have to be sent again."""


def keep(connection: Connection, held: Iterable[Held], now: datetime) -> None:
    """Write down the pictures of claims; those that are there already stay."""
    found = {one.claim.image.digest: one.claim.image for one in held if one.claim.image}
    if not found:
        return
    rows = [
        {
            "digest": digest,
            "data": image.data,
            "media_type": image.media_type,
            "width": image.width,
            "height": image.height,
            "created_at": now,
        }
        for digest, image in found.items()
    ]
    statement = insert(connection, images)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["digest"], set_={"created_at": statement.excluded.created_at}
        ),
        rows,
    )


def load(connection: Connection, digest: str, alt: str) -> Image | None:
    """A picture by its digest, with the words for it; None where it is kept no longer."""
    row = connection.execute(select(images).where(images.c.digest == digest)).one_or_none()
    if row is None:
        return None
    return Image(
        data=row.data, media_type=row.media_type, width=row.width, height=row.height, alt=alt
    )


def forget(connection: Connection, now: datetime) -> None:
    """Delete the pictures no post has carried for long."""
    connection.execute(delete(images).where(images.c.created_at < now - KEPT))
