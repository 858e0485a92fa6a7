"""Whether a word counts, and when what nobody stops goes out, in whatever order things come."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.approving import ask_at, digest, heeding, otherwise, released, unapproved
from bot.core.consent import Consent, Restated, Word, Words
from bot.core.model import Status
from bot.core.planning import candidates
from bot.core.rules import Approval, Change, OnChange
from tests.support.builders import event, on_clock, quiet, record, rule, schedules, utc

TALK = event("2021-06-09 11:00", uid="talk")
DUE = utc("2021-06-08 11:00")
HOURS = st.integers(-48, 12).map(lambda hours: DUE + timedelta(hours=hours))


def planned(approval, quiet_hours=None):
    asks = schedules(rule(on_clock(-1, "12:00"), approval=approval), quiet_hours=quiet_hours)
    [found] = candidates([record(TALK)], asks)
    return found, asks


def heeded(approval, words, *, about="a", changed=None, quiet_hours=None):
    found, asks = planned(approval, quiet_hours)
    return heeding(found, words, lambda: about, changed, asks)


def word(at=DUE, about="a"):
    return Word(at, "ana", about)


ALWAYS, SIX_HOURS = Approval(), Approval(ahead=timedelta(hours=6))


def test_without_a_rule_that_asks_nobody_has_to():
    assert heeded(None, Words()).consent is Consent.FREE


@given(st.sampled_from([None, ALWAYS, SIX_HOURS]))
def test_a_hold_and_a_skip_stop_any_post(approval):
    held, skipped = (
        heeded(approval, words) for words in (Words(held=word()), Words(skipped=word()))
    )
    assert (held.barred, held.consent) == ("held by ana", Consent.STOPPED)
    assert skipped.barred == "skipped by ana"


@given(st.sampled_from([ALWAYS, SIX_HOURS]), HOURS, st.none() | HOURS, st.sampled_from("ab"))
def test_an_approval_counts_for_what_it_was_given_on_and_no_longer(approval, at, changed, about):
    found = heeded(approval, Words(approved=word(at)), about=about, changed=changed)
    counts = about == "a" and (changed is None or changed <= at)
    assert (found.consent is Consent.FREE) == counts
    assert found.may_go == counts


@given(asked=HOURS, changed=st.none() | HOURS, about=st.sampled_from("ab"), late=st.booleans())
def test_what_nobody_stops_goes_out_when_its_hours_were_had_and_never_late(
    asked, changed, about, late
):
    quiet_hours = quiet("21:00", "23:30") if late else None
    found = heeded(
        SIX_HOURS,
        Words(asked=word(asked)),
        about=about,
        changed=changed,
        quiet_hours=quiet_hours,
    )
    if about == "b" or (changed is not None and changed > asked):
        assert (found.consent, found.may_go) == (Consent.UNASKED, False)
    elif found.may_go:
        assert found.consent is Consent.SILENT
        assert max(DUE, asked + timedelta(hours=6)) <= found.release < found.deadline
    else:
        assert found.consent is Consent.AWAITED
        assert asked + timedelta(hours=6) >= found.deadline - timedelta(hours=2.5)


def test_nobody_is_asked_twice_what_only_silence_was_heard_of():
    assert heeded(ALWAYS, Words(asked=word(DUE - timedelta(hours=24)))).consent is Consent.AWAITED


def test_people_are_asked_in_time_and_of_a_notice_once_it_stands():
    day_before, _ = planned(ALWAYS)
    unless, asks = planned(SIX_HOURS)
    assert ask_at(day_before) == DUE - timedelta(hours=24)
    assert released(unless, ask_at(unless), asks) == DUE
    notice = unless._replace(rule=rule(OnChange(change=Change.MOVED), approval=SIX_HOURS))
    assert ask_at(notice) == DUE


def test_a_word_is_bound_to_the_words_and_to_dates_and_status():
    found, _ = planned(ALWAYS)
    others = [
        replace(TALK, starts=TALK.starts + timedelta(hours=1)),
        replace(TALK, ends=TALK.begins_at + timedelta(hours=2)),
        replace(TALK, status=Status.TENTATIVE),
    ]
    facts = {
        digest("text", found._replace(record=replace(found.record, event=one)))
        for one in (TALK, *others)
    }
    assert len(facts | {digest("other", found)}) == 5
    tagged = replace(TALK, tags=("open",), title="Other")
    same = found._replace(record=replace(found.record, event=tagged))
    assert digest("text", same) == digest("text", found)


def test_what_an_event_became_and_is_now_is_no_other():
    now = {"starts": "2021-06-09T10:00:00+00:00"}
    history = [
        Restated(DUE, {"starts": "2021-06-10T10:00:00+00:00"}),
        Restated(DUE + timedelta(hours=1), now),
        Restated(DUE + timedelta(hours=2), {"status": "confirmed"}),
    ]
    assert otherwise([TALK], {"talk": history}) == DUE
    assert otherwise([TALK], {"talk": [history[1]], "other": history}) is None
    assert otherwise([TALK], {"talk": [Restated(DUE, {"vanished": ""})]}) == DUE


def test_a_loss_says_whether_nobody_answered_or_nobody_could_be_asked():
    found, _ = planned(SIX_HOURS)
    assert unapproved(found._replace(consent=Consent.UNASKED)).endswith("nobody could be asked")
    assert "too late to go out without" in unapproved(found._replace(consent=Consent.AWAITED))
    held, _ = planned(ALWAYS)
    assert unapproved(held._replace(consent=Consent.AWAITED)) == "nobody approved it"
