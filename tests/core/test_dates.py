from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.dates import countdown, daterange, when
from bot.core.model import Event, zone
from tests.support.builders import event, utc

SEMINAR = event("2021-06-09 11:00", "2021-06-09 12:00")
DAY = event("2021-06-09")
MEETING = event("2021-06-03", "2021-06-04")
MAY = utc("2021-05-01 09:00")


def local(text: str, timezone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(timezone))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (SEMINAR, "Wed 9 June, 11:00–12:00 BST"),
        (event("2021-11-24 09:30", "2021-11-24 16:30"), "Wed 24 November, 09:30–16:30 GMT"),
        (event("2021-06-09 11:00"), "Wed 9 June, 11:00 BST"),
        (event("2021-06-09 20:00", "2021-06-10 00:00"), "Wed 9 June, 20:00–00:00 BST"),
        (
            event("2021-06-03 09:00", "2021-06-04 17:00"),
            "Thu 3 June, 09:00 – Fri 4 June, 17:00 BST",
        ),
        (
            event("2021-10-30 22:00", "2021-10-31 06:00"),
            "Sat 30 October, 22:00 BST – Sun 31 October, 06:00 GMT",
        ),
        (
            event("2021-10-31 00:30", "2021-10-31 05:00"),
            "Sun 31 October, 00:30 BST–05:00 GMT",
        ),
        (DAY, "Wed 9 June"),
        (MEETING, "Thu 3 – Fri 4 June"),
        (event("2022-01-12 11:00"), "Wed 12 January 2022, 11:00 GMT"),
        (event("2021-06-09 11:00", timezone="Asia/Kathmandu"), "Wed 9 June, 11:00 UTC+5:45"),
        (event("2021-06-09 11:00", timezone="America/Sao_Paulo"), "Wed 9 June, 11:00 UTC-3"),
    ],
)
def test_when_is_said_in_the_events_zone(told: Event, expected: str) -> None:
    assert when(told, MAY) == expected


@pytest.mark.parametrize(
    ("first", "last", "now", "expected"),
    [
        ("2021-06-09", "2021-06-09", "2021-05-01", "Wed 9 June"),
        ("2021-06-09", "2021-06-09", "2020-12-31", "Wed 9 June 2021"),
        ("2021-06-03", "2021-06-04", "2021-05-01", "Thu 3 – Fri 4 June"),
        ("2021-06-03", "2021-06-04", "2022-05-01", "Thu 3 – Fri 4 June 2021"),
        ("2021-06-30", "2021-07-02", "2021-05-01", "Wed 30 June – Fri 2 July"),
        ("2021-06-30", "2021-07-02", "2022-05-01", "Wed 30 June – Fri 2 July 2021"),
        ("2021-12-31", "2022-01-01", "2021-12-01", "Fri 31 December – Sat 1 January 2022"),
        ("2021-12-31", "2022-01-01", "2022-01-01", "Fri 31 December 2021 – Sat 1 January"),
        ("2021-12-31", "2022-01-01", "2023-01-01", "Fri 31 December 2021 – Sat 1 January 2022"),
    ],
)
def test_a_range_says_what_a_reader_needs(first: str, last: str, now: str, expected: str) -> None:
    assert daterange(event(first, last), utc(f"{now} 12:00")) == expected


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        (SEMINAR, "2021-06-09 10:00", "in 1 hour"),
        (SEMINAR, "2021-06-09 10:02", "in 1 hour"),
        (SEMINAR, "2021-06-09 10:05", "in 55 minutes"),
        (SEMINAR, "2021-06-09 10:35", "in 25 minutes"),
        (SEMINAR, "2021-06-09 10:59", "in 1 minute"),
        (SEMINAR, "2021-06-09 10:59:50", "now"),
        (SEMINAR, "2021-06-09 11:00", "now"),
        (SEMINAR, "2021-06-09 11:59", "now"),
        (SEMINAR, "2021-06-09 12:00", "earlier today"),
        (SEMINAR, "2021-06-09 09:00", "in 2 hours"),
        (SEMINAR, "2021-06-09 09:30", "today"),
        (SEMINAR, "2021-06-09 08:00", "today"),
        (SEMINAR, "2021-06-08 23:59", "tomorrow"),
        (SEMINAR, "2021-06-08 12:00", "tomorrow"),
        (SEMINAR, "2021-06-06 12:00", "in 3 days"),
        (SEMINAR, "2021-06-02 09:00", "in a week"),
        (SEMINAR, "2021-05-26 09:00", "in 14 days"),
        (SEMINAR, "2021-01-01 09:00", "on Wed 9 June"),
        (SEMINAR, "2020-12-01 09:00", "on Wed 9 June 2021"),
        (SEMINAR, "2021-06-10 10:00", "yesterday"),
        (SEMINAR, "2021-06-11 10:00", "on Wed 9 June"),
        (SEMINAR, "2022-06-11 10:00", "on Wed 9 June 2021"),
        (event("2021-06-09 00:30"), "2021-06-08 23:45", "in 45 minutes"),
        (DAY, "2021-06-09 23:59", "today"),
        (DAY, "2021-06-08 23:59", "tomorrow"),
        (MEETING, "2021-06-03 08:00", "today"),
        (MEETING, "2021-06-04 08:00", "now"),
        (MEETING, "2021-06-05 10:00", "on Thu 3 – Fri 4 June"),
    ],
)
def test_a_countdown_is_true_when_it_is_read(told: Event, now: str, expected: str) -> None:
    assert countdown(told, local(now)) == expected


def test_a_bare_date_or_time_counts_down_too() -> None:
    now = local("2021-06-08 12:00")
    assert countdown(date(2021, 6, 9), now) == "tomorrow"
    assert countdown(date(2021, 6, 7), now) == "yesterday"
    assert countdown(local("2021-06-08 13:00"), now) == "in 1 hour"
    assert countdown(local("2021-06-08 09:00"), now) == "earlier today"


ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia")
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2022, 12, 31)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(tzinfo=UTC)
)


@settings(max_examples=800, deadline=None)
@given(
    MOMENTS,
    st.timedeltas(timedelta(days=-3), timedelta(days=9)),
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_no_countdown_is_ever_untrue(
    starts: datetime,
    ahead: timedelta,
    timezone: str,
    timed: bool,  # noqa: FBT001 - drawn
) -> None:
    there = zone(timezone)
    day = starts.astimezone(there).date()
    told = Event(uid="e", title="T", starts=starts if timed else day, timezone=timezone)
    now = starts - ahead
    days = (day - now.astimezone(there).date()).days
    left = starts - now
    said = countdown(told, now)

    soon = timed and timedelta(0) < left < timedelta(hours=2, minutes=4)
    if said == "today":
        assert days == 0
    if said == "tomorrow" or (days == 1 and not soon):
        assert said == "tomorrow"
        assert days == 1
    if said == "in a week":
        assert days == 7
    if said.endswith("days"):
        assert said == f"in {days} days"
    if said == "yesterday":
        assert days == -1
    if "hour" in said:
        hours = int(said.split()[1])
        assert abs(left - timedelta(hours=hours)) <= timedelta(minutes=3)
    if "minute" in said:
        minutes = int(said.split()[1])
        assert abs(left - timedelta(minutes=minutes)) <= timedelta(seconds=30)
    if said == "now":
        assert timed
        assert -timedelta(hours=1) < left <= timedelta(seconds=30)
    if said == "earlier today":
        assert now >= told.over_at
        assert days == 0
