"""The stage services are tested on."""

import pytest

from tests.support.builders import utc
from tests.support.stage import DAY_BEFORE, Stage


@pytest.fixture
def staged(tmp_path):
    """A stage with rules of its own, at the beginning of June 2021."""
    opened = []

    def build(rules=DAY_BEFORE, folder="stage", **options):
        (tmp_path / folder).mkdir()
        start = utc("2021-06-01 00:00")
        opened.append(Stage(tmp_path / folder, start, rules=rules, **options))
        return opened[-1]

    yield build
    for one in opened:
        one.close()


@pytest.fixture
def stage(staged):
    return staged()
