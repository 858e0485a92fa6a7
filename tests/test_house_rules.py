"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

TIME = {
    "time": {
        "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns",
        "clock_gettime", "clock_gettime_ns", "localtime", "gmtime",
    },
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}  # fmt: skip
ENVIRONMENT = {"os": {"environ", "environb", "getenv", "getenvb"}}


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _uses(source: str, forbidden: dict[str, set[str]]) -> Iterator[str]:
    """Where one of the names is reached as an attribute, or imported from its module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if node.attr in forbidden.get(name, ()):
                yield f"line {node.lineno}: {name}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in forbidden:
            for one in node.names:
                if one.name in forbidden[node.module]:
                    yield f"line {node.lineno}: {node.module}.{one.name}"


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_only_the_clock_reads_the_time_and_only_the_settings_the_environment(path):
    source = path.read_text(encoding="utf-8")
    assert path.name == "clock.py" or not list(_uses(source, TIME))
    assert path.name == "config.py" or not list(_uses(source, ENVIRONMENT))


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "from time import monotonic",
        "import datetime\ndatetime.datetime.now(UTC)",
        "from datetime import datetime\nread = datetime.now",
        "from datetime import date\ndate.today()",
    ],
)
def test_a_reading_of_the_time_is_seen(source):
    assert list(_uses(source, TIME))


@pytest.mark.parametrize("source", ["import os\nos.environ['HOME']", "from os import getenv"])
def test_a_reading_of_the_environment_is_seen(source):
    assert list(_uses(source, ENVIRONMENT))


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_modules_and_functions_are_short(path):
    source = path.read_text(encoding="utf-8")
    if path.name == "tlds.py" or "versions" in path.parts:
        return  # data, and history
    assert source.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"
