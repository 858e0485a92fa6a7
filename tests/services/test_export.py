from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot import sources
from bot.core.model import Event, Format, Status, zone
from bot.services.export import as_yaml
from bot.sources import wordings
from tests.support.builders import event
from tests.support.words import OUTSIDE, texts

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Europe/Amsterdam", "UTC"]


def read_back(text, timezone="Europe/London"):
    reading = sources.read("yaml", text.encode(), name="e.yaml", timezone=timezone)
    assert not reading.refusals, reading.refusals
    return [Event(uid=entry.uid, **entry.fields) for entry in reading.entries]


def written():
    """A text as a source has it: one line, and UTF-8."""
    found = texts(OUTSIDE).map(lambda text: text.encode(errors="ignore").decode())
    return found.map(lambda text: " ".join(text.split())[:500].strip())


def moments():
    days = st.dates(date(1901, 1, 1), date(2198, 1, 1))
    seconds = st.integers(0, 86399)
    return st.builds(
        lambda day, second: (
            datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=second)
        ),
        days,
        seconds,
    )


@st.composite
def events(draw, uid="e"):
    starts = draw(moments())
    length = timedelta(days=draw(st.integers(0, 3)), minutes=draw(st.integers(1, 600)))
    ends = draw(st.sampled_from([None, starts + length]))
    if draw(st.booleans()):
        starts, ends = starts.date(), (starts + length).date()
    title = draw(written())
    assume(title)
    return Event(
        uid=uid,
        title=title,
        starts=starts,
        ends=ends,
        timezone=draw(st.sampled_from(ZONES)),
        kind=wordings.field("kind", draw(written())),
        format=draw(st.sampled_from([None, *Format])),
        location=draw(written()),
        url=draw(st.sampled_from(["", "https://x.org/?a=b&c#d", "https://x.org/~x/'\"{}"])),
        recording_url=draw(st.sampled_from(["", "https://x.org/é"])),
        summary=wordings.field("summary", draw(written()) + "\n\n  " + draw(written())),
        hosts=wordings.field("hosts", draw(st.lists(written(), max_size=3))),
        tags=wordings.field("tags", draw(st.lists(written(), max_size=3))),
        image=wordings.field("image", draw(written())),
        status=draw(st.sampled_from(list(Status))),
    )


@settings(max_examples=100, deadline=None)
@given(events())
def test_what_is_exported_is_read_back_as_the_same_event(one):
    assert read_back(as_yaml([one])) == [one]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), max_size=5))
def test_a_list_of_events_is_read_back_in_its_order(found):
    named = [
        Event(**{name: getattr(one, name) for name in one.__dataclass_fields__} | {"uid": f"e{at}"})
        for at, one in enumerate(found)
    ]
    read = read_back(as_yaml(named), timezone="Asia/Kolkata")
    assert [one.uid for one in read] == [one.uid for one in named]
    assert read == named


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ("2021-06-09", "2021-06-09"),
        ("2021-06-09 11:00", "2021-06-09 11:00"),
        ("2021-10-31 01:30", "2021-10-31 01:30"),
    ],
)
def test_a_moment_is_written_as_the_clock_shows_it(starts, said):
    assert f"  starts: {said}\n" in as_yaml([event(starts)])


def test_the_second_of_two_equal_clock_times_is_written_in_utc():
    second = datetime(2021, 10, 31, 1, 30, tzinfo=UTC)
    assert second.astimezone(zone("Europe/London")).fold == 1
    one = Event(uid="e", title="T", starts=second, timezone="Europe/London")
    assert "2021-10-31 01:30:00Z" in as_yaml([one])
    assert read_back(as_yaml([one])) == [one]


@pytest.mark.parametrize("title", ["null", "~", "yes", "12:30", "2021-06-09", "- a", "# a", "a: b"])
def test_a_title_yaml_would_take_for_something_else_stays_one(title):
    assert [one.title for one in read_back(as_yaml([event(title=title)]))] == [title]
