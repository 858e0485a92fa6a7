import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.core.counting import MEASURES
from tests.support.cli import bot

pytestmark = pytest.mark.usefixtures("late_may")

CANDAL = "2021-06-09-candal-seminar-series-2021"
FIELDS = {
    *("key", "event", "title", "post", "channel", "due", "state", "reason"),
    *("text", "length", "limit", "cost_usd"),
}


def planned(*options):
    return json.loads(bot("plan", "--json", *options).out)


def test_a_line_of_the_plan_in_json():
    [line] = [one for one in planned("--event", CANDAL) if one["post"] == "day-before"]
    assert line.keys() >= FIELDS
    assert {name: line[name] for name in FIELDS} == {
        "key": f"{CANDAL}/day-before/x/2021-06-09",
        "event": CANDAL,
        "title": "CANDAL seminar series 2021",
        "post": "day-before",
        "channel": "x",
        "due": "2021-06-08T12:00:00+01:00",
        "state": "planned",
        "reason": "",
        "text": line["text"],
        "length": MEASURES["x"].length(line["text"]),
        "limit": 280,
        "cost_usd": line["cost_usd"],
    }
    assert line["text"].startswith("Tomorrow: CANDAL seminar series 2021\n")
    assert line["text"].endswith("#MidlandsHealth")


def test_the_whole_season_is_planned_the_past_too():
    lines = planned()
    assert [one["due"] for one in lines] == sorted(one["due"] for one in lines)
    assert {one["event"] for one in lines} == {
        "series",
        *(one["uid"] for one in json.loads(bot("events", "list", "--json").out)),
    }
    past = [one for one in lines if one["due"] < "2021-05-24"]
    assert {(one["state"], one["reason"]) for one in past} == {
        ("skipped", "not owed: it fell due before the bot knew of it")
    }


def test_both_days_of_a_window_belong_to_it():
    days = [one["due"][:10] for one in planned("--from", "2021-06-08", "--to", "2021-06-09")]
    assert set(days) == {"2021-06-08", "2021-06-09"}
    assert len(days) == len([d for d in planned() if d["due"][:10] in set(days)])
    assert {one["due"][:10] for one in planned("--from", "2021-06-09", "--to", "2021-06-09")} == {
        "2021-06-09"
    }
    assert max(one["due"] for one in planned("--to", "2021-06-09")) < "2021-06-10"
    assert min(one["due"] for one in planned("--from", "2021-06-09")) >= "2021-06-09"


def test_the_plan_of_one_event():
    lines = planned("--event", CANDAL)
    assert [one["post"] for one in lines] == ["week-before", "day-before", "on-the-day", "recap"]
    assert {one["event"] for one in lines} == {CANDAL}


def test_for_an_unknown_event_the_nearest_is_offered():
    result = bot("plan", "--event", "2021-06-09-candal-seminar")
    assert (result.code, result.out) == (1, "")
    assert f"(did you mean '{CANDAL}'?)" in result.err


def test_the_table_ends_with_a_summary():
    lines = bot("plan", "--from", "2021-06-09", "--to", "2021-06-09").out.splitlines()
    assert lines[0].split() == ["due", "channel", "post", "event", "state", "price", "why"]
    assert lines[1].startswith("Wed 09 Jun 2021 08:00 BST  x        on-the-day")
    assert lines[-1].startswith("3 posts: 3 planned; what is still to go out costs $")


def test_a_window_without_posts_says_so():
    assert bot("plan", "--from", "2022-01-01").out == "Nothing is planned then.\n"
    assert planned("--from", "2022-01-01") == []


def test_no_cell_of_the_csv_is_a_formula(folder: Path):
    (folder / "events/finale.yaml").write_text(
        """- {title: '=HYPERLINK("https://x.org")', starts: 2021-12-01}\n"""
        "- {title: '+44 talks', starts: 2021-12-02}\n"
        "- {title: '-1', starts: 2021-12-03}\n"
        "- {title: '@here', starts: 2021-12-04}\n"
    )
    result = bot("plan", "--format", "csv", "--from", "2021-11-01")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert {row["title"] for row in rows} == {
        "Midlands Health & Life Science Symposium",
        *('\'=HYPERLINK("https://x.org")', "'+44 talks", "'-1", "'@here"),
    }
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert rows[0].keys() >= FIELDS


def test_the_plan_follows_an_edit_of_the_schedule(folder: Path):
    schedules = folder / "schedules.yaml"
    schedules.write_text(schedules.read_text().replace("1 day before start", "2 days before start"))
    [line] = [one for one in planned("--event", CANDAL) if one["post"] == "day-before"]
    assert line["due"] == "2021-06-07T12:00:00+01:00"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "tomorrow"], "--from: 'tomorrow' is not a day: write it as 2021-06-09"),
        (["--to", "9999-12-31"], "--to: '9999-12-31' is not a day"),
        (["--from", "0001-01-01"], "--from: '0001-01-01' is not a day"),
        (["--from", "2021-06-09", "--to", "2021-06-08"], "--to: it is before --from"),
        (["--format", "pdf"], "--format: 'pdf' is none of table, csv, html, ics"),
        (["--format"], "Option '--format' requires an argument"),
        (["--frm", "2021-06-09"], "No such option"),
        (["June"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_exits_with_2(options, said):
    result = bot("plan", *options)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def spend(folder: Path, said: str) -> None:
    schedules = folder / "schedules.yaml"
    text = schedules.read_text()
    schedules.write_text(text.replace("x: {platform: x}", f"x: {{platform: x, {said}}}"))


def test_prices_are_in_the_table_and_their_sum_below_it(folder: Path):
    lines = bot("plan", "--from", "2021-06-09", "--to", "2021-06-09").out.splitlines()
    assert all("  $0.20" in line for line in lines[1:4])
    assert lines[-1] == "3 posts: 3 planned; what is still to go out costs $0.60."
    spend(folder, "links: never")
    assert bot("plan", "--from", "2021-06-09", "--to", "2021-06-09").out.endswith("costs $0.045.\n")


def test_links_are_shown_where_they_are_first(folder: Path):
    spend(folder, "links: first")
    lines = planned("--event", CANDAL)
    assert [("http" in one["text"], one["cost_usd"]) for one in lines] == [
        *((True, 0.2), (False, 0.015), (False, 0.015), (False, 0.015)),
    ]
    said = bot("preview", CANDAL).out
    assert said.count("http") == 1
    assert said.index("http") < said.index("day-before on x")


def test_a_month_that_cannot_be_paid_for_is_foretold(folder: Path):
    assert "budget" not in bot("check").out
    spend(folder, "monthly_budget: 1 USD")
    result = bot("check")
    assert result.code == 0
    short = [one for one in planned() if one["reason"].startswith("monthly budget")]
    june = [one for one in short if one["due"].startswith("2021-06")]
    assert june
    assert f"channel x: {len(june)} posts will not go out in June 2021: its budget of $1.00" in (
        result.out + result.err
    )
    paid = [one for one in planned() if one["state"] == "planned" and "2021-06" in one["due"]]
    assert sum(one["cost_usd"] for one in paid) <= 0.795


HOSTILE = """\
- title: '<script>alert(1)</script> & "quotes"'
  starts: 2021-12-01 11:00
- title: "Line\\nbreak, semi; BEGIN:VEVENT"
  starts: 2021-12-02
"""


def test_the_page_has_every_post_and_nothing_of_a_title_is_markup(folder: Path):
    (folder / "events/finale.yaml").write_text(HOSTILE)
    page = bot("plan", "--format", "html").out
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;" in page
    assert page.count("<article") == len(planned())
    assert "Tuesday 8 June 2021" in page
    assert "posts still to go out, $" in page


def test_the_page_of_a_window_without_posts_says_so():
    assert "Nothing is planned then." in bot("plan", "--format", "html", "--from", "2022-06-01").out


def test_the_calendar_is_read_back_post_by_post(folder: Path):
    (folder / "events/finale.yaml").write_text(HOSTILE)
    text = bot("plan", "--format", "ics").out
    entries: list[Any] = list(Calendar.from_ical(text).walk("VEVENT"))
    lines = planned()
    assert len(entries) == len({entry["uid"] for entry in entries}) == len(lines)
    by_due = {
        (entry["dtstart"].dt.isoformat(), str(entry["summary"]).partition(":")[0])
        for entry in entries
    }
    assert by_due == {
        ((one["at"] or one["due"]), f"{one['post']} on {one['channel']}") for one in lines
    }
    assert {str(entry["status"]) for entry in entries} == {"TENTATIVE", "CANCELLED"}
    assert all(entry["dtstart"].params["TZID"] == "Europe/London" for entry in entries)
    [day] = [one for one in lines if one["key"] == f"{CANDAL}/day-before/x/2021-06-09"]
    assert [one for one in entries if str(one["description"]) == f"{day['text']}\n\nplanned"]


def test_the_same_post_keeps_its_uid_when_it_moves(folder: Path):
    def uids():
        found = Calendar.from_ical(bot("plan", "--format", "ics").out).walk("VEVENT")
        return {str(entry["uid"]) for entry in found}

    before = uids()
    schedules = folder / "schedules.yaml"
    schedules.write_text(schedules.read_text().replace("start at 12:00", "start at 13:00"))
    assert uids() == before
