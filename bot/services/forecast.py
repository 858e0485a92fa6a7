"""When the posts of one channel go out, which of them carry links, and which cannot be paid for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.core.budgeting import Bill, Budget, Month, budget_of, too_much
from bot.core.choosing import Choice, choose
from bot.core.linking import carriers
from bot.core.planning import Candidate, Key
from bot.core.pricing import cost
from bot.core.programme import Programme
from bot.core.rules import Channel
from bot.errors import TemplateError
from bot.services.edition import Edition


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What the log says of a channel, as far as it decides on what is still to come."""

    account: str
    taken: Sequence[datetime] = ()  #: when posts went out that limits count
    linked: frozenset[str] = frozenset()  #: events that a post has linked to
    spent: Mapping[Month, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """What is known today."""

    choices: Mapping[Key, Choice]
    linked: frozenset[Key]  #: those that carry links
    refused: frozenset[Key] = frozenset()  #: those that the budget has no room for


def forecast(
    wishes: Iterable[Candidate],
    ledger: Ledger,
    channel: Channel,
    edition: Edition,
    programme: Programme,
    *,
    now: datetime,
) -> Forecast:
    """Every wish that may still go out, placed under limits, links and budget.

    What a budget has no room for makes room under the limits, and lets another post be the first
    about its event: so it is asked again until all that is left can be paid for.
    """
    schedules = edition.schedules
    budget = budget_of(channel, schedules.series.zone)
    wanted = {one.key(ledger.account): one for one in wishes}
    bills = _Bills(channel, edition, programme)
    refused: set[Key] = set()
    while True:
        choices = choose(wanted.values(), ledger.taken, schedules, now)
        placed = _in_order(choices)
        order = (candidate for _, candidate in placed)
        linked = frozenset(carriers(channel, order, ledger.linked, ledger.account))
        beyond = {}
        if budget is not None:
            due = [bills.bill(one.key(ledger.account), one, at, linked) for at, one in placed]
            for bill in too_much(due, ledger.spent, budget):
                beyond[bill.candidate.key(ledger.account)] = put_off(bill.candidate, bill, budget)
        if not beyond:
            found = {one.candidate.key(ledger.account): one for one in choices}
            return Forecast(choices=found, linked=linked, refused=frozenset(refused))
        wanted |= beyond
        refused |= beyond.keys()


def _in_order(choices: Iterable[Choice]) -> list[tuple[datetime, Candidate]]:
    """What goes out, the first first."""
    placed = ((one.at, one.candidate) for one in choices if one.at is not None)
    return sorted(placed, key=lambda one: (one[0], *one[1].order))


def put_off(candidate: Candidate, bill: Bill, budget: Budget) -> Candidate:
    """To the next month, where it may still be said then; else it does not go out."""
    ends = budget.ends(bill.at)
    if ends < candidate.deadline:
        return candidate._replace(release=max(candidate.release, ends))
    return candidate._replace(barred=budget.refusal(bill.at, bill.cost))


class _Bills:
    """What posts would cost; each is written once."""

    def __init__(self, channel: Channel, edition: Edition, programme: Programme) -> None:
        self._channel = channel
        self._edition = edition
        self._programme = programme
        self._costs: dict[tuple[Key, bool], Decimal] = {}

    def bill(self, key: Key, candidate: Candidate, at: datetime, linked: frozenset[Key]) -> Bill:
        carries = key in linked
        if (key, carries) not in self._costs:
            self._costs[key, carries] = self._cost(candidate, at, carries=carries)
        return Bill(candidate, at, self._costs[key, carries])

    def _cost(self, candidate: Candidate, at: datetime, *, carries: bool) -> Decimal:
        try:
            post = self._edition.post(candidate, self._channel, at, self._programme, linked=carries)
        except TemplateError:
            return Decimal(0)  # it does not go out
        return cost(self._channel, linked=bool(post.links), pictured=candidate.rule.card)
