"""Whether a post that waits for a fact can: it comes after the event, and the end after it."""

from datetime import timedelta
from typing import Any

from bot.core.rules import Anchor, Exact, OnClock, When
from bot.schedules.page import Page
from bot.schedules.times import Until

Values = dict[str, Any]


def check_waits(posts: Values, page: Page) -> None:
    """Note the posts that cannot wait, and those whose waiting is over before they fall due."""
    for name, post in posts.items():
        if "wait_for" not in post:
            continue
        when, until = post.get("when"), post.get("wait_until")
        if post.get("on") or post.get("every"):
            page.refuse(
                page.keys["posts", name, "wait_for"],
                "'wait_for' is for posts about one event, after it; expected it beside a 'when:'"
                " such as '1 day after end at 10:00'",
            )
        elif when and not _is_after(when):
            page.refuse(
                page.keys["posts", name, "wait_for"],
                "there is no recording before an event is over; expected 'wait_for' beside a"
                " 'when:' such as '1 day after end at 10:00'",
            )
        elif when and until and not _ends_later(until, when):
            page.refuse(
                page.nodes["posts", name, "wait_until"],
                "the waiting would be over before the post falls due; expected a later end, such"
                " as '14 days after end'",
            )


def _is_after(when: When) -> bool:
    """Whether it is when an event is over, or may be."""
    length = _length(when)
    if when.anchor is Anchor.START:
        return length > timedelta(0)
    return length >= timedelta(0)


def _ends_later(until: Until, when: When) -> bool:
    """Whether the waiting takes time, for some event at least."""
    if until.anchor is Anchor.END and when.anchor is Anchor.START:
        return until.offset > timedelta(0)
    if isinstance(when, OnClock) and not until.in_days:
        return until.offset > _length(when) - timedelta(days=1)
    return until.offset > _length(when)


def _length(when: When) -> timedelta:
    return when.offset if isinstance(when, Exact) else timedelta(days=when.days)
