import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.documents import parse
from bot.core.rules import Schedules
from bot.errors import MistakesError
from bot.schedules import json_schema, read
from bot.schedules.language import FILE_SHAPE
from bot.schedules.pending import NOT_YET
from bot.schedules.shapes import Named, Record, Several, Shape
from bot.schedules.texts import Choice
from tests.support import json_schema as schema
from tests.support import schedules_files as files

SCHEMA = json_schema()
ROOT = Path(__file__).parents[2]


def paths(shape: Shape, path: str = "") -> set[str]:
    """All places and words of the language."""
    if isinstance(shape, Record):
        below = {f"{path}.{key}".removeprefix("."): each for key, each in shape.fields.items()}
        return set(below).union(*(paths(each.shape, where) for where, each in below.items()))
    if isinstance(shape, Named | Several):
        return paths(shape.shape, f"{path}.*")
    return {f"{path}: {word}" for word in shape.words} if isinstance(shape, Choice) else set()


def described(shape: Any) -> list[str]:
    """The properties of a schema that have no description."""
    if not isinstance(shape, dict):
        return []
    own = [key for key, each in shape.get("properties", {}).items() if "description" not in each]
    return own + [each for value in shape.values() for each in described(value)]


def accepts(text: str) -> bool:
    try:
        read(text, name="s.yaml")
    except MistakesError:
        return False
    return True


def underlined(text: str) -> list[str]:
    return schema.errors(files.plain(parse(text, "s.yaml")), SCHEMA)


def test_the_schema_file_is_current() -> None:
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    assert (ROOT / "schedules.schema.json").read_text(encoding="utf-8") == text


def test_what_is_not_yet_built_is_in_the_language_and_not_in_the_schema() -> None:
    assert paths(FILE_SHAPE) >= NOT_YET
    text = json.dumps(SCHEMA)
    assert not [word for word in ("ics", "jsonld") if f'"{word}"' in text]


def test_every_key_is_described() -> None:
    assert described(SCHEMA) == []


def test_the_sample_and_the_full_file_are_not_underlined() -> None:
    assert underlined((ROOT / "schedules.yaml").read_text(encoding="utf-8")) == []
    assert underlined(files.FULL) == []


@settings(max_examples=100, deadline=None)
@given(files.schedules())
def test_an_editor_accepts_what_the_bot_reads(schedules: Schedules) -> None:
    assert underlined(files.written(schedules)) == []


LINES = files.FULL.splitlines()
VALUES = st.sampled_from(
    [
        "1",
        "0",
        "'7'",
        "2021",
        "1.5",
        "true",
        "'true'",
        "no",
        "~",
        "Null",
        "{}",
        "[]",
        "[x]",
        "[1, 2.0, no]",
        "[mon, Wed-Fri]",
        "09:00",
        "9:00",
        "x",
        "local",
        "a b",
        "a/b.txt",
        "../a",
        "'  a '",
        '"a\\nb"',
        "an  HOUR before The start",
        "at end",
        "the day after end at 9:30",
        "2 Weeks",
        "2 days",
        "https://example.org",
        "hybrid",
        "'#Tag'",
        "UTC",
        "{kind: 1, multi_day: FALSE}",
        "{tag: [], timed: Yes}",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(st.integers(0, len(LINES) - 1), VALUES, min_size=1, max_size=2))
def test_an_editor_underlines_nothing_that_the_bot_reads(changed: dict[int, str]) -> None:
    lines = list(LINES)
    for number, value in changed.items():
        if not lines[number].endswith(":"):
            key, colon, _ = lines[number].partition(": ")
            lines[number] = f"{key}{colon}{value}" if colon else f"        - {value}"
    text = "\n".join(lines)
    if accepts(text):
        assert underlined(text) == []
