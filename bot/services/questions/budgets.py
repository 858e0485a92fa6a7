"""Can every month be paid for, on the channels that have a budget?"""

from collections import Counter
from collections.abc import Iterator

from bot.core.budgeting import Budget, budget_of
from bot.core.planning import Candidate, candidates
from bot.core.pricing import dollars
from bot.core.rules import Channel
from bot.services.forecast import Ledger, forecast
from bot.services.questions.findings import Asked, Finding, Level


def exceeded(asked: Asked) -> Iterator[Finding]:
    """The months to come that a budget does not reach for; of a season that is over, all."""
    schedules = asked.edition.schedules
    for channel in schedules.channels.values():
        budget = budget_of(channel, schedules.series.zone)
        if budget is not None:
            yield from _short(asked, channel, budget)


def _short(asked: Asked, channel: Channel, budget: Budget) -> Iterator[Finding]:
    schedules = asked.edition.schedules
    plan = [
        one
        for one in candidates(asked.records, schedules)
        if not one.barred and channel in schedules.channels_of(one.rule)
    ]
    ahead = [one for one in plan if one.deadline > asked.now]
    start = asked.now if ahead else min((one.release for one in plan), default=asked.now)
    seen = forecast(
        ahead or plan,
        Ledger(account=channel.name),
        channel,
        asked.edition,
        asked.programme,
        now=start,
    )
    lost: list[Candidate] = [
        seen.choices[key].candidate for key in seen.refused if seen.choices[key].at is None
    ]
    months = Counter(budget.month(one.release) for one in lost)
    for month, number in sorted(months.items()):
        yield Finding(
            level=Level.WARNING,
            where=f"channel {channel.name}",
            what=f"{number} post{'s' if number > 1 else ''} will not go out in {month}: its budget"
            f" of {dollars(budget.whole)} does not reach, with {dollars(budget.reserve)} of it kept"
            " for notices (bot plan says which)",
        )
