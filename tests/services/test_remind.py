"""Who gives the links is told once that one is missing, and when it has come."""

from datetime import timedelta

import pytest

from bot.core.model import Status
from bot.services.alert import gather, note
from tests.services.test_waiting import DAY, DUE, END, HOUR, LATE, RULES, URL, WORDS
from tests.support.builders import event

MISSING = (
    "- talk has no recording yet: 'recap' of 'Talk' waits for it until Thu 24 June 10:00 BST; then"
    " 'without' goes out. Give its link: bot events edit talk --recording URL"
)
CAME = "- No longer so: talk has no recording yet."


@pytest.fixture
def stage(staged):
    one = staged(rules=RULES, words=WORDS)
    one.add(event("2021-06-10 11:00", "2021-06-10 12:00", uid="talk", title="Talk"))
    return one


@pytest.fixture
def told(stage):
    """What is told when the worker has gone on to an instant; `standing_by`: another one has."""
    delivery = stage.delivery()

    def ask(until, *, standing_by=False):
        stage.run(delivery, until)
        message = gather(stage.store, until, {}, None if standing_by else delivery.ground)
        if message is None:
            return None
        note(stage.store, message, until)
        return message.body

    return ask


def test_it_is_told_once_when_the_post_falls_due_by_itself(stage, told):
    assert told(DUE - timedelta(seconds=1)) is None
    assert told(DUE) == MISSING
    assert told(DUE + DAY) is None


def test_it_is_over_when_the_recording_is_known(stage, told):
    told(DUE)
    stage.edit("talk", recording_url=URL)
    assert told(DUE + HOUR) == CAME


def test_at_the_end_of_the_waiting_it_is_not_over_but_when_the_recording_comes_after_all(
    stage, told
):
    told(DUE)
    assert told(END + HOUR) is None
    assert told(LATE + DAY) is None
    stage.edit("talk", recording_url=URL)
    assert told(LATE + 2 * DAY) == CAME


def test_nobody_is_reminded_of_what_is_known_in_time_over_or_called_off(stage, told):
    stage.add(event("2021-05-10 11:00", uid="long-ago"))
    stage.add(event("2021-06-10 09:00", uid="off", status=Status.CANCELLED))
    stage.edit("talk", recording_url=URL)
    assert told(DUE + DAY) is None


def test_a_worker_that_stands_by_neither_reminds_nor_says_that_it_is_over(stage, told):
    assert told(DUE, standing_by=True) is None
    assert told(DUE) == MISSING
    assert told(DUE, standing_by=True) is None
    assert told(DUE + HOUR) is None


def test_several_posts_that_wait_for_one_recording_are_one_matter(stage, told):
    again = RULES.partition("\n  recap: ")[2].rstrip("\n")
    stage.write(
        "schedules.yaml", (stage.folder / "schedules.yaml").read_text() + f"  more: {again}\n"
    )
    stage.editions.refresh()
    assert told(DUE) == MISSING
