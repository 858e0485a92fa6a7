import re
from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.rules import Anchor, Every, Exact, OnClock, Period, Span, When
from bot.schedules.phrases import PhraseError
from bot.schedules.times import APPROVE, CLOCK, DURATION, EVERY, PERIOD, UNTIL, WHEN
from bot.schedules.weekdays import DAYS
from tests.support import schedules_files as files

FORMS = (
    "a time such as '1 hour before start', 'at start', '7 days before start at 09:00' "
    "or 'on the day of start at 08:00'"
)


def exact(minutes: int, anchor: Anchor = Anchor.START) -> When:
    return Exact(anchor=anchor, offset=timedelta(minutes=minutes))


def on_clock(days: int, at: time, anchor: Anchor = Anchor.START) -> When:
    return OnClock(anchor=anchor, days=days, at=at)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 hour before start", exact(-60)),
        ("90 minutes after end", exact(90, Anchor.END)),
        ("at start", exact(0)),
        ("at end", exact(0, Anchor.END)),
        ("7 days before start at 09:00", on_clock(-7, time(9))),
        ("2 weeks before start at 09:00", on_clock(-14, time(9))),
        ("1 day after end at 10:00", on_clock(1, time(10), Anchor.END)),
        ("on the day of start at 08:00", on_clock(0, time(8))),
        ("on the day of end at 23:59", on_clock(0, time(23, 59), Anchor.END)),
        ("  An  HOUR before The Start ", exact(-60)),
        ("one minute before start", exact(-1)),
        ("1 hours before start", exact(-60)),
        ("the day before start at 12:00", on_clock(-1, time(12))),
        ("a week before the start at 9:05", on_clock(-7, time(9, 5))),
    ],
)
def test_a_moment_is_read_in_forgiving_english(text: str, meant: When) -> None:
    assert WHEN.value(text) == meant


@given(files.WHENS)
def test_every_moment_can_be_written_and_read_back(moment: When) -> None:
    assert WHEN.value(files.when(moment)) == moment


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("2 days before start", 0, "'2 days before start' needs a clock time: add 'at 09:00'"),
        ("1 week after end at", 0, "'1 week after end at' needs a clock time: add 'at 09:00'"),
        ("on the day of start", 0, "'on the day of start' needs a clock time: add 'at 09:00'"),
        ("on the day at 08:00", 0, "the day of what? Write 'on the day of start at 08:00'"),
        (
            "1 hour before start at 09:00",
            20,
            "minutes and hours are counted exactly: leave out 'at 09:00', or count in days",
        ),
        (
            "1 hour befor start",
            7,
            f"'befor' is not understood (did you mean 'before'?); expected {FORMS}",
        ),
        ("   1 hour befor start", 10, None),
        (
            "1 hour before strat",
            14,
            f"'strat' is not understood (did you mean 'start'?); expected {FORMS}",
        ),
        ("1 hour before", 7, "before what? Write 'before start' or 'before end'"),
        ("1 day after at 10:00", 6, "after what? Write 'after start' or 'after end'"),
        ("1 day after end at 9am", 19, "'9am' is not understood; write 09:00"),
        ("1 day after end at 9.30 p.m", 19, "'9.30 p.m' is not understood; write 21:30"),
        ("1 day after end at 12 am", 19, "'12 am' is not understood; write 00:00"),
        ("1 day after end at noon", 19, "'noon' is not understood; write 12:00"),
        ("1 day after end at 9", 19, "'9' is not a time of day; write it like 09:00"),
        ("1 day after end at 09.30", 19, "'09.30' is not understood; write 09:30"),
        (
            "1 day after end at 25:00",
            19,
            "'25:00' is not a time of day; expected 00:00 to 23:59",
        ),
        ("1 day after end at 24:00", 19, None),
        ("1 day after end at 9:5", 19, None),
        ("0 minutes before start", 0, "'0 minutes before start': write 'at start'"),
        (
            "0 days after end at 09:00",
            0,
            "'0 days after end': write 'on the day of end at 09:00'",
        ),
        (
            "1 hour 30 minutes before start",
            0,
            "'1 hour 30 minutes' has two units; write it in one: 90 minutes",
        ),
        (
            "1.5 hours before start",
            0,
            "'1.5' is not a whole number; count in smaller units: 90 minutes",
        ),
        ("-1 hour before start", 0, None),
        ("12345 days before start at 09:00", 0, "'12345' is too large; 9999 is the most"),
        ("2hrs before start", 1, "'hrs' is not understood; write hours"),
        ("20 mins before start", 3, "'mins' is not understood; write minutes"),
        ("a fortnight before start at 09:00", 2, "'fortnight' is not understood; write 2 weeks"),
        ("1\N{NO-BREAK SPACE}hour before start", 1, None),
        ("before 1 hour start", 0, f"'before 1 hour start' is not understood; expected {FORMS}"),
        ("1 hourſ before start", 2, None),
    ],
)
def test_a_slip_is_answered_with_what_to_write(text: str, at: int, message: str | None) -> None:
    with pytest.raises(PhraseError) as caught:
        WHEN.value(text)
    assert caught.value.at == at
    assert message is None or str(caught.value) == message


@given(st.text("0123456789 atbeforndys:-.ap", max_size=30))
def test_what_is_not_a_moment_is_answered_somewhere_in_it(text: str) -> None:
    assume(not any(re.fullmatch(form, text.strip(), re.IGNORECASE) for form, _ in WHEN.forms))
    with pytest.raises(PhraseError) as caught:
        WHEN.value(text)
    assert 0 <= caught.value.at <= len(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("20 minutes", timedelta(minutes=20)),
        ("12 hours", timedelta(hours=12)),
        ("1 day", timedelta(days=1)),
        ("a week", timedelta(weeks=1)),
        ("2  WEEKS", timedelta(weeks=2)),
    ],
)
def test_a_length_of_time_is_read(text: str, meant: timedelta) -> None:
    assert DURATION.value(text) == meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("20", "'20' of what? Write 20 minutes, hours, days or weeks"),
        ("0 minutes", "'0 minutes' is no time at all; expected at least 1 minute"),
        (
            "20 seconds",
            (
                "'seconds' is not understood; "
                "expected a length of time, such as 20 minutes, 12 hours or 1 day"
            ),
        ),
        ("-5 minutes", "'-5' has a sign; write a plain number, and 'before' or 'after'"),
    ],
)
def test_a_length_of_time_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(PhraseError) as caught:
        DURATION.value(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "meant"), [("09:00", time(9)), ("9:00", time(9))])
def test_a_clock_time_is_read(text: str, meant: time) -> None:
    assert CLOCK.value(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Mon to Fri", {0, 1, 2, 3, 4}),
        ("monday \N{EN DASH} wednesday", {0, 1, 2}),
        ("mon, wed", {0, 2}),
        ("Mondays and Thurs", {0, 3}),
        ("mon and tue and wed-thu", {0, 1, 2, 3}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("weekend", {5, 6}),
        ("sat-mon", {5, 6, 0}),
        ("sun", {6}),
    ],
)
def test_weekdays_are_read(text: str, meant: set[int]) -> None:
    assert DAYS.value(text) == meant


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("mon-fry", 4, "'fry' is not a day (did you mean 'friday'?)"),
        ("mon, and wens", 9, "'wens' is not a day (did you mean 'weds'?)"),
        ("mon-", 0, "'mon-' is not understood"),
        ("mon fri", 0, "'mon fri' is not understood"),
        ("weekdays-sun", 0, "'weekdays-sun' is not understood"),
        ("mon-wed-fri", 0, "'mon-wed-fri' is not understood"),
        ("1-5", 0, "'1-5' is not understood"),
    ],
)
def test_what_is_not_a_day_is_refused(text: str, at: int, message: str) -> None:
    with pytest.raises(PhraseError) as caught:
        DAYS.value(text)
    assert caught.value.at == at
    assert str(caught.value) == f"{message}; expected mon-fri, weekdays, or a list such as mon, wed"


NINE = time(9)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("day at 09:00", Every(period=Period.DAY, at=NINE)),
        ("Week on Mondays at 9:00", Every(period=Period.WEEK, at=NINE, weekday=0)),
        ("month on day 31 at 09:00", Every(period=Period.MONTH, at=NINE, day=31)),
        ("month on the day 1 at 09:00", Every(period=Period.MONTH, at=NINE, day=1)),
        (
            "month on the last Friday at 09:00",
            Every(period=Period.MONTH, at=NINE, nth=-1, weekday=4),
        ),
        (
            "month on the second sunday at 09:00",
            Every(period=Period.MONTH, at=NINE, nth=2, weekday=6),
        ),
    ],
)
def test_what_repeats_is_known(text: str, meant: Every) -> None:
    assert EVERY.value(text) == meant


@pytest.mark.parametrize("text", ["day", "week on day 1 at 09:00", "month on day 32 at 09:00"])
def test_what_cannot_repeat_is_refused(text: str) -> None:
    with pytest.raises(PhraseError):
        EVERY.value(text)


def test_the_end_of_a_waiting_has_no_clock_time() -> None:
    by_the_clock = WHEN.value("1 day after end at 10:00")
    until = UNTIL.value("14 days after end").beside(by_the_clock)
    assert until == WHEN.value("14 days after end at 10:00")
    with pytest.raises(PhraseError, match="leave out 'at 09:00': the time is that of when:"):
        UNTIL.value("14 days after end at 09:00")


def test_the_end_of_a_waiting_is_exact_where_the_post_or_the_end_itself_is() -> None:
    by_the_clock, exactly = WHEN.value("1 day after end at 10:00"), exact(120, Anchor.END)
    assert UNTIL.value("36 hours after end").beside(by_the_clock) == exact(36 * 60, Anchor.END)
    assert UNTIL.value("2 weeks after the start").beside(exactly) == exact(14 * 24 * 60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("14 days", "14 days from when? Write '14 days after end'"),
        ("14 days after", "after what? Write 'after end'"),
        ("14", "'14' is not understood; expected an end such as '14 days after end'"),
    ],
)
def test_half_an_end_of_a_waiting_is_told_what_is_missing(text: str, said: str) -> None:
    with pytest.raises(PhraseError, match=re.escape(said)):
        UNTIL.value(text)


def test_a_period_is_of_days_weeks_or_months() -> None:
    assert PERIOD.value("a month") == Span(count=1, period=Period.MONTH)
    assert PERIOD.value("2 Weeks") == Span(count=2, period=Period.WEEK)
    with pytest.raises(PhraseError, match="expected a number of days, weeks or months"):
        PERIOD.value("1 hour")


def test_an_approval_is_asked_for_or_given_by_silence() -> None:
    assert APPROVE.value("true") is True
    assert APPROVE.value("6 hours") == timedelta(hours=6)
