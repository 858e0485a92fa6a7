"""What must agree across the file: names and the posts they mean, channels, sources, hours."""

from dataclasses import asdict
from math import floor
from typing import Any

from bot.core.cards import COLOURS
from bot.core.contrast import READABLE, contrast
from bot.core.pricing import PRICES
from bot.errors import nearest
from bot.schedules.page import Page
from bot.schedules.waits import check_waits

Values = dict[str, Any]


def check(values: Values, page: Page) -> None:
    """Note what does not fit together. Parts that could not be read are None or absent."""
    posts = {name: post for name, post in (values.get("posts") or {}).items() if post}
    _check_renames(posts, page)
    if values.get("channels"):
        _check_channels(posts, values["channels"], page)
        _check_visibility(values["channels"], page)
        _check_budgets(values["channels"], page)
    _check_notices(posts, page)
    check_waits(posts, page)
    _check_sources(values.get("sources") or [], page)
    _check_colours((values.get("series") or {}).get("colours") or {}, page)
    _check_cards(posts, page)
    _check_quiet_hours(values.get("quiet_hours") or {}, page)


def _check_renames(posts: Values, page: Page) -> None:
    before = {name: post["was"] for name, post in posts.items() if post.get("was")}
    taken = dict[str, str]()
    for name, was in before.items():
        node = page.nodes["posts", name, "was"]
        if circle := _circle(name, before):
            page.refuse(node, f"'was:' goes in a circle ({' was '.join(circle)}); {_WAS}")
        elif was in posts:
            page.refuse(node, f"the post '{was}' is still in the file; {_WAS}")
        elif was in taken:
            message = f"'{was}' is what '{taken[was]}' was called; only one post goes on for it"
            page.refuse(node, message)
        taken.setdefault(was, name)


_WAS = "expected a name that no post has now"


def _circle(name: str, before: dict[str, str]) -> list[str]:
    """The names from one back to itself; none where there is no circle."""
    names = [name]
    while (was := before.get(names[-1])) and was not in names:
        names.append(was)
    return [*names, name] if was == name else []


def _check_channels(posts: Values, channels: Values, page: Page) -> None:
    known = ", ".join(channels)
    for name, post in posts.items():
        for index, channel in enumerate(post.get("channels") or ()):
            if channel and channel not in channels:
                guess = nearest(channel, channels) or nearest(channel.lower(), channels)
                message = f"there is no channel '{channel}'{guess}"
                node = page.nodes["posts", name, "channels", index]
                page.refuse(node, f"{message}; expected {known}")


def _check_notices(posts: Values, page: Page) -> None:
    for name, post in posts.items():
        if post.get("on") and "days" in post:
            page.refuse(
                page.keys["posts", name, "days"],
                "'days' is not for notices: they are told as soon as a change has stood; take it"
                " out",
            )


def _check_visibility(channels: Values, page: Page) -> None:
    for name, channel in channels.items():
        platform = (channel or {}).get("platform")
        if channel and channel.get("visibility") and platform not in {None, "mastodon"}:
            page.refuse(
                page.nodes["channels", name, "visibility"],
                f"there is no visibility on {platform}; expected it on a channel of mastodon only",
            )


def _check_budgets(channels: Values, page: Page) -> None:
    """A budget where nothing is paid for is a slip; where a channel only tries out, it stays."""
    for name, channel in channels.items():
        if not channel or channel.get("monthly_budget") is None or channel.get("prices"):
            continue
        platform = channel.get("platform")
        if platform not in {None, "local", *PRICES}:
            page.refuse(
                page.keys["channels", name, "monthly_budget"],
                f"posts on {platform} cost nothing, as far as is known; take it out, or say what"
                " they cost in 'prices'",
            )


def _check_sources(sources: list[Values | None], page: Page) -> None:
    lines = dict[tuple[str, str], int]()
    for index, source in enumerate(sources):
        for kind, place in (source or {}).items():
            if kind not in _KINDS or not place:
                continue
            node = page.nodes["sources", index, kind]
            if first := lines.get((kind, place)):
                page.refuse(node, f"'{place}' is a source already, in line {first}; keep one")
            lines.setdefault((kind, place), node.line)


_KINDS = {"listing", "yaml", "ics", "csv", "jsonld"}


def _check_colours(colours: Values, page: Page) -> None:
    used = asdict(COLOURS) | {name: colour for name, colour in colours.items() if colour}
    for name in ("text", "accent"):
        ratio = contrast(used[name], used["background"])
        if colours and ratio < READABLE:
            named = name if colours.get(name) else "background"
            lighter = "lighter" if contrast("#ffffff", used["background"]) > READABLE else "darker"
            page.refuse(
                page.nodes["series", "colours", named],
                f"the {name} {used[name]} on the background {used['background']} has a contrast of"
                f" {floor(ratio * 10) / 10:.1f} to 1, which many cannot read; expected at least"
                f" {READABLE} to 1: a {lighter} {name}, or another background",
            )


def _check_cards(posts: Values, page: Page) -> None:
    for name, post in posts.items():
        if post.get("card") and post.get("every"):
            page.refuse(
                page.nodes["posts", name, "card"],
                "a card shows one event, and a post with 'every:' speaks of several; expected"
                " 'card:' beside 'when:' or 'on:' only",
            )


def _check_quiet_hours(hours: Values, page: Page) -> None:
    start, end = hours.get("from"), hours.get("until")
    if start is not None and start == end:
        message = f"quiet hours from {start:%H:%M} until {end:%H:%M} have no length"
        page.refuse(
            page.nodes["quiet_hours", "until"],
            f"{message}; expected two different times, or no quiet_hours at all",
        )
