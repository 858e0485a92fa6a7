"""What a month's budget reaches for: the most important, with a part kept for notices."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgeting import Bill, Month, budget_of, too_much
from bot.core.planning import Candidate
from bot.core.rules import Change, Channel, OnChange, Price
from tests.support.builders import event, on_clock, record, rule, utc

LONDON = ZoneInfo("Europe/London")
X = Channel(name="x", platform="x", monthly_budget=Decimal(10))


def _budget(channel):
    found = budget_of(channel, LONDON)
    assert found is not None
    return found


def bill(rank, cost, at="2021-06-10 12:00", *, when=None):
    made = replace(
        rule(on_clock(-1, "12:00"), f"rule-{rank}", rank=rank), when=when or on_clock(0, "12:00")
    )
    found = Candidate(utc(at), rank, record(event(uid=f"e{rank}")), made, "r", utc(at), utc(at), "")
    return Bill(found, utc(at), Decimal(cost))


def refused(bills, channel=X, spent=()):
    budget = _budget(channel)
    return [one.candidate.rule.name for one in too_much(bills, dict(spent), budget)]


def test_a_channel_without_a_budget_may_spend_what_it_likes():
    assert budget_of(Channel(name="x", platform="x"), LONDON) is None


@pytest.mark.parametrize(
    ("whole", "reserve"), [("10", "2"), ("1", "0.205"), ("0.1", "0.1"), ("0", "0")]
)
def test_a_fifth_is_kept_but_at_least_one_notice_with_link_and_picture(whole, reserve):
    budget = _budget(replace(X, monthly_budget=Decimal(whole)))
    assert budget.reserve == Decimal(reserve)


def test_the_least_important_give_way_whenever_they_are():
    early = bill(9, "5", "2021-06-01 12:00")
    assert refused([early, bill(0, "4", "2021-06-29 12:00"), bill(1, "4")]) == ["rule-9"]


def test_a_cheaper_post_still_fits_where_a_dear_one_does_not():
    assert refused([bill(0, "7.9"), bill(1, "0.2"), bill(2, "0.1")]) == ["rule-1"]


def test_a_correction_may_use_what_is_kept_and_no_more():
    moved = bill(5, "2", when=OnChange(change=Change.MOVED))
    recording = bill(6, "2", when=OnChange(change=Change.RECORDING))
    june = {Month(2021, 6): Decimal(8)}
    assert refused([moved], spent=june) == []
    assert refused([recording], spent=june) == ["rule-6"]
    assert refused([moved], spent={Month(2021, 6): Decimal("8.01")}) == ["rule-5"]


def test_what_costs_nothing_goes_out_whatever_is_spent():
    assert refused([bill(0, "0")], spent={Month(2021, 6): Decimal(99)}) == []


def test_a_month_is_one_of_the_calendar_of_the_series():
    budget = _budget(X)
    assert budget.month(utc("2021-05-31 23:30")) == Month(2021, 6)
    assert budget.begins(utc("2021-05-31 23:30")) == utc("2021-05-31 23:00")
    assert budget.ends(utc("2021-05-31 23:30")) == utc("2021-06-30 23:00")
    assert budget.ends(utc("2021-12-31 12:00")) == utc("2022-01-01 00:00")
    may = {Month(2021, 5): Decimal(8)}
    assert refused([bill(0, "1", "2021-05-31 22:59")], spent=may) == ["rule-0"]
    assert refused([bill(0, "1", "2021-05-31 23:00")], spent=may) == []


def test_the_prices_of_the_file_decide_what_is_kept():
    dear = replace(X, monthly_budget=Decimal(10), price=Price(with_link=Decimal(3)))
    assert _budget(dear).reserve == Decimal(3)


costs = st.lists(st.integers(0, 500).map(lambda cents: Decimal(cents) / 100), max_size=12)


@given(costs)
def test_never_more_than_the_budget_and_the_less_important_changes_nothing(drawn):
    bills = [bill(rank, cost) for rank, cost in enumerate(drawn)]
    out = set(refused(bills))
    paid = sum(one.cost for one in bills if one.candidate.rule.name not in out)
    assert paid <= 8
    assert refused(bills[:-1]) == [
        name for name in refused(bills) if name != f"rule-{len(bills) - 1}"
    ]
