import random
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Format, Status
from bot.core.naming import same
from bot.errors import SourceError
from bot.sources import listing
from tests.support.listings import only, read, reason
from tests.support.series_page import EVENTS, PAGE


def test_the_page_gives_exactly_its_events() -> None:
    reading = read(PAGE)
    assert [
        (e.fields["starts"], e.fields["ends"], e.fields["title"]) for e in reading.entries
    ] == EVENTS
    assert reading.refusals == []
    assert {e.fields["status"] for e in reading.entries} == {Status.CONFIRMED}
    assert all("url" not in e.fields and "recording_url" not in e.fields for e in reading.entries)


def test_an_event_stands_at_its_line() -> None:
    lines = PAGE.split("\n")
    for entry in read(PAGE).entries:
        assert same(entry.fields["title"]) in same(lines[entry.line - 1])


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_give_the_same(newline: str) -> None:
    assert read(PAGE.replace("\n", newline)) == read(PAGE)


@pytest.mark.parametrize(
    "line",
    [
        "9th June - Title", "June 9 - Title", "June 9th: Title", "9 of June - Title",
        "the 9th of June - Title", "9/6 - Title", "09/06/2021 | Title", "9.6.2021 - Title",
        "2021-06-09 - Title", "9 June 2021 \u2013 Title", "9-Jun-2021 - Title",
        "Wed 9th June - Title", "Wednesday, 9th June - Title", "9th June (Wed) - Title",
        "\u2022 9th June - Title", "- 9th June - Title", "* **9th June** - Title",
        "9th June- Title", "9th June-Title", "9th June -Title", "9TH JUNE \u2014 Title",
        "9th\u00a0June\u00a0-\u00a0Title", "\u200e9th June - Title", "9th Jun. - Title",
        "June 2021:\n9th - Title", "June 2021\nWed 9th: Title",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(line: str) -> None:
    fields = only(line).fields
    assert (fields["starts"], fields["ends"], fields["title"]) == (
        date(2021, 6, 9), date(2021, 6, 9), "Title",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("3rd - 4th June - Title", (6, 3), (6, 4)),
        ("30th June - 2nd July - Title", (6, 30), (7, 2)),
        ("15th - 17th Mar - Title", (3, 15), (3, 17)),
        ("June 9-11 - Title", (6, 9), (6, 11)),
        ("June 9-11, 2021 - Title", (6, 9), (6, 11)),
        ("Thu 3rd - Fri 4th June - Title", (6, 3), (6, 4)),
        ("3rd to 5th June: Title", (6, 3), (6, 5)),
        ("9th & 10th June - Title", (6, 9), (6, 10)),
        ("2021-06-09 - 2021-06-11 - Title", (6, 9), (6, 11)),
        ("June 2021:\n3rd - 4th - Title", (6, 3), (6, 4)),
    ],
)
def test_events_of_several_days_have_a_first_and_a_last(
    line: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    fields = only(line).fields
    assert (fields["starts"], fields["ends"], fields["title"]) == (
        date(2021, *first), date(2021, *last), "Title",
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "2 of the 3 largest UK NHS Trusts", "14% of all UK employment", "7 leading schools",
        "the 2nd largest cluster", "2nd largest cluster", "10 - 12 people", "March for science",
        "May we invite you", "June: a month", "Monday mornings are hard", "4 Marvellous talks",
        "1st-class speakers - come and see", "21st century medicine", "0116 496 0000",
        "11:00 - Welcome", "(9th June)", "In June 2021 we met", "On 9th June - we met", "100 June",
        "To follow this series go to #MidlandsHealth", "\u2022", "---", "9", "2021-22",
    ],
)  # fmt: skip
def test_prose_is_passed_over(line: str) -> None:
    for text in (line, f"June 2021:\n{line}"):
        reading = read(text)
        assert (reading.entries, reading.refusals) == ([], [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("31st June - Title", "there is no 31 June"),
        ("29th Feb - Title", "there is no 29 February 2021"),
        ("0th June - Title", "there is no 0 June"),
        ("9/13 - Title", "there is no month 13 (9/6 is 9 June)"),
        ("9/6/21 - Title", "the year '21' is written with four digits"),
        ("9nd June - Title", "there is no '9nd'"),
        ("Thu 9th June - Title", "9 June 2021 is a Wednesday, not a Thursday"),
        ("Thu 3rd - Sat 4th June - Title", "4 June 2021 is a Friday, not a Saturday"),
        ("4th - 3rd June - Title", "it ends on 3 June 2021, before it starts on 4 June 2021"),
        ("9th June", "there is a date, but no title"),
        ("9th June - ", "there is a date, but no title"),
        ("9th June - CANCELLED", "there is a date, but no title"),
        ("9th June - Watch Here", "there is a date, but no title"),
        ("9th June saw the launch", "after '9th June' a dash is expected"),
        ("4 Mar...", "a dash is expected"),
        ("3/4 June - Title", "after '3/4' a dash is expected"),
        ("9th and 11th June - Title", "write a line for each"),
        ("9th June - 10th - Title", "may be a range or a date and a title"),
        ("9th June - 14th July Festival", "may be a range, or a date and the beginning of a title"),
        ("9th Jnue - Title", "'Jnue' is no month; is it June?"),
        ("June 2021 - Title", "a month is named, but no day"),
        ("9th - Title", "no month is named"),
        ("June:\n9 - Title", "for a day, write 9th"),
        ("9th June - The 11:00 club", "the clock time '11:00' cannot be placed"),
        ("9th June - The 9am club", "the clock time '9am' cannot be placed"),
        ("9th June - Title 12:00-11:00", "it ends at 11:00, not after 12:00"),
        ("9th June - Title. 25:00", "there is no clock time 25:00"),
        ("9th June - Title. 2:30", "may be in the morning or in the afternoon"),
        ("9th June - Title 10 - 11am", "may belong to the title or to the clock time"),
        ("9th June, 10:00 - Title. 11:00", "it holds two clock times"),
        ("9th June - Title. 11:00 GMT", "has BST on that day"),
        ("28th March - Title. 01:30", "01:30 does not exist on 2021-03-28"),
        ("3rd - 4th June - Title. 11:00", "cannot be placed on an event of several days"),
        ("9th June - How the fair was cancelled", "if it is the status, write CANCELLED"),
        ("9th June - POSTPONED Title CANCELLED", "it is cancelled and postponed at once"),
        (f"9th June - {'long ' * 110}", "the title has 549 characters"),
        (f"9th June - {'long ' * 1100}", "the line has 5,510 characters"),
    ],
)
def test_what_begins_like_a_date_is_read_whole_or_refused(line: str, words: str) -> None:
    assert words in reason(line)


def test_a_refusal_has_its_line_and_quotes_it_shortened() -> None:
    (refusal,) = read(f"June 2021:\n\n31st June - {'very ' * 40}long").refusals
    assert refusal.line == 3
    assert refusal.text.startswith("31st June - very")
    assert refusal.text.endswith("…")
    assert len(refusal.text) <= 80


@pytest.mark.parametrize(
    ("line", "starts", "ends"),
    [
        ("14th April - Title. 11:00-12:00", 10, 11),
        ("14th April - Title. 11:00-12:00  Watch Here", 10, 11),
        ("14th April - Title, 11am - 1pm", 10, 12),
        ("14th April - Title at 14:00", 13, None),
        ("14th April - Title (11:00 - 12:00 BST)", 10, 11),
        ("14th April - Title | 11.00-12.00", 10, 11),
        ("14th April - Title 2-3pm", 13, 14),
        ("14th April, 11:00 - Title", 10, None),
        ("14th April 11:00-12:00 - Title", 10, 11),
        ("14th April - 11:00-12:00 - Title", 10, 11),
        ("Wed 14 April at 11am: Title", 10, None),
    ],
)
def test_a_clock_time_is_local_time(line: str, starts: int, ends: int | None) -> None:
    fields = only(line).fields
    assert fields["title"] == "Title"
    assert fields["starts"] == datetime(2021, 4, 14, starts, tzinfo=UTC)
    assert fields["ends"] == (None if ends is None else datetime(2021, 4, 14, ends, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("9th June - CANCELLED Title", Status.CANCELLED),
        ("9th June - Title CANCELLED", Status.CANCELLED),
        ("9th June - Title - Cancelled", Status.CANCELLED),
        ("9th June - Title (canceled)", Status.CANCELLED),
        ("9th June CANCELLED - Title", Status.CANCELLED),
        ("CANCELLED: 9th June - Title", Status.CANCELLED),
        ("[Postponed] 9th June - Title", Status.POSTPONED),
        ("9th June - POSTPONED: Title", Status.POSTPONED),
        ("9th June - Title POSTPONED (TBC)", Status.POSTPONED),
        ("9th June - Title (TBC)", Status.TENTATIVE),
        ("9th June - Title tbc", Status.TENTATIVE),
        ("9th June - Title", Status.CONFIRMED),
    ],
)
def test_a_status_is_taken_from_the_title(line: str, status: Status) -> None:
    fields = only(line).fields
    assert (fields["title"], fields["status"]) == ("Title", status)


@pytest.mark.parametrize(
    "title",
    [
        "14th UK & Ireland Meeting", "10 years of genomics", "5G for health", "Release 2.10",
        "Fridays (get in touch for joining details)", "Is it translatable?", "Launch | Showcase",
        "9/11 remembered",
        "2021: A Health Odyssey", "Ratio 1:100", "COVID-19", "Dr. No", "TBA", "Wednesday Club",
        "How cancelled flights spread disease", "Watch here and there", "June in Leicester",
    ],
)  # fmt: skip
def test_a_title_stays_as_it_is(title: str) -> None:
    assert only(f"9th June - {title}").fields["title"] == title
    assert only(f"3rd - 4th June - {title}").fields["title"] == title


@pytest.mark.parametrize("words", ["Watch Here", "Event Details", "[Watch Here] (Event Details)"])
def test_link_words_leave_the_title(words: str) -> None:
    assert only(f"9th June - Title {words}").fields["title"] == "Title"


def test_addresses_behind_link_words_are_kept() -> None:
    fields = only(
        "9th June - Title. Watch Here: https://a.example/b Event Details <https://c.example>"
    ).fields
    assert (fields["recording_url"], fields["url"]) == ("https://a.example/b", "https://c.example")


def years(text: str, year: int | None = None) -> list[int]:
    reading = read(text, year)
    assert not reading.refusals, reading.refusals
    return [entry.fields["starts"].year for entry in reading.entries]


def test_the_year_is_that_of_the_nearest_heading() -> None:
    text = "June 2021:\n9th June - A\nJuly 2022:\n9th July - B\nAugust:\n9th Aug - C"
    assert years(f"{text}\n2023\n1st May - D") == [2021, 2022, 2022, 2023]


def test_a_year_in_the_line_comes_first() -> None:
    assert years("June 2021:\n9th June 2020 - A\n10th June - B") == [2020, 2021]


def test_a_part_of_the_page_ends_the_year_above_it() -> None:
    text = "Upcoming Events:\nJanuary 2022:\n9th Jan - A\nPrevious Events:\n9th Dec - B"
    assert years(text, 2021) == [2022, 2021]
    assert years(text.replace("Previous Events:", "Previous Events (2020):"), 2021) == [2022, 2020]
    (refusal,) = read(text, None).refusals
    assert (refusal.line, "no year is known" in refusal.reason) == (5, True)


def test_from_december_to_january_the_year_rolls_over() -> None:
    text = "1st Nov - A\n5th Dec - B\n10th Jan - C\n2nd Feb - D\n9th Dec - E\n1st Jan - F"
    assert years(text, 2021) == [2021, 2021, 2022, 2022, 2022, 2023]
    assert years("December 2021:\n5th Dec - B\nJanuary:\n10th Jan - C") == [2021, 2022]


def test_in_falling_order_no_year_rolls_over() -> None:
    assert years("20th Dec - A\n5th Dec - B\n10th Jan - C", 2021) == [2021, 2021, 2021]


def test_falling_into_december_is_refused_unless_the_year_is_named() -> None:
    text = "20th Feb - A\n5th Jan - B\n10th Dec - C"
    (refusal,) = read(text, 2021).refusals
    assert "which year is meant?" in refusal.reason
    assert years(f"2021:\n{text}") == [2021, 2021, 2021]
    (refusal,) = read("January 2022:\n30th Dec - 2nd Jan - A").refusals
    assert "which year is meant?" in refusal.reason


def test_an_event_over_new_year_ends_in_the_next() -> None:
    for line in (
        "30th Dec - 2nd Jan - A",
        "30th Dec - 2nd Jan 2022 - A",
        "30th Dec 2021 - 2nd Jan - A",
    ):
        fields = only(line).fields
        assert (fields["starts"], fields["ends"]) == (date(2021, 12, 30), date(2022, 1, 2))


def test_a_month_holds_below_its_heading_only() -> None:
    assert read("June 2021:\n9th - A").entries[0].fields["starts"] == date(2021, 6, 9)
    for heading in ("Previous Events:", "2021", "June & July 2021:", "Elsewhere:"):
        (refusal,) = read(f"June 2021:\n{heading}\n9th - A").refusals
        assert "no month is named" in refusal.reason


def test_identical_lines_and_events_under_both_headings_are_one() -> None:
    text = "9th June - A\n9th June -  a  Watch Here: https://x.example\n9th June - A. 11:00-12:00"
    entry = only(f"Upcoming Events:\n{text}\nPrevious Events:\n9th June - A CANCELLED")
    assert (entry.line, entry.fields["title"]) == (2, "A")
    assert entry.fields["starts"] == datetime(2021, 6, 9, 10, tzinfo=UTC)
    assert entry.fields["recording_url"] == "https://x.example"
    assert entry.fields["status"] is Status.CANCELLED


def test_two_times_on_one_day_are_two_events() -> None:
    assert len(read("9th June - A. 10:00\n9th June - A. 14:00\n9th June - A").entries) == 3


def test_defaults_fill_in_and_are_known_as_such() -> None:
    reading = listing.read(
        b"9th June - A TBC\n10th June - B",
        name="p",
        timezone="Europe/London",
        year=2021,
        defaults={
            "format": "virtual",
            "kind": "seminar",
            "tags": ["a", "b"],
            "status": "tentative",
        },
    )
    one, other = reading.entries
    assert one.fields == {
        "title": "A", "timezone": "Europe/London", "starts": date(2021, 6, 9),
        "ends": date(2021, 6, 9), "status": Status.TENTATIVE, "format": Format.VIRTUAL,
        "kind": "seminar", "tags": ("a", "b"),
    }  # fmt: skip
    assert one.assumed == {"format", "kind", "tags"}
    assert other.assumed == {"format", "kind", "tags", "status"}
    assert other.fields["status"] is Status.TENTATIVE


def test_a_default_that_cannot_be_is_refused() -> None:
    for defaults, words in (
        ({"fromat": "virtual"}, "there is no default 'fromat' (did you mean 'format'?)"),
        ({"format": "virtuel"}, "the default 'format': 'virtuel' is none of"),
    ):
        with pytest.raises(SourceError) as caught:
            listing.read(b"x", name="p", timezone="Europe/London", year=2021, defaults=defaults)
        assert words in str(caught.value)


HTML = """<!DOCTYPE html><html><head><title>1st June - Not</title></head><body>
<h3>June 2021:</h3>
<p><strong>9th&nbsp;June</strong> - Care &amp; cure<br>
10<sup>th</sup> June - Second <a href="/w?a=1&amp;b=2">Watch Here</a>
<a href='https://e.example/d'>Event Details</a></p>
<ul><li>11th June - <a href="https://t.example/x">Linked title</a></li>
<li><s>12th June - Struck out</s></li><li>13th June - <b>wrapped</b>
  title</li></ul>
<table><tr><td>14th June</td><td>In cells</td><td>11:00-12:00</td></tr></table>
<script>"15th June - no"</script><!-- 16th June - no -->
<p>17th June - Safe <a href="mailto:x@y">Event Details</a>
<a href="javascript:x()">Watch Here</a></p>
</body></html>"""


def test_a_page_in_html_gives_its_links() -> None:
    reading = read(HTML, None, name="https://s.example/events/")
    assert reading.refusals == []
    found = [
        (
            e.line,
            e.fields["starts"].day,
            e.fields["title"],
            e.fields.get("url"),
            e.fields.get("recording_url"),
        )
        for e in reading.entries
    ]
    assert found == [
        (3, 9, "Care & cure", None, None),
        (4, 10, "Second", "https://e.example/d", "https://s.example/w?a=1&b=2"),
        (6, 11, "Linked title", "https://t.example/x", None),
        (7, 13, "wrapped title", None, None),
        (9, 14, "In cells", None, None),
        (11, 17, "Safe", None, None),
    ]


def test_a_linked_title_says_no_more_than_its_address() -> None:
    assert read(HTML, None).entries[2].fields == {
        "title": "Linked title",
        "timezone": "Europe/London",
        "starts": date(2021, 6, 11),
        "ends": date(2021, 6, 11),
        "status": Status.CONFIRMED,
        "url": "https://t.example/x",
    }


def test_a_relative_link_of_a_file_leads_nowhere() -> None:
    assert "recording_url" not in read(HTML, None).entries[1].fields


@pytest.mark.timeout(30)  # without the guard it never ends
def test_lines_without_end_come_to_an_end() -> None:
    for part in ("- ", "9th ", "9th June - ", "11:00-", "CANCELLED ", "watch here ", "(", "1am "):
        for line in (part * (100_000 // len(part)), f"9th June - {part * (4_000 // len(part))}"):
            read(f"{line}\nx")
    assert not read("<p>" + "<a href='" * 10_000 + "<!--" * 10_000).entries


_WORDS = """9th|3rd - 4th|31st|June|May|Dec|Jan| - |:|.|2021|2022|Wed|Thu|11:00|11:00-12:00|2pm|at
Title|of|the|&|and|,|/|9/6|2021-06-09|(|)|TBC|CANCELLED|Watch Here|June 2021:|Previous Events:|%
\u2022|<a href='https://x.example'>|</a>|<br>|14th UK meeting|noon|BST"""
_PIECES = st.sampled_from([*_WORDS.replace("\n", "|").split("|"), "\n"])


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_every_line_is_read_refused_or_prose(text: str) -> None:
    reading = read(f"{text}\nx")
    lines = text.count("\n") + 2
    assert all(1 <= entry.line <= lines for entry in reading.entries)
    assert all(1 <= refusal.line <= lines for refusal in reading.refusals)
    assert len(reading.entries) + len(reading.refusals) <= lines + text.count("<br>")
    assert all(entry.fields["title"].strip() for entry in reading.entries)
    assert all(refusal.reason for refusal in reading.refusals)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    page = f"x{text}".encode(errors="replace").decode().replace("\0", "")
    reading = read(page)
    last = len(page.splitlines())
    lines = [entry.line for entry in reading.entries]
    lines += [refusal.line for refusal in reading.refusals]
    assert all(1 <= line <= last for line in lines)


@given(st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(rng: random.Random) -> None:
    lines = [line for line in PAGE.split("\n") if re.match(r"[0-9]+(st|nd|rd|th)", line)]
    rng.shuffle(lines)
    found = {
        (e.fields["starts"], e.fields["ends"], e.fields["title"])
        for e in read("\n".join(lines)).entries
    }
    assert found == set(EVENTS)
