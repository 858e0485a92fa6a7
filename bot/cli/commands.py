"""Every command there is; importing this registers them."""

from bot.cli import (  # noqa: F401
    channels,
    check,
    count,
    db,
    doctor,
    plan,
    posts,
    preview,
    rehearse,
    run,
    schema,
)
