"""What the pages say is so: commands run, names exist, tables are complete, links lead somewhere.

In a page, `console` blocks are run one after another in a copy of the sample (… stands for
anything, ^C stops a command, a mistake that is shown is one of failure), `diff` blocks are applied
to schedules.yaml, `yaml`, `text` and `jinja` blocks are read. `sh` blocks are not run.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot import schedules, sources
from bot.cli import app, commands
from bot.config import ACCOUNTS, Settings
from bot.schedules.language import FILE_SHAPE
from bot.schedules.pending import NOT_YET
from bot.schedules.shapes import Named, Record, Several
from tests.support.pages import (
    PAGES,
    ROOT,
    Block,
    anchors,
    blocks,
    first_cells,
    links,
    section,
    spans,
)

ORGANISERS = ROOT / "docs" / "organisers.md"
OPERATORS = ROOT / "docs" / "operators.md"
NOT_BUILT = section(ORGANISERS, "## Not yet")


def _ids(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


@pytest.fixture
def sample(tmp_path):
    """The organiser's files, in a folder of their own."""
    for name in ("events", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "schedules.yaml", tmp_path)
    return tmp_path


# Commands


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "console", "diff")], ids=_ids
)
def test_what_a_page_shows_is_what_happens(page, sample):
    for block in blocks(page, "console", "diff"):
        if block.language == "diff":
            _apply(block, sample / "schedules.yaml")
        for command, shown in block.commands() if block.language == "console" else ():
            _check(block, command, shown, sample)


def _apply(block: Block, file: Path) -> None:
    """Replace the lines marked - by those marked +, below the unmarked ones."""
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    text = file.read_text(encoding="utf-8")
    assert _uncommented(text).count(before) == 1, f"{block}: these lines are not in {file.name}"
    file.write_text(_uncommented(text).replace(before, after), encoding="utf-8")


def _uncommented(text: str) -> str:
    """Comments behind a value stand in the sample's way, not in the reader's; lines are kept."""
    return re.sub(r"(?<=\S) +# .*$", "", text, flags=re.MULTILINE)


def _check(block: Block, command: str, shown: str, folder: Path) -> None:
    expected = shown.removesuffix("^C\n")
    if shown == expected:
        code, said = _run(command, folder)
    else:
        code, said = _stopped(command, folder, after=len(expected.splitlines()))
    where = f"{block}: $ {command}\n{said}"
    fails = re.search(r"^(?:bot: |FAIL |\S+:\d+:\d+: )", expected, re.MULTILINE)
    assert code == (1 if fails else 0), where
    assert not expected or re.fullmatch(_pattern(expected), said.rstrip() + "\n"), where


def _pattern(shown: str) -> str:
    """What is shown as a regular expression: a line … is any number of lines, and " …" at the end
    of one the rest of it.
    """
    return "".join(map(_line_pattern, shown.splitlines()))


def _line_pattern(line: str) -> str:
    if line == "…":
        return "(?:.*\n)*?"
    if line.endswith(" …"):
        return re.escape(line.removesuffix("…")) + ".*\n"
    return re.escape(line) + " *\n"


def _run(command: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def _stopped(command: str, folder: Path, *, after: int) -> tuple[int, str]:
    """Press Ctrl-C after so many lines were said; the log is not part of what is said."""
    with subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = "".join(process.stdout.readline() for _ in range(after))
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    return process.returncode, first + rest


def _environment(folder: Path) -> Mapping[str, str]:
    """Nothing of the settings of whoever runs the tests; `bot` is the one under test."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "USER": "organiser"}


def _tree() -> TyperGroup:
    assert commands
    tree = typer.main.get_command(app)
    assert isinstance(tree, TyperGroup)
    return tree


def _leaves(group: TyperGroup, *names: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _leaves(command, *names, name)
        else:
            yield (*names, name)


def _typed(block: Block) -> Iterator[str]:
    """The commands of a block, without what is a comment or is shown."""
    if block.language == "console":
        yield from (command for command, _ in block.commands())
    else:
        yield from (re.sub(r"(^| )# .*$", "", line) for line in block.text.splitlines())


def _mentioned() -> Iterator[tuple[str, list[str]]]:
    """Every line and span that is a command of the bot, and where it stands."""
    for page in PAGES:
        said = [span for span in spans(page) if span.startswith("bot ")]
        for block in blocks(page, "console", "sh", "ini"):
            for line in _typed(block):
                said += re.findall(r"(?:^|[ /=])(bot [a-z][^|>&]*)", line)
        for one in said:
            if not (page == ORGANISERS and f"`{one}`" in NOT_BUILT):
                yield page.name, shlex.split(one.partition(" > ")[0])[1:]


def _named(words: list[str]) -> TyperCommand | None:
    """The command that the words call; None where there is none."""
    group = _tree()
    for word in words:
        found = group.commands.get(word)
        if not isinstance(found, TyperGroup):
            return found if isinstance(found, TyperCommand) else None
        group = found
    return None


def test_every_command_that_is_mentioned_exists_with_its_options():
    for where, words in _mentioned():
        if words[0] in {"--help", *_groups()} and len(words) == 1:
            continue
        command = _named(words)
        assert command is not None, f"{where}: there is no `bot {' '.join(words)}`"
        options = {name for one in command.params for name in one.opts} | {"--help"}
        for word in words:
            if word.startswith("--"):
                assert word in options, f"{where}: `bot {' '.join(words)}` has no {word}"


def _groups() -> set[str]:
    return {name for name, one in _tree().commands.items() if isinstance(one, TyperGroup)}


def test_every_command_is_in_the_pages():
    mentioned = {
        tuple(words[: len(leaf)]) for _, words in _mentioned() for leaf in _leaves(_tree())
    }
    assert not [leaf for leaf in _leaves(_tree()) if leaf not in mentioned]


def test_what_is_not_there_yet_is_really_not_there():
    for said in re.findall(r"`bot ([a-z ]+)`", NOT_BUILT):
        assert tuple(said.split()) not in set(_leaves(_tree())), f"bot {said} is built"


def test_every_target_of_make_that_is_mentioned_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for page in PAGES:
        said = [span for span in spans(page) if span.startswith("make ")]
        said += [line for block in blocks(page, "sh") for line in block.text.splitlines()]
        for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(said)):
            assert target in targets, f"{page.name}: make {target}"


def test_the_readme_names_the_command_that_runs_the_tests():
    assert "make test " in (ROOT / "README.md").read_text()


# Tables


def test_the_operators_table_has_every_setting_and_no_other():
    accounts = {
        f"{platform.upper()}_{name}"
        for platform, account in ACCOUNTS.items()
        for name in (*account.required, *account.options)
    }
    known = {name.upper() for name in Settings.model_fields} | accounts
    assert set(first_cells(section(OPERATORS, "## Settings"))) == known


def test_the_operators_table_has_the_true_defaults():
    rows = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)? *\|", OPERATORS.read_text(), re.MULTILINE)
    defaults = {
        name: account.options[name.partition("_")[2]]
        for platform, account in ACCOUNTS.items()
        for option in account.options
        if (name := f"{platform.upper()}_{option}")
    }
    for name, said in rows:
        if name.lower() in Settings.model_fields:
            field = Settings.model_fields[name.lower()]
            shown = Settings.model_validate({name.lower(): said}) if said else Settings()
            assert getattr(shown, name.lower()) == field.get_default(), name
        else:
            assert said == defaults.get(name, ""), name


def _paths(shape: object, path: str = "") -> Iterator[str]:
    """Every key of the language as a path; names and list items as a star."""
    if isinstance(shape, Record):
        for key, field in shape.fields.items():
            here = f"{path}.{key}".removeprefix(".")
            yield here
            yield from _paths(field.shape, here)
    elif isinstance(shape, Named | Several):
        yield from _paths(shape.shape, f"{path}.*")


def test_every_word_of_the_language_is_explained():
    words = section(ORGANISERS, "## Every word of schedules.yaml")
    missing = [
        path
        for path in _paths(FILE_SHAPE)
        if path not in NOT_YET and f"`{path.rpartition('.')[2]}:`" not in words
    ]
    assert not missing


def test_what_is_not_built_yet_is_said_in_one_place():
    missing = []
    for path in NOT_YET:
        place, _, word = path.partition(": ")
        said = f"`{word}`" if word else f"`{place.rpartition('.')[2]}:`"
        if said not in NOT_BUILT:
            missing.append(path)
    assert not missing


# What is read


def _with(snippet: str) -> str:
    """The sample's schedules.yaml, with the sections that a snippet has."""
    text = (ROOT / "schedules.yaml").read_text(encoding="utf-8")
    for part in re.split(r"^(?=[a-z_]+:)", snippet, flags=re.MULTILINE):
        name = part.partition(":")[0]
        if name:
            whole = re.compile(rf"^{name}:.*?(?=^[a-z_]+:|\Z)", re.MULTILINE | re.DOTALL)
            text = whole.sub("", text) + part
    return text


def _yaml() -> list[Block]:
    return [block for page in PAGES for block in blocks(page, "yaml")]


@pytest.mark.parametrize("block", _yaml(), ids=str)
def test_a_yaml_block_is_understood(block):
    if block.text.startswith("- "):
        data = block.text.encode()
        reading = sources.read("yaml", data, name="x.yaml", timezone="Europe/London")
        assert reading.entries
        assert not reading.refusals
    else:
        schedules.read(_with(block.text), name="schedules.yaml")


@pytest.mark.parametrize("block", blocks(ORGANISERS, "text"), ids=str)
def test_a_listing_is_understood(block):
    reading = sources.read("listing", block.text.encode(), name="x", timezone="UTC", year=2021)
    assert len(reading.entries) == len(re.findall(r"^\d", block.text, re.MULTILINE))
    assert not reading.refusals


@pytest.mark.parametrize("block", blocks(ORGANISERS, "jinja"), ids=str)
def test_a_template_is_understood(block, sample):
    (sample / "templates" / "posts" / "reminder.j2").write_text(block.text)
    code, said = _run("bot check", sample)
    assert code == 0, said


@pytest.mark.parametrize("platform", [name for name, one in ACCOUNTS.items() if one.required])
def test_how_to_get_an_account_is_told_of_each_platform(platform):
    told = set(spans(ROOT / "docs" / "accounts.md"))
    assert {f"{platform}_{name}".upper() for name in ACCOUNTS[platform].required} <= told


# Files and links


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_every_file_that_is_named_exists(page):
    own = r"(?:\.ci|bot|tests|docs|templates|events)/[\w./-]*|[\w.-]+\.(?:toml|lock|md|yaml|json)"
    to_be = {"schedules.yaml", "backup.db"}
    for span in {*spans(page)} - to_be:
        if re.fullmatch(own, span) and "000" not in span:
            found = [ROOT / span, ROOT / "docs" / span, *ROOT.glob(f"templates/posts/{span}")]
            assert any(path.exists() for path in found), f"{page.name}: {span}"


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_every_link_leads_somewhere(page):
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"
