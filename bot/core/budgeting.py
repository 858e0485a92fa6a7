"""What a channel may spend in a calendar month, and which posts that is for.

Part of the budget is kept for what puts right something that was told: a cancellation must never
wait for money. The rest goes to the most important posts of the month, not to the first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.planning import Candidate
from bot.core.pricing import dollars, price
from bot.core.rules import Channel
from bot.core.timing import resolve

RESERVED = 5
"""One part in so many is kept; at least what one notice costs with a link and a picture."""


class Month(NamedTuple):
    """A month of the calendar."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{datetime(self.year, self.month, 1):%B %Y}"  # noqa: DTZ001 - the name of a month


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """In US dollars, for each month of a zone."""

    whole: Decimal
    reserve: Decimal  #: what of it is kept
    zone: ZoneInfo

    def month(self, instant: datetime) -> Month:
        day = instant.astimezone(self.zone)
        return Month(day.year, day.month)

    def begins(self, instant: datetime) -> datetime:
        """The first moment of the month of an instant."""
        first = instant.astimezone(self.zone).date().replace(day=1)
        return resolve(first, time(0), self.zone)

    def ends(self, instant: datetime) -> datetime:
        """The first moment of the month after that of an instant."""
        first = instant.astimezone(self.zone).date().replace(day=1)
        year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)  # noqa: PLR2004
        return resolve(first.replace(year=year, month=month), time(0), self.zone)

    def pays(self, candidate: Candidate, cost: Decimal, spent: Decimal) -> bool:
        """Whether a post may be paid for where so much of the month is spent."""
        most = self.whole if candidate.is_correction else self.whole - self.reserve
        return not cost or spent + cost <= most

    def refusal(self, instant: datetime, cost: Decimal) -> str:
        return (
            f"monthly budget: no room for {dollars(cost)} more in {self.month(instant)}"
            f" ({dollars(self.whole)}, of which {dollars(self.reserve)} are kept for notices)"
        )


def budget_of(channel: Channel, zone: ZoneInfo) -> Budget | None:
    """None where a channel may spend what it likes."""
    if channel.monthly_budget is None:
        return None
    whole, charged = channel.monthly_budget, price(channel)
    notice = charged.with_link + charged.alt_text
    return Budget(whole=whole, reserve=min(whole, max(whole / RESERVED, notice)), zone=zone)


class Bill(NamedTuple):
    """A post as it would go out, and what it would cost then."""

    candidate: Candidate
    at: datetime
    cost: Decimal


def too_much(
    bills: Iterable[Bill], spent: Mapping[Month, Decimal], budget: Budget
) -> Iterator[Bill]:
    """Those that a month's budget does not reach for, the most important served first."""
    gone = dict(spent)
    for bill in sorted(bills, key=lambda one: one.candidate.order):
        month = budget.month(bill.at)
        before = gone.get(month, Decimal(0))
        if budget.pays(bill.candidate, bill.cost, before):
            gone[month] = before + bill.cost
        else:
            yield bill
