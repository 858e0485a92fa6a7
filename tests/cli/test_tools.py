"""count, schema and db: small, and used by other programs."""

import json
from pathlib import Path

import pytest

from tests.support.cli import ROOT, bot, process


@pytest.mark.parametrize(
    ("platform", "text", "length"),
    [
        ("x", "abc", 3),
        ("x", "abc\n", 3),
        ("x", "https://example.org/a/very/long/address/that/goes/on", 23),
        ("bluesky", "👩\u200d🔬", 1),
        ("x", "", 0),
    ],
)
def test_a_text_is_counted_as_its_platform_counts(folder: Path, platform, text, length):
    assert process("count", platform, input=text.encode(), cwd=folder).out == f"{length}\n"


def test_bytes_that_are_no_text_are_counted_all_the_same(folder: Path):
    assert process("count", "x", input=b"a\xffb", cwd=folder).code == 0


def test_an_unknown_platform_offers_the_nearest():
    result = bot("count", "blusky")
    assert (result.code, result.err) == (
        1,
        (
            "bot: there is no platform 'blusky' (did you mean 'bluesky'?):"
            " one of x, mastodon, bluesky, local, apprise\n"
        ),
    )


def test_the_committed_schema_is_the_one_that_is_printed():
    committed = (ROOT / "schedules.schema.json").read_text(encoding="utf-8")
    assert bot("schema").out == committed
    assert json.loads(committed)["properties"].keys() >= {"series", "posts", "channels"}


def test_a_database_is_brought_up_to_date_once(folder: Path):
    assert bot("db", "upgrade").out == "The database is up to date now.\n"
    assert (folder / "bot.db").exists()
    assert bot("db", "upgrade").out == "The database was up to date.\n"


def test_a_backup_is_restored_into_an_empty_database(folder: Path):
    bot("events", "add", "--title", "Talk", "--starts", "2099-06-09")
    before = bot("events", "history", "2099-06-09-talk", "--json").out
    assert bot("db", "backup", "saved.jsonl.gz").code == 0
    (folder / "bot.db").rename(folder / "old.db")
    for rest in folder.glob("bot.db-*"):
        rest.unlink()
    assert bot("db", "restore", "saved.jsonl.gz").code == 0
    assert bot("events", "history", "2099-06-09-talk", "--json").out == before


@pytest.mark.parametrize(
    ("file", "data"),
    [("no.gz", None), ("text.gz", b"hello"), ("zero.gz", b""), ("bin.gz", b"\x1f\x8b\0")],
)
def test_what_is_no_backup_is_one_sentence(folder: Path, file, data):
    if data is not None:
        (folder / file).write_bytes(data)
    result = bot("db", "restore", file)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("bot: ")
    assert len(result.err.splitlines()) == 1
