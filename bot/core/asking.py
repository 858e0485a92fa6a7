"""What people are asked about a post that needs their word: its exact text, and what to answer."""

import shlex
from datetime import datetime

from bot.core.planning import Candidate, Key


def question(
    candidate: Candidate, text: str, key: Key, goes: datetime | None, *, changed: bool
) -> str:
    """`goes`: when it goes out unless it is stopped; None: not without an approval.

    `key`: with the channel's nickname. `changed`: whether it was approved, and is not what it was.
    """
    called = f"{candidate.rule.name} of {candidate.about} on {key.channel}"
    if goes is None:
        said = [
            f"Waits for your approval: {called}, due {_when(candidate, candidate.due)}.",
            f"Without it, it is dropped on {_when(candidate, candidate.deadline)}.",
        ]
    else:
        said = [f"Goes out on {_when(candidate, goes)} unless you stop it: {called}."]
    if candidate.is_correction:
        said.append("It puts right what its followers were told.")
    if changed:
        said.append("It was approved, and is not what it was then.")
    answer = f"hold {_quoted(key)}" if goes else f"approve {_quoted(key)}"
    quoted = (f"    {line}".rstrip() for line in text.splitlines())
    return "\n".join(
        [" ".join(said), *quoted, f"  To {_ANSWERS[goes is None]}: bot posts {answer}"]
    )


_ANSWERS = {True: "send it", False: "stop it"}


def _quoted(key: Key) -> str:
    """As a shell takes it: the uid of an event comes from elsewhere."""
    return shlex.quote(str(key))


def _when(candidate: Candidate, at: datetime) -> str:
    return f"{at.astimezone(candidate.record.event.zone):%a %-d %b %Y, %H:%M %Z}"
