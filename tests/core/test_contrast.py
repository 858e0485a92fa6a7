import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards import COLOURS
from bot.core.contrast import READABLE, contrast

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),  # WCAG's own example of a grey that just fails
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#0000ff", "#000000", 2.444),
    ],
)
def test_a_ratio_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)


@given(COLOUR, COLOUR)
def test_a_ratio_is_between_1_and_21_whichever_is_the_text(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == contrast(other, one)


@given(COLOUR)
def test_on_every_colour_either_black_or_white_can_be_read(colour: str) -> None:
    assert max(contrast(colour, "#000000"), contrast(colour, "#ffffff")) >= READABLE


def test_the_colours_of_a_series_that_names_none_can_be_read() -> None:
    for name in (COLOURS.text, COLOURS.accent):
        assert contrast(name, COLOURS.background) >= READABLE
