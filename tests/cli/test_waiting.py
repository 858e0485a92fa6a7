"""What the commands say of posts that wait for their recording."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.support.cli import bot

pytestmark = pytest.mark.usefixtures("late_may")

CANDAL = "2021-06-09-candal-seminar-series-2021"
LINK = "https://example.org/watch"


@pytest.fixture
def waits(folder: Path) -> Path:
    """The sample, with a recap that waits, and says nothing of a recording it has not."""
    path = folder / "schedules.yaml"
    told = "\n    wait_for: recording\n    wait_until: 14 days after end\n    otherwise: without\n"
    path.write_text(path.read_text().replace("    template: recap\n", f"    template: recap{told}"))
    template(folder, "recap", "Watch {{ event.title | shrink }}: {{ event.recording_url }}")
    template(folder, "without", "Over: {{ event.title | shrink }}")
    return folder


def template(folder: Path, name: str, text: str) -> None:
    (folder / f"templates/posts/{name}.j2").write_text(f"{text}\n{{{{ series.hashtag }}}}\n")


def test_a_check_reads_both_texts_and_notes_nothing_of_what_is_not_there_yet(waits: Path):
    out = bot("check").out
    assert "recording" not in out
    assert out.endswith(": 12 posts on 1 channels, 18 events: all in order.\n")
    template(waits, "recap", f"Watch {'it ' * 120} {{{{ event.recording_url }}}}")
    template(waits, "without", "Over {{ event.titel }}")
    err = bot("check").err
    assert "error: templates/posts/recap.j2 on x: the text is " in err
    assert "error: templates/posts/without.j2:1: " in err


def test_a_check_reads_what_is_said_otherwise_where_every_recording_is_known(waits: Path):
    for line in json.loads(bot("events", "list", "--json").out):
        bot("events", "edit", line["uid"], "--recording", LINK)
    template(waits, "without", "Over {{ event.titel }}")
    assert "error: templates/posts/without.j2:1: " in bot("check").err


def test_a_preview_shows_both_and_what_of_it_is_an_example(waits: Path):
    out = bot("preview", CANDAL, "--channel", "x").out
    assert "(it waits for the recording: the link is an example)\nWatch CANDAL" in out
    assert "── recap:otherwise on x, as of Wed 23 Jun 2021 10:00 BST" in out
    bot("events", "edit", CANDAL, "--recording", LINK)
    assert f": {LINK}\n" in bot("preview", CANDAL, "--post", "recap", "--channel", "x").out
    out = bot("preview", CANDAL, "--post", "recap:otherwise", "--channel", "x").out
    assert "(an example: the recording is known)\nOver: CANDAL" in out


def test_the_plan_has_them_in_every_form(waits: Path):
    lines = json.loads(bot("plan", "--event", CANDAL, "--json").out)
    found = {line["post"]: line for line in lines if line["channel"] == "x"}
    recap, otherwise = found["recap"], found["recap:otherwise"]
    assert (recap["state"], recap["at"], recap["due"]) == (
        "waiting",
        None,
        "2021-06-10T10:00:00+01:00",
    )
    assert recap["reason"] == "waits for the recording until 23 June 10:00; then 'without' goes out"
    assert (otherwise["state"], otherwise["at"]) == ("planned", "2021-06-23T10:00:00+01:00")
    assert otherwise["reason"] == "unless the recording comes first"
    assert "waits for the recording until" in bot("plan", "--event", CANDAL).out
    page = bot("plan", "--event", CANDAL, "--format", "html").out
    assert '<span class="state">waiting</span>: waits for the recording until 23 June' in page
    assert page.count("(the link is an example)") == 1
    calendar = bot("plan", "--event", CANDAL, "--format", "ics").out
    assert "SUMMARY:recap on x: CANDAL" in calendar
    entries = Calendar.from_ical(calendar).walk("VEVENT")
    assert {str(entry["status"]) for entry in entries} <= {"TENTATIVE", "CANCELLED"}
    recaps = [one for one in entries if str(one["summary"]).startswith("recap on ")]
    assert all("(the link is an example)\n\nwaiting: " in str(one["description"]) for one in recaps)


def test_a_diff_tells_what_an_edit_to_the_waiting_changes(waits: Path):
    other = waits / "other.yaml"
    text = (waits / "schedules.yaml").read_text()
    other.write_text(text.replace("wait_until: 14 days", "wait_until: 7 days"))
    out = bot("diff", str(other)).out
    assert f"recap:otherwise of {CANDAL} on x" in out
    assert "recap of" not in out
