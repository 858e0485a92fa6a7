from bot.core.model import Status
from bot.core.programme import Place, Programme
from tests.support.builders import event, record

FIRST = event("2021-01-15", uid="first")
SECOND = event("2021-02-25", uid="second")
LAST = event("2021-11-24", uid="last")
OFF = event("2021-03-01", uid="off", status=Status.CANCELLED)
PROGRAMME = Programme([record(one) for one in (LAST, OFF, FIRST, SECOND)])


def test_events_are_numbered_by_their_start_without_those_that_do_not_take_place():
    assert PROGRAMME.place("second") == Place(2, 3, FIRST, LAST)


def test_the_first_has_no_previous_and_the_last_no_next():
    assert (PROGRAMME.place("first").previous, PROGRAMME.place("last").next) == (None, None)


def test_an_event_that_does_not_take_place_has_no_number():
    assert PROGRAMME.place("off") == Place(0, 3, None, None)
