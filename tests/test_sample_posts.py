"""The sample series in the sample words: what a follower would read."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot import sources
from bot.core.counting import MEASURES
from bot.core.linting import lint
from bot.core.model import Event, Series
from bot.rendering import Context, Post, Templates
from tests.support.builders import event

ROOT = Path(__file__).parents[1]
TEMPLATES = Templates.load(ROOT / "templates")
SERIES = Series(
    name="Midlands Health & Life Science Symposium",
    hashtag="#MidlandsHealth",
    timezone="Europe/London",
    url="https://midlandsinnovation.org.uk/MIHealth/Health-Life-Science-Symposium",
)
FOOT = f"All events: {SERIES.url}\n#MidlandsHealth"


def sample_events() -> Iterator[Event]:
    defaults = {"format": "virtual", "kind": "seminar"}
    for kind, name, year in (
        ("listing", "midlandshealth-2021.txt", 2021),
        ("yaml", "finale.yaml", None),
    ):
        data = (ROOT / "events" / name).read_bytes()
        reading = sources.read(
            kind, data, name=name, timezone=SERIES.timezone, year=year, defaults=defaults
        )
        for entry in reading.entries:
            yield Event(uid=f"{name}:{entry.line}", **entry.fields)


EVENTS = list(sample_events())


def moments(told: Event) -> Iterator[tuple[str, datetime]]:
    def at(day: int, clock: int, anchor: str = "first_day") -> datetime:
        date = getattr(told, anchor) + timedelta(days=day)
        return datetime.combine(date, time(clock), told.zone)

    yield from (("reminder", at(-7, 9)), ("reminder", at(-1, 12)), ("reminder", at(0, 8)))
    yield "recap", at(1, 10, "last_day")
    yield "recap", at(3, 10, "last_day")
    if not told.all_day:
        yield "starting", told.begins_at - timedelta(hours=1)


def post(name: str, told: Event, now: datetime, platform: str = "x") -> Post:
    context = Context(event=told, series=SERIES, rule=name)
    return TEMPLATES.render(name, platform, context, MEASURES[platform], now)


def test_the_sample_series_has_18_events() -> None:
    assert len(EVENTS) == 18


@pytest.mark.parametrize("platform", MEASURES)
@pytest.mark.parametrize("told", EVENTS, ids=lambda told: told.uid)
def test_every_post_of_the_sample_series_fits_and_reads_well(told: Event, platform: str) -> None:
    for name, now in moments(told):
        made = post(name, told, now, platform)
        assert made.limit is None or made.length <= made.limit
        assert made.shortened == ()
        assert made.text.count(SERIES.url) == 1
        own = {"links": made.links, "mentions": made.mentions}
        assert lint(made.text, hashtag=SERIES.hashtag, platform=platform, **own) == []


def named(start: str) -> Event:
    return next(told for told in EVENTS if told.title.startswith(start))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SERIES.zone)


@pytest.mark.parametrize(
    ("template", "title", "now", "expected"),
    [
        (
            "reminder",
            "14th UK & Ireland",
            "2021-05-27 09:00",
            (
                "In a week: 14th UK & Ireland Occupational and Environmental Epidemiology Society"
                f" Meeting\nThu 3 – Fri 4 June, online\n\n{FOOT}"
            ),
        ),
        (
            "reminder",
            "CANDAL",
            "2021-06-08 12:00",
            f"Tomorrow: CANDAL seminar series 2021\nWed 9 June, online\n\n{FOOT}",
        ),
        (
            "starting",
            "Midlands Mass",
            "2021-04-14 10:00",
            (
                "Starting in 1 hour: Midlands Mass Spectrometry Group event series\n"
                f"Wed 14 April, 11:00–12:00 BST, online\n\n{FOOT}"
            ),
        ),
        (
            "reminder",
            "Midlands Health",
            "2021-11-24 08:00",
            (
                "Today: Midlands Health & Life Science Symposium\nWed 24 November, in person\n\n"
                f"The finale of this year's series.\n\n{FOOT}"
            ),
        ),
        (
            "recap",
            "Cabin Fever",
            "2021-06-11 10:00",
            (
                "Thank you to everyone who took part yesterday:\n"
                "Cabin Fever: How does isolation affect our mental health?\n\n"
                f"More in the series: {SERIES.url}\n#MidlandsHealth"
            ),
        ),
    ],
)
def test_a_post_reads_like_this(template: str, title: str, now: str, expected: str) -> None:
    assert post(template, named(title), local(now)).text == expected


def test_a_recap_gives_the_recording_where_there_is_one() -> None:
    told = event(recording_url="https://youtu.be/abc", url="https://a.org/x")
    made = post("recap", told, local("2021-06-12 10:00"))
    assert made.text == (
        "Watch again: CANDAL seminar series 2021\nHeld on Wed 9 June\n\n"
        "The recording: https://youtu.be/abc\n#MidlandsHealth"
    )


def test_a_place_hosts_and_a_summary_are_told_while_there_is_room() -> None:
    told = event(
        "2021-11-24 09:30",
        "2021-11-24 16:30",
        title="Finale",
        format="in-person",
        location="The Exchange, Birmingham",
        hosts=("Ann Lee", "Bo Ray"),
        summary="A day of talks.",
        url="https://a.org/x",
    )
    made = post("reminder", told, local("2021-11-23 12:00"))
    assert made.text == (
        "Tomorrow: Finale\nWed 24 November, 09:30–16:30 GMT\nThe Exchange, Birmingham\n\n"
        "A day of talks.\n\nHosted by Ann Lee and Bo Ray\n\nDetails: https://a.org/x\n#MidlandsHealth"
    )


@pytest.mark.parametrize("template", ["reminder", "starting", "recap"])
def test_the_longest_of_titles_still_makes_a_post(template: str) -> None:
    told = event("2021-06-09 11:00", title="A title of many words " * 40, summary="x " * 300)
    made = post(template, told, local("2021-06-09 10:00"))
    assert made.length <= 280
    assert made.text.endswith("#MidlandsHealth")
    assert "…\n" in made.text


def test_without_any_link_no_line_asks_for_one() -> None:
    bare = Series(name="S", hashtag="#S", timezone="Europe/London")
    context = Context(event=event(), series=bare, rule="r")
    now = local("2021-06-08 12:00")
    texts = [
        TEMPLATES.render(name, "x", context, MEASURES["x"], now).text
        for name in ("reminder", "starting", "recap")
    ]
    assert [text for text in texts if ": \n" in text or "Details" in text] == []


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        (
            "x",
            (
                "Coming up in June:\n"
                "• Thu 3 – Fri 4 June: 14th UK & Ireland Occupational and Environmental"
                " Epidemiology Society Meeting\n• Wed 9 June: CANDAL seminar series 2021\n"
                "• Wed 9 June: Centre for Dementia Seminar Series\n… and 1 more\n\n"
            ),
        ),
        (
            "mastodon",
            (
                "Coming up in June:\n"
                "• Thu 3 – Fri 4 June: 14th UK & Ireland Occupational and Environmental"
                " Epidemiology Society Meeting\n• Wed 9 June: CANDAL seminar series 2021\n"
                "• Wed 9 June: Centre for Dementia Seminar Series\n"
                "• Thu 10 June: Cabin Fever: How does isolation affect our mental health?\n\n"
            ),
        ),
    ],
)
def test_a_month_ahead_reads_like_this(platform: str, expected: str) -> None:
    june = event("2021-06-01", "2021-06-30", title=SERIES.name)
    events = [told for told in EVENTS if told.first_day.month == 6]
    context = Context(series=SERIES, rule="month-ahead", events=events, period=june)
    now = local("2021-06-01 09:00")
    made = TEMPLATES.render("digest", platform, context, MEASURES[platform], now)
    assert made.text == expected + FOOT


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2021-08-01", "2021-08-31", "Nothing is on in August."),
        ("2021-08-02", "2021-08-08", "Nothing is on this week."),
        ("2021-08-02", "2021-08-02", "Nothing is on today."),
        ("2021-08-03", "2021-08-16", "Nothing is on Tue 3 – Mon 16 August."),
    ],
)
def test_a_time_without_events_names_the_next(first: str, last: str, words: str) -> None:
    context = Context(
        series=SERIES, rule="r", period=event(first, last), next=named("Midlands Hea")
    )
    made = TEMPLATES.render("digest", "x", context, MEASURES["x"], local(f"{first} 09:00"))
    assert made.text == (
        f"{words}\nNext: Midlands Health & Life Science Symposium\nWed 24 November\n\n{FOOT}"
    )


def test_the_wrap_of_a_season_says_what_can_be_watched_again() -> None:
    seen = [
        event(uid="a", title="CANDAL", recording_url="https://youtu.be/a"),
        event(uid="b", title="No film of it"),
        event(uid="c", title="Cabin Fever", recording_url="https://youtu.be/c"),
    ]
    finale = named("Midlands Health")
    context = Context(event=finale, series=SERIES, rule="wrap", events=seen, total=18)
    made = TEMPLATES.render("wrap", "x", context, MEASURES["x"], local("2021-12-01 10:00"))
    assert made.text == (
        "That was the Midlands Health & Life Science Symposium. Thank you to everyone who took part"
        " in its 18 events.\n▶ CANDAL: https://youtu.be/a\n▶ Cabin Fever: https://youtu.be/c\n\n"
        f"All events: {SERIES.url}\n#MidlandsHealth"
    )
    assert made.listed == ("a", "c")
