import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Format, Reading, Status
from bot.errors import BotError, MistakesError, SourceError
from bot.sources import yaml

FINALE = Path(__file__).parents[2] / "events" / "finale.yaml"


def read(text: str, **defaults: object) -> Reading:
    return yaml.read(
        textwrap.dedent(text).strip().encode(),
        name="e.yaml",
        timezone="Europe/London",
        defaults=defaults,
    )


def refused(text: str) -> list[tuple[int, str]]:
    reading = read(text)
    assert reading.entries == []
    return [(refusal.line, refusal.reason) for refusal in reading.refusals]


def mistakes(text: str) -> str:
    with pytest.raises(MistakesError) as caught:
        read(text)
    return str(caught.value)


def test_the_finale_is_one_conference_in_one_place() -> None:
    reading = yaml.read(
        FINALE.read_bytes(), name="finale.yaml", timezone="Europe/London", defaults={}
    )
    assert reading.refusals == []
    assert [dict(entry.fields) for entry in reading.entries] == [
        {
            "title": "Midlands Health & Life Science Symposium",
            "starts": date(2021, 11, 24),
            "ends": date(2021, 11, 24),
            "timezone": "Europe/London",
            "kind": "conference",
            "format": Format.IN_PERSON,
            "summary": "The finale of this year's series.",
            "status": Status.CONFIRMED,
        }
    ]


def test_every_key_is_read() -> None:
    (entry,) = read("""
        events:
          - uid: finale@example.org
            title:   The
              finale
            starts: 2021-11-24 09:30
            ends: 2021-11-24T17:00
            timezone: Europe/Paris
            kind: conference
            format: hybrid
            location: Leicester
            url: https://x.example/a
            recording_url: https://x.example/b
            summary: |
              Two
              lines
            hosts: [One, "Two, Three"]
            tags: health
            image: finale.png
            status: tentative
    """).entries
    assert (entry.line, entry.uid, entry.source_id) == (
        2,
        "finale@example.org",
        "finale@example.org",
    )
    assert entry.fields == {
        "title": "The finale",
        "starts": datetime(2021, 11, 24, 8, 30, tzinfo=UTC),
        "ends": datetime(2021, 11, 24, 16, tzinfo=UTC),
        "timezone": "Europe/Paris",
        "kind": "conference",
        "format": Format.HYBRID,
        "location": "Leicester",
        "url": "https://x.example/a",
        "recording_url": "https://x.example/b",
        "summary": "Two\nlines",
        "hosts": ("One", "Two, Three"),
        "tags": ("health",),
        "image": "finale.png",
        "status": Status.TENTATIVE,
    }
    assert entry.assumed == frozenset()


@pytest.mark.parametrize("title", ["no", "12:30", "2021-06-09", "007", "1.0", "on"])
def test_a_title_is_taken_as_written(title: str) -> None:
    (entry,) = read(f"- title: {title}\n  starts: 2021-06-09").entries
    assert entry.fields["title"] == title


@pytest.mark.parametrize(
    ("written", "starts"),
    [
        ("2021-11-24", date(2021, 11, 24)),
        ("'2021-11-24'", date(2021, 11, 24)),
        ("2021-11-24 09:30", datetime(2021, 11, 24, 9, 30, tzinfo=UTC)),
        ("2021-11-24T09:30:00", datetime(2021, 11, 24, 9, 30, tzinfo=UTC)),
        ("2021-11-24T09:30Z", datetime(2021, 11, 24, 9, 30, tzinfo=UTC)),
        ("2021-11-24 09:30 +02:00", datetime(2021, 11, 24, 7, 30, tzinfo=UTC)),
        ("2021-11-24T09:30-0530", datetime(2021, 11, 24, 15, 0, tzinfo=UTC)),
        ("2021-06-09 09:30", datetime(2021, 6, 9, 8, 30, tzinfo=UTC)),
        ("2021-10-31 01:30", datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_local_unless_it_has_an_offset(written: str, starts: date) -> None:
    (entry,) = read(f"- title: A\n  starts: {written}").entries
    assert entry.fields["starts"] == starts
    assert isinstance(entry.fields["starts"], datetime) is isinstance(starts, datetime)


def test_the_end_of_an_all_day_event_is_its_last_day() -> None:
    for day in (3, 4):
        (entry,) = read(f"- {{title: A, starts: 2021-06-03, ends: 2021-06-0{day}}}").entries
        assert entry.fields["ends"] == date(2021, 6, day)


@pytest.mark.parametrize(
    ("item", "line", "words"),
    [
        ("- title: A", 1, "an event needs a title: and a starts:; there is no starts"),
        ("- starts: 2021-06-09", 1, "there is no title"),
        ("- title:\n  starts: 2021-06-09", 1, "the title is empty"),
        ("- title: #A\n  starts: 2021-06-09", 1, "text with a # or a colon needs quotes"),
        ("- title: A\n  strats: 2021-06-09", 2, "unknown key 'strats' (did you mean 'starts'?)"),
        ("- title: A\n  starts: 2021-06-09\n  loction: B", 3, "(did you mean 'location'?)"),
        ("- title: A\n  starts: 2021-06-31", 2, "there is no 31 June"),
        ("- title: A\n  starts: 2021-13-01", 2, "there is no month 13"),
        ("- title: A\n  starts: 0021-06-09", 2, "the year 21 is not between"),
        ("- title: A\n  starts: 9 June", 2, "'9 June' is no date; expected 2021-11-24 or"),
        ("- title: A\n  starts: [a]", 2, "expected a date"),
        ("- title: A\n  starts: 2021-06-09 25:00", 2, "there is no clock time 25:00"),
        ("- title: A\n  starts: 2021-06-09 09:00+25:00", 2, "there is no offset +25:00"),
        ("- title: A\n  starts: 2021-03-28 01:30", 2, "01:30 does not exist on 2021-03-28"),
        ("- title: A\n  starts: 2021-06-09\n  ends: 2021-06-08", 3, "it ends before it starts"),
        ("- title: A\n  starts: 2021-06-09 09:00\n  ends: 2021-06-09 09:00", 3, "or at once"),
        ("- title: A\n  starts: 2021-06-09 09:00\n  ends: 2021-06-09", 3, "or neither"),
        ("- title: A\n  starts: 2021-06-09\n  timezone: Europe/Londn", 3, "'Europe/London'"),
        ("- title: A\n  starts: 2021-06-09\n  timezone: ../x", 3, "there is no time zone '../x'"),
        ("- title: A\n  starts: 2021-06-09\n  format: inperson", 3, "(did you mean 'in-person'?)"),
        ("- title: A\n  starts: 2021-06-09\n  status: canceled", 3, "(did you mean 'cancelled'?)"),
        ("- title: A\n  starts: 2021-06-09\n  url: x.example", 3, "'x.example' is not a link"),
        ("- title: A\n  starts: 2021-06-09\n  url: javascript:x", 3, "is not a link"),
        ("- title: A\n  starts: 2021-06-09\n  location: [a]", 3, "location: a list stands here"),
        ("- title: A\n  starts: 2021-06-09\n  tags: {a: b}", 3, "expected a text, or a list"),
        ("- title: A\n  starts: 2021-06-09\n  uid: a b", 3, "without spaces"),
        ("- title: A\n  starts: 2021-06-09\n  uid: series", 3, "means the series itself"),
        (f"- title: {'A' * 501}\n  starts: 2021-06-09", 1, "501 characters"),
        ("- just text", 1, "this is no event"),
    ],
)
def test_a_bad_item_is_refused_at_its_line_and_the_rest_is_read(
    item: str, line: int, words: str
) -> None:
    (found,) = refused(item)
    assert found[0] == line
    assert words in found[1]
    reading = read(
        f"- {{title: B, starts: 2021-06-09}}\n{item}\n- {{title: C, starts: 2021-06-09}}"
    )
    assert [entry.fields["title"] for entry in reading.entries] == ["B", "C"]
    assert [refusal.line for refusal in reading.refusals] == [line + 1]


def test_a_refusal_quotes_its_line() -> None:
    (refusal,) = read("- title: A\n  starts:   9 June\n  kind: x").refusals
    assert refusal.text == "starts: 9 June"


def test_a_uid_given_twice_is_refused_the_second_time() -> None:
    text = "- {title: A, starts: 2021-06-09, uid: x}\n- {title: B, starts: 2021-06-10, uid: x}"
    reading = read(text)
    assert len(reading.entries) == 1
    assert [r.reason for r in reading.refusals] == ["the uid 'x' is already that of line 1"]


def test_an_event_given_twice_is_one() -> None:
    (entry,) = read(
        "- {title: A, starts: 2021-06-09}\n- {title: a, starts: 2021-06-09, kind: x}"
    ).entries
    assert (entry.fields["title"], entry.fields["kind"]) == ("A", "x")


def test_defaults_fill_in() -> None:
    one, other = read(
        "- {title: A, starts: 2021-06-09}\n- {title: B, starts: 2021-06-09, format: hybrid}",
        format="virtual",
    ).entries
    assert (one.fields["format"], "format" in one.assumed) == (Format.VIRTUAL, True)
    assert (other.fields["format"], "format" in other.assumed) == (Format.HYBRID, False)


@pytest.mark.parametrize("text", ["[]", "events: []"])
def test_a_list_may_be_empty(text: str) -> None:
    assert read(text) == Reading(entries=[], refusals=[])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just text", "e.yaml:1:1: expected a list of events"),
        ("events:\n  a: b", "e.yaml:2:3: expected a list of events"),
        ("evnts: []", "e.yaml:1:1: expected 'events:' with a list"),
        ("title: A\nstarts: 2021-06-09", "an event is an item of the list"),
        ("events: []\nmore: x", "e.yaml:2:1: unknown key 'more'"),
        ("- title: A\n  title: B", "e.yaml:2:3: 'title' stands here twice"),
        ("- title: A\n\tstarts: x", "e.yaml:2:1: a tab stands here"),
        ("- title: A: B", "e.yaml:1:11: a colon and a space inside a value"),
        ("- &a title\n- *a", "e.yaml:1:3: &a: anchors and aliases"),
    ],
)
def test_a_file_that_is_none_of_events_is_a_mistake_with_its_place(text: str, message: str) -> None:
    assert message in mistakes(text)


@pytest.mark.parametrize("data", [b"", b" \n", b"\0", b"caf\xe9"])
def test_what_is_no_text_cannot_be_read_at_all(data: bytes) -> None:
    with pytest.raises(SourceError):
        yaml.read(data, name="e.yaml", timezone="Europe/London", defaults={})


@given(
    st.dictionaries(
        st.sampled_from(yaml.KEYS),
        st.sampled_from(
            [
                "x",
                "",
                "~",
                "[a, b]",
                "{a: b}",
                "2021-06-09",
                "2021-06-09 10:00",
                "https://x.example",
            ]
        )
        | st.text(alphabet="a:[]{}'\" #-0", max_size=6),
        max_size=5,
    )
)
def test_any_item_is_read_or_refused_with_a_line(keys: dict[str, str]) -> None:
    text = "\n  ".join(f"{key}: {value}" for key, value in keys.items()) or "x"
    try:
        reading = read(f"- {text}")
    except BotError as error:
        assert str(error).startswith("e.yaml:")  # noqa: PT017 - either way is right
        return
    assert len(reading.entries) + len(reading.refusals) == 1
