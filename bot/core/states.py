"""The states of a row in the post log and the only ways between them."""

from enum import StrEnum


class State(StrEnum):
    """What the log knows of a post."""

    SENDING = "sending"  #: claimed by a worker whose lease is running
    SENT = "sent"  #: out; a platform gave its id
    UNKNOWN = "unknown"  #: the platform may or may not have it
    RETRY = "retry"  #: proven not accepted; tried again while the plan has it
    DROPPED = "dropped"  #: will not go out, for the reason in the row


class Cause(StrEnum):
    """What moves a post from one state to another."""

    CLAIMED = "claimed"  #: a worker took it to send it
    SETTLED = "settled"  #: somebody has its remote id
    UNCLEAR = "unclear"  #: no clear answer, or the worker's lease ran out
    REFUSED = "refused"  #: proven not accepted
    LAPSED = "lapsed"  #: its deadline passed, or the plan no longer has it
    GIVEN_UP = "given up"  #: the platform will never take it, or a person said so
    REVIVED = "revived"  #: a person asked for another try


TRANSITIONS: dict[tuple[State | None, Cause], State] = {
    (None, Cause.CLAIMED): State.SENDING,
    (None, Cause.SETTLED): State.SENT,  # adopted from the account's own timeline
    (None, Cause.LAPSED): State.DROPPED,
    (None, Cause.GIVEN_UP): State.DROPPED,
    (State.SENDING, Cause.SETTLED): State.SENT,
    (State.SENDING, Cause.UNCLEAR): State.UNKNOWN,
    (State.SENDING, Cause.REFUSED): State.RETRY,
    (State.SENDING, Cause.GIVEN_UP): State.DROPPED,
    (State.RETRY, Cause.CLAIMED): State.SENDING,
    (State.RETRY, Cause.SETTLED): State.SENT,
    (State.RETRY, Cause.LAPSED): State.DROPPED,
    (State.RETRY, Cause.GIVEN_UP): State.DROPPED,
    (State.UNKNOWN, Cause.CLAIMED): State.SENDING,  # the same bytes again
    (State.UNKNOWN, Cause.SETTLED): State.SENT,
    (State.UNKNOWN, Cause.REFUSED): State.RETRY,  # proven absent
    (State.UNKNOWN, Cause.GIVEN_UP): State.DROPPED,
    (State.DROPPED, Cause.SETTLED): State.SENT,
    (State.DROPPED, Cause.REVIVED): State.RETRY,
}
"""Every transition there is. SENT is final."""


def after(state: State | None, cause: Cause) -> State:
    """The state a post is in after something happened to it; ValueError where that cannot be."""
    try:
        return TRANSITIONS[state, cause]
    except KeyError:
        raise ValueError(f"a post that is {state} cannot be {cause}") from None


def before(cause: Cause) -> tuple[State, ...]:
    """The states in which something can happen to a row that exists."""
    return tuple(state for state, why in TRANSITIONS if why is cause and state is not None)
