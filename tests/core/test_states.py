import pytest

from bot.core.states import TRANSITIONS, Cause, State, after, before


def test_nothing_leads_away_from_sent():
    assert [cause for state, cause in TRANSITIONS if state is State.SENT] == []


def test_a_remote_id_settles_every_row_that_is_not_sent():
    assert {after(state, Cause.SETTLED) for state in (None, *State) if state is not State.SENT} == {
        State.SENT
    }


def test_only_rows_proven_absent_or_unclear_are_claimed_again():
    assert set(before(Cause.CLAIMED)) == {State.RETRY, State.UNKNOWN}


def test_a_transition_that_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="a post that is sent cannot be claimed"):
        after(State.SENT, Cause.CLAIMED)


def test_every_state_but_sent_has_a_way_out():
    assert {state for state, _ in TRANSITIONS if state} == set(State) - {State.SENT}
