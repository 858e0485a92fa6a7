from collections.abc import Collection

import pytest

from bot.core.linting import Fault
from bot.core.truth import days_named, untrue


def found_in(words: str, offsets: Collection[int], language: str = "en") -> list[Fault]:
    return list(untrue(days_named(words, language), offsets))


@pytest.mark.parametrize(
    ("words", "offset"),
    [
        ("yesterday: a talk", -1),
        ("today: a talk", 0),
        ("join us tonight", 0),
        ("join us this evening", 0),
        ("tomorrow’s talk", 1),
        ("in 3 days: a talk", 3),
        ("in three days", 3),
        ("in a week: a talk", 7),
        ("in 2 weeks", 14),
    ],
)
def test_a_day_that_is_named_has_to_be_that_day(words: str, offset: int) -> None:
    assert found_in(words, {offset}) == []
    assert found_in(words, {40, offset}) == []
    [fault] = found_in(words, {offset + 1})
    assert fault.found in words


def test_the_fault_says_what_is_true_and_what_to_write() -> None:
    [fault] = found_in("see you tomorrow", {0})
    assert fault == (
        "it says 'tomorrow', and the event is today: write {{ event | countdown }}, which says what"
        " is true"
    )
    [fault] = found_in("see you today", {-3})
    assert "the event is 3 days ago" in fault


@pytest.mark.parametrize("words", ["a talk", "in 20 minutes", "todays", "in days", "a week in"])
def test_other_words_say_nothing_of_days(words: str) -> None:
    assert found_in(words, {40}) == []


def test_without_an_event_every_day_may_be_named() -> None:
    assert found_in("tomorrow", ()) == []


@pytest.mark.parametrize(
    ("language", "words", "offset"),
    [("de-DE", "heute: ein vortrag", 0), ("fr", "demain : un exposé", 1), ("cy", "yfory", 1)],
)
def test_days_are_known_in_other_languages(language: str, words: str, offset: int) -> None:
    assert found_in(words, {offset}, language) == []
    assert len(found_in(words, {offset + 1}, language)) == 1


def test_a_word_that_may_mean_the_morning_is_let_be() -> None:
    assert found_in("guten morgen", {5}, "de") == []
