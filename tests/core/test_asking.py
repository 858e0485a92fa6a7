from dataclasses import replace

import pytest

from bot.core.asking import question
from bot.core.planning import Key, candidates
from bot.core.rules import Change, OnChange
from tests.support.builders import event, on_clock, record, rule, schedules, utc

KEY = Key("talk", "reminder", "x", "2021-06-09")
TEXT = "Tomorrow: Talk\n\n#MidlandsHealth"


@pytest.fixture
def candidate():
    asks = schedules(rule(on_clock(-1, "12:00")))
    [found] = candidates([record(event("2021-06-09 11:00", uid="talk"))], asks)
    return found


def test_it_says_what_waits_until_when_how_it_reads_and_what_to_answer(candidate):
    assert question(candidate, TEXT, KEY, None, changed=False) == (
        "Waits for your approval: reminder of talk on x, due Tue 8 Jun 2021, 12:00 BST."
        " Without it, it is dropped on Wed 9 Jun 2021, 00:00 BST.\n"
        "    Tomorrow: Talk\n"
        "\n"
        "    #MidlandsHealth\n"
        "  To send it: bot posts approve talk/reminder/x/2021-06-09"
    )


def test_it_says_when_it_goes_out_by_itself_and_how_to_stop_it(candidate):
    said = question(candidate, TEXT, KEY, utc("2021-06-08 15:00"), changed=False)
    assert said.startswith("Goes out on Tue 8 Jun 2021, 16:00 BST unless you stop it: reminder of")
    assert said.endswith("  To stop it: bot posts hold talk/reminder/x/2021-06-09")


def test_it_says_that_it_has_changed_and_that_it_is_a_correction(candidate):
    notice = rule(OnChange(change=Change.CANCELLED), name="cancelled")
    said = question(candidate._replace(rule=notice), TEXT, KEY, None, changed=True)
    assert "It puts right what its followers were told." in said
    assert "It was approved, and is not what it was then." in said


def test_a_uid_from_elsewhere_runs_no_command(candidate):
    said = question(candidate, TEXT, KEY._replace(event="a b; rm -rf"), None, changed=False)
    assert said.endswith("bot posts approve 'a b; rm -rf/reminder/x/2021-06-09'")


def test_times_are_those_of_the_event(candidate):
    paris = replace(candidate.record.event, timezone="Europe/Paris")
    there = candidate._replace(record=replace(candidate.record, event=paris))
    assert "13:00 CEST" in question(there, TEXT, KEY, None, changed=False)
