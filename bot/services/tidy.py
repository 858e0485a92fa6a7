"""Takes out of the store what no post needs any more."""

from datetime import datetime

from bot.store import images
from bot.store.session import Store


def tidy(store: Store, now: datetime) -> None:
    """Pictures that no post has carried for a month."""
    with store.writing() as connection:
        images.forget(connection, now)
