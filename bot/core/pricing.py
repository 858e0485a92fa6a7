"""What a platform charges for a post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.core.links import links


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """US dollars for one post, and the day the figures were read."""

    post: Decimal
    with_link: Decimal
    as_of: date


PRICES: Mapping[str, Price] = {
    # docs.x.com, pay-per-use pricing: a post that X finds a link in costs thirteen times as much
    "x": Price(post=Decimal("0.015"), with_link=Decimal("0.200"), as_of=date(2026, 4, 16)),
}


def cost(platform: str, text: str) -> Decimal:
    """What publishing the text costs, in US dollars."""
    price = PRICES.get(platform)
    if price is None:
        return Decimal(0)
    return price.with_link if links(text) else price.post
