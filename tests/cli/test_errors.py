"""What a person gets wrong is answered in a sentence; a trace is never shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import bot, process

UID = "2021-06-09-candal-seminar-series-2021"
KEY = f"{UID}/day-before/x/2021-06-09"
LOOKS = {
    "plan": ["plan"],
    "check": ["check"],
    "preview": ["preview", UID],
    "events list": ["events", "list"],
    "events show": ["events", "show", UID],
    "events history": ["events", "history", UID],
    "events export": ["events", "export"],
}
WRITES = {
    "events add": ["events", "add", "--title", "T", "--starts", "2021-12-01"],
    "events edit": ["events", "edit", UID, "--title", "T"],
    "events cancel": ["events", "cancel", UID],
    "events import": ["events", "import", "events/finale.yaml"],
    "run": ["run", "--local"],
}
READS_FILES = LOOKS | WRITES | {"rehearse": ["rehearse"]}
LOG = {
    "posts list": ["posts", "list"],
    "posts show": ["posts", "show", KEY],
    "channels list": ["channels", "list"],
    "posts export": ["posts", "export"],
}
DECIDES = {
    "posts hold": ["posts", "hold", KEY],
    "posts approve": ["posts", "approve", KEY],
    "posts retry": ["posts", "retry", KEY],
    "channels rebind": ["channels", "rebind", "x"],
}


def each(commands):
    return pytest.mark.parametrize("command", commands.values(), ids=list(commands))


def is_a_sentence(result):
    """One error, said on standard error alone; further lines only name further mistakes."""
    said = is_refused(result)
    assert said.startswith("bot: ")
    return said.removeprefix("bot: ")


def is_refused(result):
    assert (result.code, result.out) == (1, "")
    assert "Traceback" not in result.err
    assert result.err.endswith("\n")
    return result.err


@each(READS_FILES)
def test_a_broken_schedule_is_told_with_line_and_column(folder: Path, command):
    schedules = folder / "schedules.yaml"
    text = schedules.read_text().replace("1 hour before start", "1 hour befor start")
    schedules.write_text(text)
    before = text[: text.index("befor start")].split("\n")
    place = f"schedules.yaml:{len(before)}:{len(before[-1]) + 1}"
    said = is_refused(bot(*command))
    assert said.startswith(f"{place}: 'befor' is not understood (did you mean 'before'?); expected")


@each(READS_FILES)
def test_without_a_schedule_a_command_says_where_it_looked(folder: Path, command):
    (folder / "schedules.yaml").unlink()
    assert is_a_sentence(bot(*command)) == (
        "schedules.yaml cannot be read (No such file or directory): run the bot in the folder of"
        " schedules.yaml, or name the file in BOT_SCHEDULES\n"
    )


@each(READS_FILES)
def test_a_broken_template_is_told_with_its_line(folder: Path, command):
    (folder / "templates/posts/recap.j2").write_text("one\n{% if %}\n")
    said = is_refused(bot(*command))
    assert said.startswith("templates/posts/recap.j2:2:")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xc3",
        b"- [" * 5000,
        b"x" * 2_000_000,
        b"a: &a [*a]",
        b"\xef\xbb\xbf",
    ],
    ids=["empty", "zero", "utf-16", "latin", "deep", "huge", "alias", "mark"],
)
def test_whatever_the_schedule_holds_is_answered_with_a_place(folder: Path, data: bytes):
    (folder / "schedules.yaml").write_bytes(data)
    assert is_refused(bot("plan")).startswith("schedules.yaml:")


@pytest.mark.parametrize("data", [b"\0", b"\xff", b"{" * 10_000, b"{% raw %}"])
def test_whatever_a_template_holds_is_answered_with_its_name(folder: Path, data: bytes):
    (folder / "templates/posts/recap.j2").write_bytes(data)
    result = bot("check")
    assert result.code == 1
    assert "recap" in result.err
    assert "Traceback" not in result.err


def test_a_folder_where_a_file_belongs(folder: Path):
    (folder / "templates/posts/odd.j2").mkdir()
    assert is_a_sentence(bot("plan")) == "templates/posts/odd.j2: Is a directory\n"
    (folder / "templates/posts/odd.j2").rmdir()
    (folder / "schedules.yaml").unlink()
    (folder / "schedules.yaml").mkdir()
    assert is_a_sentence(bot("plan")).startswith("schedules.yaml cannot be read (Is a directory)")


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff", b"x" * 11_000_000], ids=["empty", "zero", "latin", "huge"]
)
def test_a_source_that_cannot_be_read_leaves_the_others(folder: Path, data: bytes):
    (folder / "events/midlandshealth-2021.txt").write_bytes(data)
    result = process("events", "list", "--json", cwd=folder)
    assert result.code == 0
    assert '"2021-11-24-midlands-health-and-life-science-symposium"' in result.out
    assert result.err.startswith("warning: events/midlandshealth-2021.txt ")
    assert len(result.err.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_the_right_to_read_it(folder: Path):
    (folder / "schedules.yaml").chmod(0)
    assert is_a_sentence(bot("plan")).startswith(
        "schedules.yaml cannot be read (Permission denied)"
    )


@each(LOOKS | LOG | DECIDES | WRITES)
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "DATABASE_URL is not a database URL: expected sqlite:///FILE"),
        ("postgresql://u:secret@h:port/x", "DATABASE_URL is not a database URL"),
        ("mysql://localhost/x", "DATABASE_URL names mysql: only sqlite and postgresql"),
        (
            "sqlite:///schedules.yaml",
            "sqlite:///schedules.yaml: the file is not an SQLite database",
        ),
        ("postgresql://u:secret@127.0.0.1:1/x", "u:***@127.0.0.1:1/x: the database server cannot"),
    ],
    ids=["nonsense", "port", "mysql", "no database", "no server"],
)
def test_a_database_that_is_none(monkeypatch: pytest.MonkeyPatch, command, url, said):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BOT_ALLOW_EPHEMERAL", "1")
    found = is_a_sentence(bot(*command))
    assert said in found
    assert "secret" not in found


@each(WRITES)
def test_a_folder_the_database_cannot_be_written_to(monkeypatch: pytest.MonkeyPatch, command):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////proc/bot.db")
    monkeypatch.setenv("BOT_ALLOW_EPHEMERAL", "1")
    said = is_a_sentence(bot(*command))
    assert said.startswith(
        "sqlite:////proc/bot.db: the database file cannot be opened: check the folder"
    )


@each(LOOKS | LOG)
def test_only_looking_writes_no_database(folder: Path, command):
    bot(*command)
    assert {path.name for path in folder.iterdir()} == {"schedules.yaml", "events", "templates"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOT_LEASE", "inf", "BOT_LEASE is 'inf'"),
        ("BOT_LEASE", "soon", "BOT_LEASE is 'soon'"),
        ("BOT_TRY_TIMEOUT", "nan", "BOT_TRY_TIMEOUT is 'nan'"),
        ("BOT_TRY_TIMEOUT", "100", "BOT_LEASE must be at least twice BOT_TRY_TIMEOUT"),
        ("BOT_RESOLVE_AFTER", "1e300", "BOT_RESOLVE_AFTER is '1e300'"),
        ("BOT_RESOLVE_AFTER", "-1", "BOT_RESOLVE_AFTER is '-1'"),
        ("BOT_LOG_FORMAT", "xml", "BOT_LOG_FORMAT is 'xml'"),
        ("DATABASE_URL_FILE", "/none", "DATABASE_URL_FILE names /none, which cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_names_itself(monkeypatch: pytest.MonkeyPatch, name, value, said):
    monkeypatch.setenv(name, value)
    assert is_a_sentence(bot("plan")).startswith(said)


def test_a_dotenv_file_that_is_no_text(folder: Path):
    (folder / ".env").write_bytes(b"\xff\xfe\0")
    assert is_a_sentence(bot("plan")).startswith(f"{folder}/.env cannot be read: ")


def test_settings_are_read_from_dotenv(folder: Path):
    (folder / ".env").write_text("BOT_SCHEDULES=elsewhere.yaml\n")
    assert is_a_sentence(bot("plan")).startswith("elsewhere.yaml cannot be read")


@pytest.mark.parametrize("key", ["nonsense", "a/b/c", ""])
def test_what_is_no_post_is_said_to_be_none(key: str):
    said = is_a_sentence(bot("posts", "hold", key))
    assert said.startswith(f"'{key}' is not a post: copy its key from `bot posts list`")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: bot"),
        (["--help"], "Usage: bot"),
        (["events", "--help"], "history"),
        (["events", "import", "--help"], "--year"),
    ],
)
def test_help_is_on_standard_output(arguments, said):
    assert said in (bot(*arguments).out + bot(*arguments).err)


@pytest.mark.parametrize(
    "arguments",
    [["pln"], ["plan", "--jsn"], ["events"], ["events", "shw"], ["posts", "resolve", "k"]],
)
def test_wrong_usage_exits_with_2(arguments):
    assert bot(*arguments).code == 2


def test_output_that_nobody_reads_ends_quietly(folder: Path):
    command = f"{sys.executable} -m bot events list --json | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=folder)
    assert (done.stdout, done.stderr) == (b"[", b"")


def test_letters_the_output_cannot_show_stop_nothing(folder: Path):
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    result = process("events", "list", cwd=folder, env=ascii_only)
    assert (result.code, result.err) == (0, "")
    assert "Thu 3 \\u2013 Fri 4 June 2021" in result.out


def test_an_argument_that_is_no_text_is_answered(folder: Path):
    result = process("preview", b"\xff", cwd=folder)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("bot: there is no event '\\udcff'")
