"""Writes what is due on a channel, as far as it can be said well and paid for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.core.agenda import HORIZON
from bot.core.budgeting import Bill, Budget, budget_of
from bot.core.linking import carriers
from bot.core.planning import Candidate, Key
from bot.core.rules import Channel, Links
from bot.errors import TemplateError
from bot.services.forecast import Ledger, forecast, put_off
from bot.services.ground import Ground
from bot.services.write import write
from bot.store import posts
from bot.store.claims import Claim
from bot.store.posts import PostRecord
from bot.store.session import Connection

Due = Sequence[tuple[Key, Candidate]]


@dataclass(kw_only=True, slots=True)
class Drafts:
    """Claims, and what does not go out now: barred, or later."""

    claims: list[Claim] = field(default_factory=list)
    put_off: list[tuple[Key, Candidate]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Purse:
    """What is left of a channel's month, as the log stands in this very transaction."""

    budget: Budget
    now: datetime
    spent: Decimal

    def pays(self, candidate: Candidate, cost: Decimal) -> bool:
        """Whether a post can be paid for; if so, that is spent."""
        if not self.budget.pays(candidate, cost, self.spent):
            return False
        self.spent += cost
        return True


def purse(
    connection: Connection, channel: Channel, account: str, ground: Ground, now: datetime
) -> Purse | None:
    """None where there is no budget to keep to."""
    budget = budget_of(channel, ground.edition.schedules.series.zone)
    if budget is None:
        return None
    spent = sum(posts.costs(connection, account, budget.begins(now)), Decimal(0))
    return Purse(budget=budget, now=now, spent=spent)


def draft(
    connection: Connection,
    ground: Ground,
    channel: Channel,
    due: Due,
    *,
    ahead: Callable[[datetime], Iterable[Candidate]],
    now: datetime,
) -> Drafts:
    """The claims of what is due. `ahead`: what else may go out on the channel until an instant."""
    found = Drafts()
    if not due:
        return found
    account = due[0][0].channel
    paying = purse(connection, channel, account, ground, now)
    if paying is not None:
        wishes = ahead(paying.budget.ends(now))
        due = _worth_it(connection, ground, channel, due, wishes, paying=paying, found=found)
    linked = _linked(connection, channel, account, due)
    for key, candidate in due:
        try:
            claim = write(ground, key, candidate, channel, now, linked=key in linked)
        except TemplateError as error:
            barred = f"its text cannot be written: {error}"
            found.put_off.append((key, candidate._replace(barred=barred)))
            continue
        cost = Decimal(claim.extras.cost_usd)
        if paying is None or paying.pays(candidate, cost):
            found.claims.append(claim)
        else:
            bill = Bill(candidate, now, cost)
            found.put_off.append((key, put_off(candidate, bill, paying.budget)))
    return found


def affordable(
    connection: Connection,
    again: Iterable[tuple[PostRecord, Candidate, Claim]],
    channel: Channel,
    ground: Ground,
    *,
    now: datetime,
) -> list[tuple[PostRecord, Claim]]:
    """Of posts that may have gone out already, those whose sending once more can be paid for."""
    again = list(again)
    paying = purse(connection, channel, again[0][0].key.channel, ground, now) if again else None
    return [
        (row, claim)
        for row, candidate, claim in again
        if paying is None
        or paying.pays(candidate, Decimal(claim.extras.cost_usd) - Decimal(row.extras.cost_usd))
    ]


def _worth_it(
    connection: Connection,
    ground: Ground,
    channel: Channel,
    due: Due,
    ahead: Iterable[Candidate],
    *,
    paying: Purse,
    found: Drafts,
) -> list[tuple[Key, Candidate]]:
    """What is due, without what the rest of the month has better use for the money of."""
    account, now = due[0][0].channel, paying.now
    wishes = {one.key(account): one for one in ahead} | dict(due)
    rows = posts.of_events(connection, account, {key.event for key in wishes})
    logged = set(ground.repeated(wishes, rows)) - {key for key, _ in due}
    ledger = Ledger(
        account=account,
        taken=posts.taken(connection, account, now - HORIZON, but=ground.corrections),
        linked=frozenset(row.key.event for row in rows if row.has_linked),
        spent={paying.budget.month(now): paying.spent},
    )
    open_ = [one for key, one in wishes.items() if key not in logged and one.deadline > now]
    seen = forecast(open_, ledger, channel, ground.edition, ground.programme, now=now)
    worth = []
    for key, candidate in due:
        if key in seen.refused:
            found.put_off.append((key, seen.choices[key].candidate))
        else:
            worth.append((key, candidate))
    return worth


def _linked(connection: Connection, channel: Channel, account: str, due: Due) -> set[Key]:
    """Which of the posts carry links."""
    before: set[str] = set()
    if channel.links is Links.FIRST:
        rows = posts.of_events(connection, account, {key.event for key, _ in due})
        before = {row.key.event for row in rows if row.has_linked}
    return set(carriers(channel, (one for _, one in due), before, account))
