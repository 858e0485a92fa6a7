"""A file's bytes in, Schedules out."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.core.cards import COLOURS
from bot.core.documents import Mapping, Scalar, parse
from bot.core.model import Format, Series
from bot.core.pricing import priced
from bot.core.rules import (
    SETTLE,
    Approval,
    Change,
    Channel,
    Limits,
    Links,
    OnChange,
    QuietHours,
    Rule,
    Schedules,
    Selection,
    Source,
    Trigger,
    Wait,
)
from bot.core.waiting import OTHERWISE
from bot.errors import Mistake, MistakesError
from bot.schedules.checks import Values, check
from bot.schedules.language import FILE_SHAPE
from bot.schedules.page import Page, Place

MAX_BYTES = 1_000_000


def read(text_or_bytes: str | bytes, *, name: str) -> Schedules:
    """What a schedules.yaml called `name` says. Raises MistakesError, with all its mistakes."""
    data = text_or_bytes
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; expected at most {MAX_BYTES:,}"
        raise MistakesError([Mistake(name, 1, 1, message)])
    text = _decoded(data, name) if isinstance(text_or_bytes, bytes) else text_or_bytes
    values = _values(text, name)
    return _schedules(values, digest=hashlib.sha256(data).hexdigest())


def template_at(data: bytes, rule: Rule, *, name: str) -> str:
    """Where a file that was read names the template of a rule: `file:line:column`."""
    post = rule.name.removesuffix(OTHERWISE)
    node = parse(_decoded(data, name), name)
    for key in ("posts", post, "template" if rule.name == post else "otherwise"):
        node = (node.get(key) if isinstance(node, Mapping) else None) or node
    return f"{name}:{node.line}:{node.column}"


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = "this is not UTF-8 text; save the file with the encoding UTF-8"
        raise MistakesError([Mistake(name, line, column, message)]) from None


def _values(text: str, name: str) -> Values:
    root = parse(text, name)
    page = Page(text, name)
    if isinstance(root, Scalar) and root.blank:
        page.refuse(root, "the file is empty; expected series:, channels: and posts:")
        page.finish()
    values = FILE_SHAPE.read(root, Place(), page) or {}
    check(values, page)
    page.finish()
    return values


def _schedules(values: Values, digest: str) -> Schedules:
    return Schedules(
        series=_series(values["series"]),
        sources=tuple(_source(source) for source in values.get("sources", ())),
        channels={
            name: Channel(
                name=name,
                platform=channel["platform"],
                visibility=channel.get("visibility"),
                links=Links(channel.get("links", Links.ALWAYS)),
                monthly_budget=channel.get("monthly_budget"),
                price=priced(channel["platform"], channel.get("prices", {})),
                language=channel.get("language"),
                also_zone=channel.get("also_zone"),
            )
            for name, channel in values["channels"].items()
        },
        rules=tuple(
            rule
            for rank, (name, post) in enumerate(values["posts"].items())
            for rule in _rules(name, rank, post)
        ),
        quiet_hours=_quiet_hours(values.get("quiet_hours")),
        limits=_limits(values.get("limits", {})),
        digest=digest,
    )


def _series(values: Values) -> Series:
    colours = {"colours": replace(COLOURS, **values["colours"])} if "colours" in values else {}
    return Series(**values | colours)


def _source(values: Values) -> Source:
    kind = next(key for key in ("listing", "yaml") if key in values)
    return Source(
        kind=kind,
        location=values[kind],
        year=values.get("year"),
        every=values.get("every"),
        defaults=_defaults(values.get("defaults", {})),
    )


def _defaults(values: Values) -> dict[str, object]:
    """As bot.core.model.EventFields has them."""
    defaults = dict[str, object](values)
    for key in ("hosts", "tags"):
        if key in values:
            defaults[key] = tuple(values[key])
    if "format" in values:
        defaults["format"] = Format(values["format"])
    return defaults


def _quiet_hours(values: Values | None) -> QuietHours | None:
    return QuietHours(start=values["from"], end=values["until"]) if values else None


def _limits(values: Values) -> Limits:
    return Limits(per_day=values.get("per_day"), gap=values.get("gap", timedelta(0)))


def _rules(name: str, rank: int, values: Values) -> Iterator[Rule]:
    """A post of the file, and what is said otherwise, under a key of its own."""
    rule = _rule(name, rank, values)
    yield rule
    if rule.wait is not None and rule.wait.otherwise:
        yield replace(
            rule,
            name=rule.name + OTHERWISE,
            key=rule.key + OTHERWISE,
            template=rule.wait.otherwise,
            wait=replace(rule.wait, inverted=True),
        )


def _rule(name: str, rank: int, values: Values) -> Rule:
    return Rule(
        name=name,
        key=values.get("was", name),  # the first name: a `was:` never names a post of the file
        rank=rank,
        when=_trigger(values),
        template=values["template"],
        grace=values.get("grace"),
        days=frozenset[int]().union(*values["days"]) if "days" in values else frozenset(range(7)),
        only=_selection(values.get("only")),
        excluding=_selection(values.get("except")),
        channels=tuple(values.get("channels", ())),
        warning=values.get("warning", ""),
        card=values.get("card", False),
        covers=values.get("covers"),
        approval=_approval(values),
        wait=_wait(values) if "wait_for" in values else None,
    )


def _wait(values: Values) -> Wait:
    return Wait(
        fact=values["wait_for"],
        until=values["wait_until"].beside(values["when"]),
        otherwise=values.get("otherwise", ""),
    )


def _approval(values: Values) -> Approval | None:
    said = values.get("approve", False)
    if isinstance(said, timedelta):
        return Approval(ahead=said)
    return Approval() if said else None


def _trigger(values: Values) -> Trigger:
    if "on" not in values:
        return values.get("when") or values["every"]  # type: ignore[no-any-return]
    return OnChange(change=Change(values["on"]), settle=values.get("settle", SETTLE))


def _selection(values: Values | None) -> Selection | None:
    if values is None:
        return None
    return Selection(
        kinds=frozenset(values.get("kind", ())),
        tags=frozenset(values.get("tag", ())),
        formats=frozenset(Format(word) for word in values.get("format", ())),
        events=frozenset(values.get("event", ())),
        timed=values.get("timed"),
        multi_day=values.get("multi_day"),
        upcoming=values.get("upcoming"),
    )
