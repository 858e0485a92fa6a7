import json
from datetime import date
from pathlib import Path

import pytest

from tests.support.cli import bot

CANDAL = "2021-06-09-candal-seminar-series-2021"
SPECTROMETRY = "2021-04-14-midlands-mass-spectrometry-group-event-series"


def listed():
    return {event["uid"]: event for event in json.loads(bot("events", "list", "--json").out)}


def test_every_event_of_the_file_sources_is_listed_by_start():
    events = json.loads(bot("events", "list", "--json").out)
    assert len(events) == 18
    assert [one["starts"][:10] for one in events] == sorted(one["starts"][:10] for one in events)
    assert events[-1]["title"] == "Midlands Health & Life Science Symposium"


def test_an_all_day_event_is_its_dates_with_its_last_day():
    event = listed()["2021-03-15-beyond-covid-19-new-directions-for-public-involvement-in"]
    named = {name: event[name] for name in list(event)[:12]}
    assert named == {
        "uid": "2021-03-15-beyond-covid-19-new-directions-for-public-involvement-in",
        "title": "Beyond COVID-19 | New directions for Public Involvement in Health and Social Care"
        " Research in the Midlands",
        "starts": "2021-03-15",
        "ends": "2021-03-17",
        "all_day": True,
        "timezone": "Europe/London",
        "format": "virtual",
        "kind": "seminar",
        "status": "confirmed",
        "url": "",
        "recording_url": "",
        "source": "listing:events/midlandshealth-2021.txt",
    }


def test_a_timed_event_has_the_offset_of_its_zone():
    event = listed()[SPECTROMETRY]
    assert (event["starts"], event["ends"]) == (
        "2021-04-14T11:00:00+01:00",
        "2021-04-14T12:00:00+01:00",
    )
    assert event["all_day"] is False


def test_a_timed_event_without_an_end_has_none(folder: Path):
    (folder / "events/finale.yaml").write_text("- {title: Talk, starts: 2021-12-01 10:00}")
    assert listed()["2021-12-01-talk"]["ends"] is None


def test_the_table_names_date_title_and_uid():
    lines = bot("events", "list").out.splitlines()
    assert lines[0].split() == ["when", "title", "format", "status", "uid"]
    [line] = [line for line in lines if SPECTROMETRY in line]
    assert "Wed 14 April 2021, 11:00–12:00 BST" in line


def test_one_event_is_shown_with_all_that_is_known():
    out = bot("events", "show", SPECTROMETRY).out.splitlines()
    assert "title: Midlands Mass Spectrometry Group event series" in out
    assert "source: listing:events/midlandshealth-2021.txt" in out
    assert json.loads(bot("events", "show", SPECTROMETRY, "--json").out) == listed()[SPECTROMETRY]


@pytest.mark.parametrize("command", ["show", "history", "cancel", "edit"])
def test_for_an_unknown_uid_the_nearest_is_offered(folder: Path, command: str):
    options = ["--title", "x"] if command == "edit" else []
    result = bot("events", command, CANDAL[:-5], *options)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"bot: there is no event '{CANDAL[:-5]}' (did you mean '{CANDAL}'?):"
        " bot events list has them all\n"
    )
    assert not (folder / "bot.db").exists()


def test_looking_at_events_writes_nothing(folder: Path):
    before = sorted(folder.rglob("*"))
    for command in (["list"], ["show", CANDAL], ["history", CANDAL], ["export"]):
        assert bot("events", *command).code == 0
    assert sorted(folder.rglob("*")) == before


def test_the_list_shows_what_the_next_sync_will_find(folder: Path, late_may: None):
    bot("events", "cancel", CANDAL)
    page = folder / "events/midlandshealth-2021.txt"
    page.write_text(page.read_text().replace("14th July", "15th July"))
    moved = listed()["2021-07-14-neuroscience-in-forensic-mental-health-is-it-translatable"]
    assert moved["starts"] == "2021-07-15"


def test_an_event_no_source_lists_any_more_is_listed_as_that(folder: Path, late_may: None):
    bot("events", "cancel", CANDAL)  # brings the sources into the store
    page = folder / "events/midlandshealth-2021.txt"
    page.write_text(page.read_text().replace("14th July", "(gone) "))
    uid = "2021-07-14-neuroscience-in-forensic-mental-health-is-it-translatable"
    assert listed()[uid]["vanished_at"] is not None
    [line] = [line for line in bot("events", "list").out.splitlines() if uid in line]
    assert "no longer listed" in line


def test_the_history_tells_who_changed_what_and_when(
    monkeypatch: pytest.MonkeyPatch, late_may: None
):
    monkeypatch.setenv("LOGNAME", "ann")
    bot("events", "edit", CANDAL, "--starts", "2021-06-16 11:00", "--url", "https://x.org")
    [added, moved] = json.loads(bot("events", "history", CANDAL, "--json").out)
    assert (added["what"], added["who"]) == ("added", "listing:events/midlandshealth-2021.txt")
    assert moved == {
        "at": "2021-05-25T10:00:00+01:00",
        "who": "ann",
        "what": "moved",
        "before": {"starts": "2021-06-09", "ends": "2021-06-09", "url": ""},
        "after": {"starts": "2021-06-16T11:00:00+01:00", "ends": None, "url": "https://x.org"},
    }
    lines = bot("events", "history", CANDAL).out.splitlines()
    [line] = [line for line in lines if "moved" in line and "starts" in line]
    assert line.split("  ")[0] == "2021-05-25 10:00 BST"
    assert line.endswith("2021-06-09  2021-06-16 11:00 BST")


def test_an_event_only_a_file_knows_has_no_history_yet():
    result = bot("events", "history", CANDAL)
    assert (result.code, result.out) == (
        0,
        (
            f"Nothing was done to it yet: so far {CANDAL} is only in"
            " listing:events/midlandshealth-2021.txt.\n"
        ),
    )
    assert bot("events", "history", CANDAL, "--json").out == "[]\n"


def test_what_is_exported_is_imported_as_the_same_events(folder: Path):
    before = listed()
    (folder / "all.yaml").write_text(bot("events", "export").out)
    schedules = folder / "schedules.yaml"
    text = schedules.read_text()
    schedules.write_text(text[: text.index("sources:")] + text[text.index("# Accounts") :])
    assert bot("events", "list").out.startswith("There are no events")
    assert bot("events", "import", "all.yaml").code == 0
    after = listed()
    for event in [*before.values(), *after.values()]:
        del event["source"]
    assert after == before


def test_an_event_no_source_lists_any_more_is_not_exported(folder: Path):
    finale = folder / "events/finale.yaml"
    finale.write_text("- {title: Talk, starts: 2099-06-09}\n- {title: Party, starts: 2099-06-10}")
    bot("events", "cancel", CANDAL)  # brings the sources into the store
    finale.write_text("- {title: Party, starts: 2099-06-10}")
    exported = bot("events", "export").out
    assert "2099-06-10-party" in exported
    assert "2099-06-09-talk" not in exported


def test_an_export_is_readable_yaml(folder: Path):
    (folder / "events/finale.yaml").write_text(
        "- {title: 'Talk: one', starts: 2021-12-01 10:00, hosts: [Ann, Bo], format: hybrid}"
    )
    assert bot("events", "export").out.endswith(
        "- uid: 2021-12-01-talk-one\n"
        "  title: 'Talk: one'\n"
        "  starts: 2021-12-01 10:00\n"
        "  timezone: Europe/London\n"
        "  format: hybrid\n"
        "  hosts:\n"
        "  - Ann\n"
        "  - Bo\n"
    )


def test_without_events_the_list_says_how_to_get_some(folder: Path):
    schedules = folder / "schedules.yaml"
    text = schedules.read_text()
    schedules.write_text(text[: text.index("sources:")] + text[text.index("# Accounts") :])
    assert bot("events", "list").out.startswith("There are no events: name a source")
    assert bot("events", "list", "--json").out == "[]\n"
    assert bot("events", "export").out == "[]\n"


def test_dates_in_json_are_dates():
    for event in listed().values():
        if event["all_day"]:
            assert date.fromisoformat(event["starts"]) <= date.fromisoformat(event["ends"])
