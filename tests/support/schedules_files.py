"""Files of schedules: one that says everything there is to say, and any other, generated."""

import json
import re
from datetime import time, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.documents import Node, Scalar, Sequence
from bot.core.model import Format, Series
from bot.core.rules import (
    Anchor,
    Change,
    Channel,
    Exact,
    Limits,
    OnChange,
    OnClock,
    QuietHours,
    Rule,
    Schedules,
    Selection,
    Source,
    When,
)

FULL = """\
series:
  name: A series
  hashtag: "#ASeries"
  timezone: Europe/London
  url: https://example.org/series
sources:
  - listing: events/list.txt
    year: 2021
    every: 30 minutes
    defaults:
      kind: seminar
      format: virtual
      timezone: Europe/Paris
      location: The Hall
      url: https://example.org/details
      hosts: Aston
      tags: [health, data]
      image: images/all.png
  - yaml: events/finale.yaml
channels:
  x:
    platform: x
  trial:
    platform: local
quiet_hours:
  from: 21:00
  until: 08:00
limits:
  per_day: 6
  gap: 20 minutes
posts:
  starting-soon:
    when: 1 hour before start
    template: starting
    grace: 20 minutes
    was: soon
    only:
      kind: seminar
      tag: [health, data]
      format: virtual
      timed: true
      multi_day: no
      event:
        - 2021-06-09-a-seminar
        - another
    except:
      tag: private
  recap:
    when: 1 day after end at 10:00
    template: recap
    days: mon-fri
    channels: [x, trial]
  moved:
    on: moved
    settle: 30 minutes
    template: moved
"""
"""Most keys that are built; those of languages and of second zones have tests of their own."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
TEXTS = (
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
UIDS = TEXTS.filter(lambda text: "/" not in text)
ANCHORS = st.sampled_from(Anchor)
COUNTS = st.integers(1, 9999)
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DURATIONS = st.builds(
    lambda unit, count: timedelta(**{unit: count}),
    st.sampled_from(["minutes", "hours", "days", "weeks"]),
    COUNTS,
)
WHENS: st.SearchStrategy[When] = st.one_of(
    st.builds(Exact, anchor=ANCHORS, offset=st.integers(-9999, 9999).map(lambda n: n * MINUTE)),
    st.builds(Exact, anchor=ANCHORS, offset=st.integers(-9999, 9999).map(lambda n: n * HOUR)),
    st.builds(OnClock, anchor=ANCHORS, days=st.integers(-9999, 9999), at=CLOCKS),
)
CHANGES = st.builds(OnChange, change=st.sampled_from(Change), settle=DURATIONS)
SOME_TEXTS = st.frozensets(TEXTS, max_size=3)
SELECTIONS = st.builds(
    Selection,
    kinds=SOME_TEXTS,
    tags=SOME_TEXTS,
    formats=st.frozensets(st.sampled_from(Format)),
    events=st.frozensets(UIDS, max_size=3),
    timed=st.none() | st.booleans(),
    multi_day=st.none() | st.booleans(),
).filter(lambda selection: selection != Selection())
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
SERIES = st.builds(
    Series,
    name=TEXTS,
    hashtag=st.from_regex(r"#[a-zA-Z0-9_]{0,5}[a-zA-Z][a-zA-Z0-9_]{0,5}", fullmatch=True),
    timezone=st.sampled_from(["Europe/London", "UTC", "America/Argentina/Buenos_Aires"]),
    url=st.sampled_from(["", "https://example.org/a?b=c#d", "http://localhost:8000"]),
    language=st.sampled_from(["en-GB", "de", "cy-GB"]),
)
SOURCES = st.one_of(
    st.builds(
        Source,
        kind=st.just("listing"),
        location=PATHS,
        year=st.none() | st.integers(2000, 2099),
        every=st.none() | DURATIONS,
        defaults=st.fixed_dictionaries(
            {},
            optional={
                "kind": TEXTS,
                "format": st.sampled_from(Format),
                "tags": st.lists(TEXTS, min_size=1, unique=True).map(tuple),
            },
        ),
    ),
    st.builds(Source, kind=st.just("yaml"), location=PATHS, every=st.none() | DURATIONS),
)


EVERY_DAY = frozenset(range(7))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)


@st.composite
def rules(draw: st.DrawFn, name: str, rank: int, channels: list[str]) -> Rule:
    """A rule of that name; one of three was called something else before."""
    renamed = draw(st.integers(0, 2)) == 0
    when = draw(WHENS | CHANGES)
    return Rule(
        name=name,
        key=f"was-{name}" if renamed else name,
        rank=rank,
        when=when,
        template=draw(NAMES),
        grace=draw(st.none() | DURATIONS),
        days=EVERY_DAY if isinstance(when, OnChange) else draw(DAYS),
        only=draw(st.none() | SELECTIONS),
        excluding=draw(st.none() | SELECTIONS),
        channels=tuple(draw(st.lists(st.sampled_from(channels), unique=True))),
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedules:
    """Any file there can be, without its digest."""
    channels = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    posts = [name for name in names if not name.startswith("was-")] or ["post"]
    start, end = draw(st.lists(CLOCKS, min_size=2, max_size=2, unique=True))
    return Schedules(
        series=draw(SERIES),
        sources=tuple(draw(st.lists(SOURCES, max_size=3, unique_by=lambda each: each.name))),
        channels={
            name: Channel(name=name, platform=draw(st.sampled_from(["x", "local"])))
            for name in channels
        },
        rules=tuple(draw(rules(name, rank, channels)) for rank, name in enumerate(posts)),
        quiet_hours=draw(st.sampled_from([None, QuietHours(start=start, end=end)])),
        limits=draw(st.builds(Limits, per_day=COUNTS, gap=DURATIONS) | st.just(Limits())),
    )


def written(schedules: Schedules) -> str:
    """A file that says so. Every text is in quotes: JSON is YAML."""
    content = {
        "series": _said(vars_of(schedules.series)),
        "sources": [_source(source) for source in schedules.sources],
        "channels": {name: {"platform": c.platform} for name, c in schedules.channels.items()},
        "posts": {rule.name: _rule(rule) for rule in schedules.rules},
    }
    if schedules.quiet_hours:
        quiet = schedules.quiet_hours
        content["quiet_hours"] = {"from": f"{quiet.start:%H:%M}", "until": f"{quiet.end:%H:%M}"}
    if schedules.limits != Limits():
        gap = duration(schedules.limits.gap)
        content["limits"] = {"per_day": schedules.limits.per_day, "gap": gap}
    return json.dumps(_said(content), ensure_ascii=False, indent=1)


def vars_of(series: Series) -> dict[str, Any]:
    return {key: getattr(series, key) for key in ("name", "hashtag", "timezone", "url", "language")}


def duration(length: timedelta) -> str:
    """The words for it, in the largest unit that has a number for it."""
    for unit, size in (("week", DAY * 7), ("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if length % size == timedelta(0) and length // size <= 9999:
            return f"{length // size} {unit}{'' if length == size else 's'}"
    raise ValueError(length)


def when(moment: When) -> str:
    """The words for it."""
    if isinstance(moment, OnClock):
        if not moment.days:
            return f"on the day of {moment.anchor} at {moment.at:%H:%M}"
        side = "before" if moment.days < 0 else "after"
        return f"{abs(moment.days)} days {side} {moment.anchor} at {moment.at:%H:%M}"
    if not moment.offset:
        return f"at {moment.anchor}"
    side, length = ("before" if moment.offset < timedelta(0) else "after"), abs(moment.offset)
    unit, size = ("minutes", MINUTE) if length // MINUTE <= 9999 else ("hours", HOUR)
    return f"{length // size} {unit} {side} {moment.anchor}"


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}


def _source(source: Source) -> dict[str, Any]:
    return _said(
        {
            source.kind: source.location,
            "year": source.year,
            "every": source.every and duration(source.every),
            "defaults": dict(source.defaults),
        }
    )


def _rule(rule: Rule) -> dict[str, Any]:
    days = ["mon", "Tue", "WED", "thursday", "Fridays", "sat", "sun"]
    return _said(
        {
            **_trigger(rule),
            "template": rule.template,
            "grace": rule.grace and duration(rule.grace),
            "days": [days[day] for day in sorted(rule.days) if rule.days != EVERY_DAY],
            "only": rule.only and _selection(rule.only),
            "except": rule.excluding and _selection(rule.excluding),
            "channels": list(rule.channels),
            "was": None if rule.key == rule.name else rule.key,
        }
    )


def _trigger(rule: Rule) -> dict[str, Any]:
    if isinstance(rule.when, OnChange):
        return {"on": str(rule.when.change), "settle": duration(rule.when.settle)}
    assert isinstance(rule.when, When)
    return {"when": when(rule.when)}


def _selection(selection: Selection) -> dict[str, Any]:
    return _said(
        {
            "kind": sorted(selection.kinds),
            "tag": sorted(selection.tags),
            "format": sorted(selection.formats),
            "event": sorted(selection.events),
            "timed": selection.timed,
            "multi_day": selection.multi_day,
        }
    )


def plain(node: Node) -> Any:
    """The values an editor sees: scalars without quotes by the core schema of YAML 1.2."""
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key.text: plain(value) for key, value in node.entries}
    return node.text if node.quoted else _resolved(node.text)


def _resolved(text: str) -> object:
    if re.fullmatch("|null|Null|NULL|~", text):
        return None
    if re.fullmatch("true|True|TRUE|false|False|FALSE", text):
        return text.lower() == "true"
    if re.fullmatch("[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text
