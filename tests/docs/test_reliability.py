"""Each line of the promise names the tests that hold it, and they are there."""

import re

import pytest

from tests.support.pages import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_a_test_that_is_named_exists(name):
    assert f"def {name}(" in TESTS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/\S+\.py)`", PAGE))))
def test_a_file_that_is_named_exists(path):
    assert (ROOT / path).is_file()


def test_no_line_of_the_promise_is_untested():
    lines = [
        line for line in PAGE.splitlines() if line.startswith("| ") and "tested by" not in line
    ]
    assert len(lines) > 10
    assert all(re.search(r"`test_\w+`|`tests/\S+`", line) for line in lines)
