"""What a platform charges for a post."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bot.core.rules import Channel, Price

PRICES: Mapping[str, Price] = {
    # docs.x.com, pay-per-use pricing: a post that X finds a link in costs thirteen times as much;
    # writing down what a picture shows is a request of its own
    "x": Price(
        post=Decimal("0.015"),
        with_link=Decimal("0.200"),
        alt_text=Decimal("0.005"),
        as_of=date(2026, 4, 16),
    ),
}
"""A channel's own prices in schedules.yaml win over these."""

FREE = Price()


def price(channel: Channel) -> Price:
    """What a channel is charged: as the file says, else as its platform is known to."""
    return channel.price or PRICES.get(channel.platform, FREE)


def priced(platform: str, said: Mapping[str, Decimal]) -> Price | None:
    """A platform's prices where the file says some of them otherwise; None where it says none."""
    if not said:
        return None
    known = PRICES.get(platform, FREE)
    return Price(
        post=said.get("post", known.post),
        with_link=said.get("with_link", known.with_link),
        alt_text=said.get("alt_text", known.alt_text),
    )


def cost(channel: Channel, *, linked: bool, pictured: bool = False) -> Decimal:
    """What publishing a post costs, in US dollars.

    `linked`: whether it has a link; `pictured`: whether it has a picture with its alt text.
    """
    charged = price(channel)
    post = charged.with_link if linked else charged.post
    return post + charged.alt_text if pictured else post


def dollars(amount: Decimal) -> str:
    """`$0.015`, `$0.20`, `$12.00`: cents, and tenths of them where there are any."""
    tenths = f"{amount:.3f}"
    return f"${tenths.removesuffix('0')}"
