from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.naming import LONGEST_TITLE, mint, same

DAY = date(2021, 6, 9)


@pytest.mark.parametrize(
    ("title", "uid"),
    [
        ("CANDAL seminar series 2021", "2021-06-09-candal-seminar-series-2021"),
        ("Health & Life Science", "2021-06-09-health-and-life-science"),
        (
            "Caf\u00e9 Stra\u00dfe, S\u00f8ren's \u0141\u00f3d\u017a",
            "2021-06-09-cafe-strasse-sorens-lodz",
        ),
        ("INTERFACE | Science + Art", "2021-06-09-interface-science-art"),
    ],
)
def test_a_uid_is_the_day_and_the_title_in_ascii(title: str, uid: str) -> None:
    assert mint(DAY, title, set()) == uid


def test_a_long_title_is_cut_at_a_word_end() -> None:
    title = "New directions for Public Involvement in Health and Social Care Research"
    assert mint(DAY, title, set()) == (
        "2021-06-09-new-directions-for-public-involvement-in-health-and-social"
    )


def test_a_title_of_just_the_longest_length_is_whole() -> None:
    title = f"{'x' * (LONGEST_TITLE - 2)} y"
    assert mint(DAY, title, set()) == f"2021-06-09-{'x' * (LONGEST_TITLE - 2)}-y"
    assert mint(DAY, f"x{title}", set()) == f"2021-06-09-x{'x' * (LONGEST_TITLE - 2)}"


def test_a_single_word_without_end_is_cut_anyway() -> None:
    assert mint(DAY, "x" * 5000, set()) == f"2021-06-09-{'x' * LONGEST_TITLE}"


def test_a_uid_that_is_taken_gets_a_number() -> None:
    taken: set[str] = set()
    for _ in range(3):
        taken.add(mint(DAY, "Talk", taken))
    assert taken == {"2021-06-09-talk", "2021-06-09-talk-2", "2021-06-09-talk-3"}


def test_titles_in_a_script_without_ascii_get_different_and_stable_names() -> None:
    one, other = "\u5065\u5eb7\u7814\u8ba8\u4f1a", "\u751f\u547d\u79d1\u5b66"
    assert mint(DAY, one, set()) == mint(DAY, one, set())
    assert mint(DAY, one, set()) != mint(DAY, other, set())


@given(st.text(max_size=200))
def test_a_uid_is_ascii_whatever_the_title(title: str) -> None:
    uid = mint(DAY, title, set())
    words = uid.removeprefix("2021-06-09-")
    assert words
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(words) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CANDAL  Seminar\u00a0Series", "candal seminar series"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("A \u2013 B\u2019s \u201cC\u201d", 'a - b\'s "c"'),
        ("Zero\u200bwidth", "zerowidth"),
        ("\uff21\uff22", "ab"),
    ],
)
def test_titles_are_the_same_in_other_spaces_case_and_typography(one: str, other: str) -> None:
    assert same(one) == same(other)


def test_other_words_are_another_title() -> None:
    assert same("Informal Fridays") != same("Informal Fridays (online)")
