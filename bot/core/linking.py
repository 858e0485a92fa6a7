"""Which posts of a channel carry links.

With `first`, the first about each event does, and besides those whose point a link is: a notice of
a recording or of another page, a post that waited for a recording, a digest.
"""

from collections.abc import Collection, Iterable, Iterator

from bot.core.planning import Candidate, Key
from bot.core.rules import Change, Channel, Every, Links, OnChange, Rule

_POINTLESS_WITHOUT = (Change.RECORDING, Change.CHANGED)


def answers(channel: Channel, rule: Rule) -> tuple[bool, ...]:
    """Whether a rule's posts carry links on a channel: yes, no, or the one or the other."""
    if channel.links is Links.ALWAYS:
        return (True,)
    if channel.links is Links.NEVER:
        return (False,)
    return (True,) if _needs_link(rule) else (True, False)


def carriers(
    channel: Channel, plan: Iterable[Candidate], linked: Collection[str], account: str
) -> Iterator[Key]:
    """Which of the posts carry links, if they go out in this order.

    `linked`: the events that a post of the channel has linked to already.
    """
    seen = set(linked)
    for one in plan:
        said = answers(channel, one.rule)
        uid = one.record.event.uid
        if said == (True,) or (len(said) > 1 and uid not in seen):
            yield one.key(account)
            seen.add(uid)


def _needs_link(rule: Rule) -> bool:
    if isinstance(rule.when, OnChange):
        return rule.when.change in _POINTLESS_WITHOUT
    return isinstance(rule.when, Every) or (rule.wait is not None and not rule.wait.inverted)
