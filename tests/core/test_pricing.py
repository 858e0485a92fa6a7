from decimal import Decimal

import pytest

from bot.core.pricing import cost, dollars, priced
from bot.core.rules import Channel

X = Channel(name="x", platform="x")


@pytest.mark.parametrize(
    ("linked", "pictured", "price"),
    [
        (False, False, "0.015"),
        (True, False, "0.200"),
        (False, True, "0.020"),
        (True, True, "0.205"),
    ],
)
def test_x_charges_for_a_post_more_for_a_link_and_for_alt_text(linked, pictured, price):
    assert cost(X, linked=linked, pictured=pictured) == Decimal(price)


def test_other_networks_charge_nothing():
    for platform in ("mastodon", "bluesky", "local"):
        assert cost(Channel(name="a", platform=platform), linked=True, pictured=True) == 0


def test_what_the_file_says_wins_and_the_rest_stays():
    mine = Channel(name="x", platform="x", price=priced("x", {"post": Decimal("0.5")}))
    assert cost(mine, linked=False) == Decimal("0.5")
    assert cost(mine, linked=True) == Decimal("0.200")
    assert priced("x", {}) is None


@pytest.mark.parametrize(
    ("amount", "said"), [("0.015", "$0.015"), ("0.2", "$0.20"), ("12", "$12.00"), ("0", "$0.00")]
)
def test_dollars_are_said_with_cents_and_tenths_of_them_where_there_are_any(amount, said):
    assert dollars(Decimal(amount)) == said
