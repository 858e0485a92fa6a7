"""Every command there is; importing this registers them."""

from bot.cli import (  # noqa: F401
    channels,
    check,
    count,
    db,
    diff,
    doctor,
    events,
    events_edit,
    events_import,
    plan,
    posts,
    posts_decide,
    posts_delete,
    preview,
    rehearse,
    run,
    schema,
)
