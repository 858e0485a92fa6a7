import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cli import ROOT, bot, process

PAGE = "events/midlandshealth-2021.txt"
CANDAL = "2021-06-09-candal-seminar-series-2021"

pytestmark = pytest.mark.usefixtures("late_may")


def listed():
    return {event["uid"]: event for event in json.loads(bot("events", "list", "--json").out)}


def kept(folder: Path) -> list[str]:
    """All that the database holds; its file may differ, as SQLite tidies up when it likes."""
    with closing(sqlite3.connect(folder / "bot.db")) as database:
        return list(database.iterdump())


def write(folder: Path, text: str, name: str = "new.txt") -> str:
    (folder / name).write_text(text)
    return name


def test_new_events_are_added(folder: Path):
    name = write(folder, "June 2021:\n16th June - Sleep. 10:00-11:00\n17th June - Dreams\n")
    result = bot("events", "import", name)
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "added 2021-06-16-sleep: Sleep",
        "added 2021-06-17-dreams: Dreams",
        "2 added.",
    ]
    assert listed()["2021-06-16-sleep"]["starts"] == "2021-06-16T10:00:00+01:00"
    assert listed()["2021-06-16-sleep"]["source"] == "listing:new.txt"


def test_importing_twice_changes_nothing(folder: Path):
    name = write(folder, "16th June 2021 - Sleep\n")
    bot("events", "import", name)
    before = listed(), kept(folder)
    assert bot("events", "import", name).out == "1 unchanged.\n"
    assert (listed(), kept(folder)) == before


def test_absence_means_nothing(folder: Path):
    bot("events", "import", write(folder, "16th June 2021 - Sleep\n17th June 2021 - Dreams\n"))
    result = bot("events", "import", write(folder, "18th June 2021 - Snoring\n"))
    assert result.out.splitlines() == ["added 2021-06-18-snoring: Snoring", "1 added."]
    assert {"2021-06-16-sleep", "2021-06-17-dreams"} <= listed().keys()
    assert {event["vanished_at"] for event in listed().values()} == {None}


def test_another_date_for_a_title_is_a_move(folder: Path):
    bot("events", "import", write(folder, "16th June 2021 - Sleep\n17th June 2021 - Dreams\n"))
    result = bot("events", "import", write(folder, "23rd June 2021 - Sleep\n"))
    assert result.out.splitlines() == [
        "moved 2021-06-16-sleep: starts 2021-06-16 → 2021-06-23; ends 2021-06-16 → 2021-06-23",
        "1 moved.",
    ]
    assert [uid for uid in listed() if "sleep" in uid] == ["2021-06-16-sleep"]


def test_a_bad_line_is_refused_with_its_place_and_the_rest_imported(folder: Path):
    name = write(folder, "June 2021:\n31st June - Nothing\n16th June - Sleep\n")
    result = bot("events", "import", name)
    assert result.code == 1
    assert result.err == "new.txt:2: there is no 31 June\n"
    assert result.out.splitlines() == ["added 2021-06-16-sleep: Sleep", "1 added, 1 refused."]
    assert "2021-06-16-sleep" in listed()


def test_a_question_is_asked_with_its_place_and_nothing_guessed(folder: Path):
    bot("events", "import", write(folder, "16th June 2021 - Sleep\n17th June 2021 - Sleep\n"))
    result = bot("events", "import", write(folder, "18th June 2021 - Sleep\n"))
    assert (result.code, result.out) == (1, "1 ambiguous.\n")
    assert result.err.startswith("new.txt:1: 'Sleep' was known for 2021-06-16, 2021-06-17 and is")


def test_the_file_of_a_source_is_that_source(folder: Path, monkeypatch: pytest.MonkeyPatch):
    bot("events", "import", PAGE)
    assert listed()[CANDAL]["source"] == f"listing:{PAGE}"
    [added] = json.loads(bot("events", "history", CANDAL, "--json").out)
    assert (added["after"]["format"], added["after"]["kind"]) == ("virtual", "seminar")
    page = folder / PAGE
    page.write_text(page.read_text().replace("9th June - CANDAL", "16th June - CANDAL"))
    monkeypatch.chdir(folder / "events")
    monkeypatch.setenv("BOT_SCHEDULES", str(folder / "schedules.yaml"))
    monkeypatch.setenv("BOT_TEMPLATES", str(folder / "templates"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'bot.db'}")
    result = bot("events", "import", page.name)
    assert result.out.splitlines() == [
        f"moved {CANDAL}: starts 2021-06-09 → 2021-06-16; ends 2021-06-09 → 2021-06-16",
        "1 moved, 16 unchanged.",
    ]
    assert len([uid for uid in listed() if "candal" in uid]) == 1


def test_a_sync_after_an_import_finds_everything_as_it_is(folder: Path):
    bot("events", "import", PAGE)
    before = listed()
    bot("events", "cancel", "2021-11-24-midlands-health-and-life-science-symposium")  # syncs
    after = listed()
    for uid in before:
        if "symposium" not in uid:
            assert after[uid] == before[uid]


def test_yaml_is_known_by_its_name_and_anything_by_as(folder: Path):
    write(folder, "- {title: Sleep, starts: 2021-06-16}", "new.yaml")
    assert bot("events", "import", "new.yaml").out.endswith("1 added.\n")
    write(folder, "- {title: Dreams, starts: 2021-06-17}", "new.txt")
    assert bot("events", "import", "new.txt", "--as", "yaml").out.endswith("1 added.\n")
    write(folder, "18th June 2021 - Snoring", "new.dat")
    result = bot("events", "import", "new.dat")
    assert (result.code, result.err) == (
        1,
        "bot: new.dat does not say by its name what it is: add --as listing or --as yaml\n",
    )
    assert bot("events", "import", "new.dat", "--as", "listing").out.endswith("1 added.\n")


def test_the_year_is_given_where_the_file_names_none(folder: Path):
    name = write(folder, "16th June - Sleep\n")
    assert bot("events", "import", name).code == 1
    assert bot("events", "import", name, "--year", "2021").code == 0
    assert "2021-06-16-sleep" in listed()


@pytest.mark.parametrize("kind", ["ics", "csv", "jsonld"])
def test_kinds_that_cannot_be_read_yet_are_refused(folder: Path, kind: str):
    said = f"bot: not yet: events cannot be read from {kind} so far, only from listing and yaml\n"
    assert bot("events", "import", write(folder, "x", f"x.{kind}")).err == said
    result = bot("events", "import", write(folder, "x"), "--as", kind)
    assert (result.code, result.err) == (1, said)


def test_an_unknown_kind_offers_the_nearest(folder: Path):
    result = bot("events", "import", write(folder, "x"), "--as", "yml")
    assert result.err == (
        "bot: there is no kind 'yml' (did you mean 'yaml'?): one of listing, yaml\n"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "new.txt is empty; if there are no events any more, remove the source"),
        (b"\0\1\2", "new.txt is not text (it holds a zero byte); save it as UTF-8 text"),
        (b"16th June 2021 - Caf\xe9", "new.txt is not UTF-8: byte 0xE9 in line 1, column 21;"),
        ("16th June 2021 - Café".encode("utf-16"), "new.txt is UTF-16, not UTF-8;"),
        (b"x" * (11 * 1024 * 1024), "new.txt is larger than 10 MB: no list of events is"),
    ],
    ids=["empty", "binary", "latin-1", "utf-16", "huge"],
)
def test_a_file_that_cannot_be_read_is_one_sentence(folder: Path, data: bytes, said: str):
    (folder / "new.txt").write_bytes(data)
    result = bot("events", "import", "new.txt")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"bot: {said}")
    assert not (folder / "bot.db").exists()


def test_a_file_that_is_not_there_or_is_none(folder: Path):
    assert bot("events", "import", "no.txt").err == (
        "bot: no.txt is not there: check the name of the file\n"
    )
    assert bot("events", "import", "events", "--as", "listing").err == (
        "bot: events is not there: check the name of the file\n"
    )


def test_broken_yaml_is_refused_with_its_place(folder: Path):
    result = bot("events", "import", write(folder, "- {title: Sleep", "new.yaml"))
    assert result.code == 1
    assert result.err.startswith("new.yaml:2:1: ")


def test_an_address_that_cannot_be_reached_is_one_sentence():
    result = bot("events", "import", "http://127.0.0.1:1/page")
    assert (result.code, result.err) == (
        1,
        "bot: 127.0.0.1 cannot be reached (ConnectionError): http://127.0.0.1:1/page\n",
    )


def test_an_import_of_nothing_new_makes_no_database(folder: Path):
    assert bot("events", "import", write(folder, "31st June 2021 - Nothing")).code == 1
    assert not (folder / "bot.db").exists()


def test_piped_it_goes_on_without_asking(folder: Path):
    write(folder, "31st June 2099 - Sleep\n16th June 2099 - Sleep\n")
    result = process("events", "import", "new.txt", cwd=folder)
    assert result.out == "added 2099-06-16-sleep: Sleep\n1 added, 1 refused.\n"
    assert result.code == 1


@pytest.mark.parametrize(
    ("options", "typed", "code", "events"),
    [([], b"n\n", 1, 18), ([], b"y\n", 0, 19), (["--yes"], b"", 0, 19)],
    ids=["no", "yes", "--yes"],
)
def test_on_a_terminal_it_asks_first(folder: Path, options, typed, code, events):
    write(folder, "16th June 2099 - Sleep\n")
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "events", "import", "new.txt", *options],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code
    assert ("Write this into the store?" in done.stdout) is (not options)
    assert ("Nothing was written." in done.stdout) is (code == 1)
    assert len(listed()) == events
