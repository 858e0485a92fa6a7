import json
import os
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Environment
from bot.services.sync import Syncing
from tests.support.cli import bot, process

CANDAL = "2021-06-09-candal-seminar-series-2021"
SPECTROMETRY = "2021-04-14-midlands-mass-spectrometry-group-event-series"

pytestmark = pytest.mark.usefixtures("late_may")


def shown(uid):
    return json.loads(bot("events", "show", uid, "--json").out)


def history(uid):
    return [one["what"] for one in json.loads(bot("events", "history", uid, "--json").out)]


def page_says(folder: Path, old: str, new: str) -> None:
    page = folder / "events/midlandshealth-2021.txt"
    text = page.read_text()
    assert old in text
    page.write_text(text.replace(old, new))


def sync():
    """What the worker does every few seconds."""
    app = App(environment=Environment.load())
    syncing = Syncing(store=app.store, clock=app.clock, folder=app.folder)
    return syncing.look(app.editions.current.schedules)


def test_an_edit_says_what_is_another_now():
    result = bot(
        "events", "edit", CANDAL, "--url", "https://x.org", "--host", "Ann", "--host", "Bo"
    )
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == ["url: nothing → https://x.org", "hosts: nothing → Ann, Bo"]
    assert (shown(CANDAL)["url"], shown(CANDAL)["hosts"]) == ("https://x.org", ["Ann", "Bo"])


def test_every_field_can_be_set():
    bot(
        *("events", "edit", CANDAL, "--title", "Candal", "--starts", "2021-06-10 14:00"),
        *("--ends", "2021-06-10 15:30", "--location", "Room 1", "--url", "https://x.org/a"),
        *("--recording", "https://x.org/b", "--format", "hybrid", "--kind", "talk"),
        *("--status", "tentative", "--summary", "All of it.", "--host", "Ann", "--tag", "memory"),
    )
    event = shown(CANDAL)
    said = {
        "title": "Candal",
        "starts": "2021-06-10T14:00:00+01:00",
        "ends": "2021-06-10T15:30:00+01:00",
        "location": "Room 1",
        "url": "https://x.org/a",
        "recording_url": "https://x.org/b",
        "format": "hybrid",
        "kind": "talk",
        "status": "tentative",
        "summary": "All of it.",
        "hosts": ["Ann"],
        "tags": ["memory"],
    }
    assert {name: event[name] for name in said} == said
    assert event["by_hand"] == sorted(said)


def test_what_was_edited_by_hand_a_later_sync_leaves(folder: Path):
    bot("events", "edit", CANDAL, "--starts", "2021-06-16", "--title", "Candal by hand")
    page_says(
        folder,
        "CANDAL seminar series 2021",
        "CANDAL seminar series 2021 Event Details: https://x.org",
    )
    page_says(folder, "9th June - CANDAL", "23rd June - CANDAL")
    sync()
    event = shown(CANDAL)
    assert (event["starts"], event["title"]) == ("2021-06-16", "Candal by hand")


def test_what_was_not_edited_a_later_sync_still_changes(folder: Path):
    bot("events", "edit", CANDAL, "--host", "Ann")
    page_says(folder, "9th June - CANDAL", "23rd June - CANDAL")
    sync()
    event = shown(CANDAL)
    assert (event["starts"], event["hosts"]) == ("2021-06-23", ["Ann"])


def test_a_cancelled_event_stays_cancelled(folder: Path):
    assert (
        bot("events", "cancel", CANDAL).out == f"Cancelled {CANDAL}: CANDAL seminar series 2021.\n"
    )
    page_says(folder, "9th June - CANDAL", "10th June - CANDAL")
    sync()
    event = shown(CANDAL)
    assert (event["status"], event["starts"]) == ("cancelled", "2021-06-10")
    assert history(CANDAL) == ["added", "cancelled", "moved"]
    assert bot("events", "cancel", CANDAL).out == f"{CANDAL} was cancelled already.\n"


def test_nothing_is_planned_for_a_cancelled_event():
    bot("events", "cancel", CANDAL)
    lines = json.loads(bot("plan", "--event", CANDAL, "--json").out)
    assert {(line["state"], line["reason"]) for line in lines} == {
        ("skipped", "the event is cancelled")
    }


def test_with_a_new_start_alone_an_event_keeps_its_length():
    bot("events", "edit", SPECTROMETRY, "--starts", "2021-04-15 14:30")
    assert shown(SPECTROMETRY)["ends"] == "2021-04-15T15:30:00+01:00"
    days = "2021-06-03-14th-uk-and-ireland-occupational-and-environmental"
    bot("events", "edit", days, "--starts", "2021-06-30")
    assert (shown(days)["starts"], shown(days)["ends"]) == ("2021-06-30", "2021-07-01")


def test_an_event_that_gets_a_clock_time_has_no_known_end():
    bot("events", "edit", CANDAL, "--starts", "2021-06-09 11:00")
    assert (shown(CANDAL)["all_day"], shown(CANDAL)["ends"]) == (False, None)
    bot("events", "edit", CANDAL, "--starts", "2021-06-09")
    assert (shown(CANDAL)["all_day"], shown(CANDAL)["ends"]) == (True, "2021-06-09")


def test_with_another_zone_the_clock_times_stay():
    bot("events", "edit", SPECTROMETRY, "--timezone", "America/New_York")
    event = shown(SPECTROMETRY)
    assert (event["starts"], event["ends"]) == (
        "2021-04-14T11:00:00-04:00",
        "2021-04-14T12:00:00-04:00",
    )


def test_a_field_is_emptied():
    bot("events", "edit", CANDAL, "--host", "Ann", "--url", "https://x.org", "--format", "hybrid")
    bot("events", "edit", CANDAL, "--host", "", "--url", "", "--format", "")
    event = shown(CANDAL)
    assert (event["hosts"], event["url"], event["format"]) == ([], "", None)


def test_saying_what_is_so_already_keeps_it_so(folder: Path):
    result = bot("events", "edit", CANDAL, "--starts", "2021-06-09")
    assert result.out == f"{CANDAL} is so already, and stays so whatever a source says.\n"
    page_says(folder, "9th June - CANDAL", "10th June - CANDAL")
    sync()
    assert shown(CANDAL)["starts"] == "2021-06-09"


def test_an_event_its_source_dropped_is_kept_by_confirming_it(folder: Path):
    sync()
    page_says(folder, "9th June - CANDAL", "(gone)")
    sync()
    assert shown(CANDAL)["vanished_at"] is not None
    bot("events", "edit", CANDAL, "--url", "https://x.org")
    assert shown(CANDAL)["vanished_at"] is not None
    bot("events", "edit", CANDAL, "--status", "confirmed")
    assert shown(CANDAL)["vanished_at"] is None
    sync()
    assert shown(CANDAL)["vanished_at"] is None


@pytest.mark.parametrize(
    ("option", "words", "said"),
    [
        ("--starts", "9th June", "'9th June' is no date; expected 2021-11-24 or 2021-11-24 09:30"),
        ("--starts", "2021-06-31", "there is no 31 June"),
        ("--starts", "2021-03-28 01:30", "01:30 does not exist on 2021-03-28 in Europe/London"),
        ("--format", "vitrual", "'vitrual' is none of virtual, in-person, hybrid (did you mean"),
        ("--status", "off", "'off' is none of confirmed, tentative, postponed, cancelled"),
        ("--url", "x.org", "'x.org' is not a link; expected https://…"),
        ("--recording", "x.org", "'x.org' is not a link; expected https://…"),
        ("--timezone", "Europe/Londn", "there is no time zone 'Europe/Londn' (did you mean"),
        ("--title", " ", "a title cannot be empty"),
        ("--title", "x" * 501, "the title has 501 characters; 500 are the most"),
    ],
)
def test_words_a_field_cannot_have_are_wrong_usage(folder: Path, option, words, said):
    result = bot("events", "edit", CANDAL, option, words)
    assert (result.code, result.out) == (2, "")
    assert f"Invalid value for {option}: {said}" in result.err
    assert not (folder / "bot.db").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ends", "2021-06-08"], "it ends before it starts"),
        (["--ends", "2021-06-09 10:00"], "a date and a time cannot be mixed in starts and ends"),
    ],
)
def test_dates_that_do_not_fit_each_other_change_nothing(options, said):
    result = bot("events", "edit", CANDAL, *options)
    assert (result.code, result.out, result.err) == (1, "", f"bot: an event cannot be so: {said}\n")
    assert history(CANDAL) == ["added"]


def test_an_edit_of_nothing_is_wrong_usage():
    result = bot("events", "edit", CANDAL)
    assert result.code == 2
    assert "say what to change" in result.err


def test_an_added_event_gets_a_readable_uid(folder: Path):
    result = bot("events", "add", "--title", "Café & more", "--starts", "2021-12-01 11:00")
    assert (result.code, result.out) == (
        0,
        (
            "Added 2021-12-01-cafe-and-more."
            " What will be posted about it: bot preview 2021-12-01-cafe-and-more\n"
        ),
    )
    event = shown("2021-12-01-cafe-and-more")
    assert (event["starts"], event["ends"], event["source"], event["status"]) == (
        "2021-12-01T11:00:00+00:00",
        None,
        None,
        "confirmed",
    )


def test_an_added_event_is_planned_and_outlives_every_sync():
    bot("events", "add", "--title", "Talk", "--starts", "2021-12-01 11:00")
    sync()
    posts = [
        one["post"] for one in json.loads(bot("plan", "--event", "2021-12-01-talk", "--json").out)
    ]
    assert posts == ["week-before", "day-before", "on-the-day", "starting-soon", "recap"]


def test_a_source_that_lists_an_added_event_leaves_what_was_said(folder: Path):
    bot("events", "add", "--title", "Talk", "--starts", "2021-12-01", "--url", "https://x.org/hand")
    finale = "- {title: Talk, starts: 2021-12-01, url: 'https://x.org/page', location: Room 1}"
    (folder / "events/finale.yaml").write_text(finale)
    sync()
    event = shown("2021-12-01-talk")
    assert (event["url"], event["location"]) == ("https://x.org/hand", "Room 1")


def test_the_same_event_is_not_added_twice():
    result = bot(
        "events", "add", "--title", "candal  Seminar Series 2021", "--starts", "2021-06-09"
    )
    assert (result.code, result.err) == (
        1,
        (
            "bot: there is already an event 'candal Seminar Series 2021' that starts then:"
            f" bot events edit {CANDAL}\n"
        ),
    )


def test_a_second_event_of_that_title_and_day_gets_a_uid_of_its_own():
    result = bot(
        "events", "add", "--title", "CANDAL seminar series 2021", "--starts", "2021-06-09 17:00"
    )
    assert result.out.startswith(f"Added {CANDAL}-2.")


def test_an_event_without_title_or_start_is_wrong_usage():
    assert bot("events", "add", "--title", "Talk").code == 2
    assert bot("events", "add", "--starts", "2021-12-01").code == 2


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes there")
def test_a_title_that_is_no_text_is_wrong_usage(folder: Path):
    result = process("events", "add", "--title", b"\xff", "--starts", "2021-12-01", cwd=folder)
    assert result.code == 2
    assert "is not UTF-8 text" in result.err
