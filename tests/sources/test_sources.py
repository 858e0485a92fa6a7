from datetime import date

import pytest

from bot.sources import READERS, kind_of, read


def test_each_kind_has_its_reader() -> None:
    found = {
        kind: read(kind, data, name="x", timezone="Europe/London", year=2021)
        .entries[0]
        .fields["starts"]
        for kind, data in {
            "listing": b"9th June - A",
            "yaml": b"- {title: A, starts: 2021-06-09}",
        }.items()
    }
    assert found == dict.fromkeys(READERS, date(2021, 6, 9))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("events/a.txt", "listing"), ("A.HTML", "listing"), ("a.yml", "yaml"), ("a.ics", "ics"),
        ("a.csv", "csv"), ("a", None), ("a.docx", None),
    ],
)  # fmt: skip
def test_a_name_speaks_for_its_kind(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind
