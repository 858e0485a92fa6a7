import hashlib
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.core.documents import Node, Scalar, Sequence, parse
from bot.core.model import Format, Series
from bot.core.rules import (
    Anchor,
    Change,
    Channel,
    Every,
    Exact,
    Limits,
    Links,
    OnChange,
    OnClock,
    Period,
    Price,
    QuietHours,
    Rule,
    Schedules,
    Selection,
    Source,
    Span,
)
from bot.errors import Mistake, MistakesError
from bot.schedules import read
from tests.support import schedules_files as files

ROOT = Path(__file__).parents[2]

EXAMPLE = """\
series:
  name: Midlands Health & Life Science Symposium
  hashtag: "#MidlandsHealth"
  timezone: Europe/London
sources:
  - listing: events/midlandshealth-2021.txt
    year: 2021
    defaults: {format: virtual, kind: seminar}
  - yaml: events/finale.yaml
  # - ics: https://example.org/calendar.ics
channels:
  x:        {platform: x, links: always, monthly_budget: 10 USD}
  mastodon: {platform: mastodon, visibility: public}
  bluesky:  {platform: bluesky}
  slack:    {platform: apprise}
quiet_hours: {from: "21:00", until: "08:00"}
limits: {per_day: 6, gap: 20 minutes}
posts:
  moved:     {on: moved,     template: moved}
  cancelled: {on: cancelled, template: cancelled, settle: 15 minutes}
  starting-soon:
    when: 1 hour before start
    template: starting
    card: true
  recap:
    when: 1 day after end at 10:00
    template: recap
    days: mon-fri
    wait_for: recording
    wait_until: 14 days after end
    otherwise: recap-plain
    approve: 6 hours
  recording:
    on: recording
    template: recording
  month-ahead:
    every: month on day 1 at 09:00
    template: digest
    covers: 1 month
    only: {upcoming: at least 1}
"""


def mistakes(text: str | bytes) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        read(text, name="s.yaml")
    return [str(mistake).removeprefix("s.yaml:") for mistake in caught.value.mistakes]


def test_everything_that_can_be_said_is_read() -> None:
    schedules = read(files.FULL, name="s.yaml")
    assert schedules.series == Series(
        name="A series",
        hashtag="#ASeries",
        timezone="Europe/London",
        url="https://example.org/series",
    )
    assert schedules.sources == (
        Source(
            kind="listing",
            location="events/list.txt",
            year=2021,
            every=timedelta(minutes=30),
            defaults={
                "kind": "seminar",
                "format": Format.VIRTUAL,
                "timezone": "Europe/Paris",
                "location": "The Hall",
                "url": "https://example.org/details",
                "hosts": ("Aston",),
                "tags": ("health", "data"),
                "image": "images/all.png",
            },
        ),
        Source(kind="yaml", location="events/finale.yaml"),
    )
    assert schedules.channels == {
        "x": Channel(name="x", platform="x"),
        "trial": Channel(name="trial", platform="local"),
    }
    assert schedules.quiet_hours == QuietHours(start=time(21), end=time(8))
    assert schedules.limits == Limits(per_day=6, gap=timedelta(minutes=20))
    assert schedules.rules == (
        Rule(
            name="starting-soon",
            key="soon",
            rank=0,
            when=Exact(anchor=Anchor.START, offset=timedelta(hours=-1)),
            template="starting",
            grace=timedelta(minutes=20),
            only=Selection(
                kinds=frozenset({"seminar"}),
                tags=frozenset({"health", "data"}),
                formats=frozenset({Format.VIRTUAL}),
                events=frozenset({"2021-06-09-a-seminar", "another"}),
                timed=True,
                multi_day=False,
            ),
            excluding=Selection(tags=frozenset({"private"})),
        ),
        Rule(
            name="recap",
            key="recap",
            rank=1,
            when=OnClock(anchor=Anchor.END, days=1, at=time(10)),
            template="recap",
            days=frozenset(range(5)),
            channels=("x", "trial"),
        ),
        Rule(
            name="moved",
            key="moved",
            rank=2,
            when=OnChange(change=Change.MOVED, settle=timedelta(minutes=30)),
            template="moved",
        ),
    )


@settings(max_examples=150, deadline=None)
@given(files.schedules())
def test_whatever_is_written_is_read_back(schedules: Schedules) -> None:
    text = files.written(schedules)
    again = read(text, name="s.yaml")
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert again == replace(schedules, digest=digest)
    assert list(again.channels) == list(schedules.channels)


def test_scalars_are_taken_as_written() -> None:
    text = files.FULL.replace("kind: seminar\n      tag:", "kind: [no, 12:30, 1.10]\n      tag:")
    only = read(text, name="s.yaml").rules[0].only
    assert only is not None
    assert only.kinds == {"no", "12:30", "1.10"}


def test_the_digest_is_of_the_bytes() -> None:
    data = files.FULL.encode()
    digest = hashlib.sha256(data).hexdigest()
    assert read(data, name="s.yaml").digest == digest
    assert read(files.FULL, name="s.yaml").digest == digest
    assert read(data + b"# more\n", name="s.yaml").digest != digest


def test_the_sample_is_read_without_a_mistake() -> None:
    schedules = read((ROOT / "schedules.yaml").read_bytes(), name="schedules.yaml")
    assert schedules.series.hashtag == "#MidlandsHealth"
    assert schedules.channels == {
        "x": Channel(name="x", platform="x"),
        "mastodon": Channel(name="mastodon", platform="mastodon", visibility="public"),
        "bluesky": Channel(name="bluesky", platform="bluesky"),
    }
    assert [(rule.name, rule.template) for rule in schedules.rules] == [
        ("moved", "moved"),
        ("cancelled", "cancelled"),
        ("postponed", "postponed"),
        ("reinstated", "reinstated"),
        ("changed", "changed"),
        ("starting-soon", "starting"),
        ("on-the-day", "reminder"),
        ("day-before", "reminder"),
        ("week-before", "reminder"),
        ("recap", "recap"),
        ("recording", "recording"),
        ("month-ahead", "digest"),
    ]


def test_what_is_not_built_is_refused_where_it_stands_and_nothing_else_is() -> None:
    assert read(EXAMPLE, name="s.yaml").rules
    text = EXAMPLE.replace("  # - ics", "  - ics")
    assert mistakes(text) == ["10:5: 'ics' is not yet built; take it out for now"]


def test_a_post_by_the_calendar_is_read() -> None:
    text = files.FULL + (
        "  ahead:\n    every: week on Monday at 09:00\n    template: digest\n"
        "    covers: 2 weeks\n    only: {upcoming: at least 2}\n"
    )
    ahead = read(text, name="s.yaml").rules[-1]
    assert ahead.when == Every(period=Period.WEEK, at=time(9), weekday=0)
    assert ahead.covers == Span(count=2, period=Period.WEEK)
    assert ahead.only == Selection(upcoming=2)
    [told] = mistakes(text.replace("every: week on Monday at 09:00", "when: at start"))
    assert told.endswith(": 'covers' says nothing without 'every'; add it beside")


def test_who_sees_the_posts_is_said_on_mastodon_alone() -> None:
    text = files.FULL.replace("platform: local", "platform: mastodon\n    visibility: unlisted")
    assert read(text, name="s.yaml").channels["trial"].visibility == "unlisted"
    told = mistakes(text.replace("mastodon", "bluesky"))
    assert [one.partition(": ")[2] for one in told] == [
        "there is no visibility on bluesky; expected it on a channel of mastodon only"
    ]


MONEY = files.FULL.replace(
    "platform: x",
    "platform: x\n    links: first\n    monthly_budget: 10.50 USD\n"
    "    prices: {with_link: 0.25 usd}",
)


def test_what_a_channel_may_spend_and_what_it_is_charged() -> None:
    channels = read(MONEY, name="s.yaml").channels
    assert channels["x"] == Channel(
        name="x",
        platform="x",
        links=Links.FIRST,
        monthly_budget=Decimal("10.50"),
        price=Price(
            post=Decimal("0.015"), with_link=Decimal("0.25"), alt_text=Decimal("0.005"), as_of=None
        ),
    )
    assert channels["trial"].links is Links.ALWAYS


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "first",
            "seldom",
            "23:12: 'seldom' is not an answer about links; expected always, first or never",
        ),
        (
            "10.50 USD",
            "10 EUR",
            (
                "24:24: 'EUR' is not understood; expected an amount in US dollars, such as 10 USD"
                " or 0.015 USD"
            ),
        ),
        (
            "with_link",
            "withlink",
            (
                "25:14: 'withlink' is not a key of prices (did you mean 'with_link'?); expected"
                " post:, with_link:, alt_text:"
            ),
        ),
    ],
)
def test_a_slip_about_money_is_told_where_it_stands(right, wrong, message) -> None:
    assert mistakes(MONEY.replace(right, wrong)) == [message]


def test_a_budget_where_nothing_is_charged_is_refused_unless_its_prices_are_said() -> None:
    text = MONEY.replace("    prices: {with_link: 0.25 usd}\n", "")
    assert read(text.replace("platform: x", "platform: local"), name="s.yaml")
    text = text.replace("platform: x", "platform: mastodon")
    assert mistakes(text) == [
        (
            "24:5: posts on mastodon cost nothing, as far as is known; take it out, or say what"
            " they cost in 'prices'"
        )
    ]
    said = "    prices: {post: 0.1 USD}\n    monthly_budget"
    channel = read(text.replace("    monthly_budget", said), name="s.yaml").channels["x"]
    assert channel.price == Price(post=Decimal("0.1"))


@pytest.mark.parametrize("source", ["ics: a.ics", "csv: a.csv", "jsonld: https://example.org"])
def test_a_source_that_is_not_built_is_refused(source: str) -> None:
    text = files.FULL.replace("yaml: events/finale.yaml", source)
    kind = source.partition(":")[0]
    assert mistakes(text) == [f"19:5: '{kind}' is not yet built; take it out for now"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "every: month on day 1",
            "every: month on day 32",
            (
                "37:12: 'month on day 32 at 09:00' is not understood; expected 'day at 09:00', "
                "'week on Monday at 09:00', 'month on day 1 at 09:00' "
                "or 'month on the first Monday at 09:00'"
            ),
        ),
        (
            "wait_for: recording",
            "wait_for: recordng",
            (
                "29:15: 'recordng' is not a fact to wait for (did you mean 'recording'?); "
                "expected recording"
            ),
        ),
        ("covers: 1 month", "covers: 1 moth", None),
        ("upcoming: at least 1", "upcoming: at least", None),
        ("approve: 6 hours", "approve: maybe", None),
        ("otherwise: recap-plain", "otherwise: ../x", None),
        ("wait_until: 14 days after end", "wait_until: 14 days", None),
    ],
)
def test_a_mistake_in_a_word_is_told_where_it_stands(
    right: str, wrong: str, message: str | None
) -> None:
    [told] = mistakes(EXAMPLE.replace(right, wrong))
    assert message in {None, told}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "1:1: the file is empty; expected series:, channels: and posts:"),
        (b"# nothing yet\n", "1:1: the file is empty; expected series:, channels: and posts:"),
        (
            b"a: b\nname: M\xfcnchen\n",
            "2:8: this is not UTF-8 text; save the file with the encoding UTF-8",
        ),
        (b"\xff\xfea\x00", "1:1: this is not UTF-8 text; save the file with the encoding UTF-8"),
        (
            b"a: b\nname: \x00\n",
            "2:7: the invisible character U+0000 cannot stand here: delete it",
        ),
        (b"#" * 1_000_001, "1:1: the file has 1,000,001 bytes; expected at most 1,000,000"),
        (
            b"- a\n- b\n",
            (
                "1:1: a list stands here; "
                "expected series:, sources:, channels:, quiet_hours:, limits:, posts:"
            ),
        ),
        (
            b"hello\n",
            (
                "1:1: 'hello' stands here; "
                "expected series:, sources:, channels:, quiet_hours:, limits:, posts:"
            ),
        ),
    ],
)
def test_what_is_no_such_file_has_one_clear_mistake(data: bytes, message: str) -> None:
    assert mistakes(data) == [message]


def test_a_byte_order_mark_is_no_mistake() -> None:
    text = "\ufeff" + files.FULL
    assert read(text.encode(), name="s.yaml").rules == read(files.FULL, name="s.yaml").rules
    # Even in the first line it moves no column.
    wrong = "\ufeff{posts: {a: {when: 1 hour befor start}}}"
    assert any(line.startswith("1:27: 'befor'") for line in mistakes(wrong))


def test_no_more_than_a_hundred_mistakes_are_told() -> None:
    text = "".join(f"wrong{number}: 1\n" for number in range(300))
    assert len(mistakes(text)) == 100


def _scalars(node: Node, *, keys: bool) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [] if keys else [node]
    if isinstance(node, Sequence):
        return [each for item in node.items for each in _scalars(item, keys=keys)]
    own = [key for key, _ in node.entries] if keys else []
    return own + [each for _, value in node.entries for each in _scalars(value, keys=keys)]


def _replaced(scalar: Scalar, other: str) -> str:
    lines = files.FULL.splitlines(keepends=True)
    line, start = lines[scalar.line - 1], scalar.column - 1
    end = start + len(scalar.text) + (2 if scalar.quoted else 0)
    lines[scalar.line - 1] = line[:start] + other + line[end:]
    return "".join(lines)


@pytest.mark.parametrize(
    "scalar", _scalars(parse(files.FULL, "s.yaml"), keys=False), ids=lambda each: each.text
)
@pytest.mark.parametrize("junk", ["{nonsense: 1}", "[[]]", '""'])
def test_a_wrong_value_anywhere_is_told_where_it_stands(scalar: Scalar, junk: str) -> None:
    told = read_mistakes(_replaced(scalar, junk))
    assert [mistake.line for mistake in told] == [scalar.line]
    assert scalar.column <= told[0].column <= scalar.column + 1


@pytest.mark.parametrize(
    "key", _scalars(parse(files.FULL, "s.yaml"), keys=True), ids=lambda each: each.text
)
def test_a_wrong_key_anywhere_is_told_where_it_stands(key: Scalar) -> None:
    told = read_mistakes(_replaced(key, "-?-"))
    places = [(mistake.line, mistake.column) for mistake in told]
    assert (key.line, key.column) in places


def read_mistakes(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(MistakesError) as caught:
        read(text, name="s.yaml")
    return caught.value.mistakes


def spoken(language: str) -> str:
    return files.FULL.replace("\n  url:", f"\n  language: {language}\n  url:", 1)


def test_dates_are_said_in_the_language_of_the_series_or_of_the_channel() -> None:
    text = spoken("de-DE").replace(
        "platform: local", "platform: local\n    language: EN-us\n    also_zone: America/New_York"
    )
    schedules = read(text, name="s.yaml")
    assert schedules.series.language == "de-DE"
    assert schedules.channels["x"].language is None
    trial = schedules.channels["trial"]
    assert (trial.language, trial.also_zone) == ("en-US", "America/New_York")
    assert read(files.FULL, name="s.yaml").series.language == "en-GB"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", "dates are not said in 'ja' here; expected one of cy, da, de, "),
        ("de-XX", "'de-XX' is not a language of a country that is known; try 'de'"),
        ("en_GB", "write '-' instead of '_', as in en-GB"),
        ("German", "expected a language, such as en-GB or de-DE"),
    ],
)
def test_a_language_dates_are_not_said_in_is_a_mistake(language: str, told: str) -> None:
    with pytest.raises(MistakesError) as caught:
        read(spoken(language), name="s.yaml")
    [mistake] = caught.value.mistakes
    assert (mistake.line, told in mistake.message) == (5, True), mistake


def test_a_notice_is_told_of_a_change_that_has_stood_for_a_while() -> None:
    text = files.FULL.replace("when: 1 day after end at 10:00", "on: recording").replace(
        "    days: mon-fri\n", ""
    )
    [_, recap, moved] = read(text, name="s.yaml").rules
    assert recap.when == OnChange(change=Change.RECORDING, settle=timedelta(minutes=15))
    assert moved.when == OnChange(change=Change.MOVED, settle=timedelta(minutes=30))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "on: recordng",
            (
                "'recordng' is not a change (did you mean 'recording'?); expected added, moved, "
                "cancelled, postponed, reinstated, recording or changed"
            ),
        ),
        (
            "on: recording",
            "'days' is not for notices: they are told as soon as a change has stood; take it out",
        ),
    ],
)
def test_a_mistake_in_a_notice_is_told(line: str, told: str) -> None:
    text = files.FULL.replace("when: 1 day after end at 10:00", line)
    assert [one.partition(": ")[2] for one in mistakes(text)] == [told]
