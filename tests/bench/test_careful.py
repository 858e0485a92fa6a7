"""The loop that the plan is measured against does the same work: the comparison is honest."""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import careful
from bench.planning import RULES, SCHEDULES, ZONES
from bot.core.model import Event
from bot.core.planning import candidates
from bot.schedules import read
from tests.support.builders import record, utc

BUSY = read(SCHEDULES, name="schedules.yaml")
FIRST = utc("2026-01-01 00:00")

events = st.builds(
    lambda number, zone, title, minutes, length: Event(
        uid=f"event-{number}",
        title=title,
        starts=FIRST + timedelta(minutes=minutes),
        ends=FIRST + timedelta(minutes=minutes + length),
        timezone=zone,
    ),
    st.integers(0, 99),
    st.sampled_from(ZONES),
    st.sampled_from(["A title", "A title: TBA"]),
    st.one_of(
        st.integers(0, 525_600),
        st.sampled_from(range(0, 525_600, 30)),  # at midnight, and where clocks are changed
    ),
    st.sampled_from([30, 60, 300, 24 * 60]),
)


def by_the_loop(found):
    rows = [(one.uid, one.starts, one.ends, one.timezone, one.title) for one in found]
    return {
        (release, rank, uid, reference, due, deadline, bool(why))
        for release, rank, uid, reference, due, deadline, why in careful.plan(
            rows, RULES, "Europe/London"
        )
    }


def by_the_plan(found):
    return {
        (
            one.release,
            one.rank,
            one.record.event.uid,
            one.reference,
            one.due,
            one.deadline,
            bool(one.barred),
        )
        for one in candidates([record(one) for one in found], BUSY)
    }


@settings(deadline=None, max_examples=300)
@given(st.lists(events, min_size=1, max_size=8, unique_by=lambda one: one.uid))
def test_it_finds_the_same_posts_at_the_same_instants(found):
    assert by_the_loop(found) == by_the_plan(found)


def test_it_finds_the_same_where_clocks_are_changed():
    nights = (utc(f"2026-{day} 00:00") for day in ("03-08", "03-29", "04-05", "10-04", "10-25"))
    found = [
        Event(
            uid=f"{zone}-{night:%m-%d}-{hour}-{later}",
            title="A title",
            starts=night + timedelta(hours=hour, days=later),
            ends=night + timedelta(hours=hour + 1, days=later),
            timezone=zone,
        )
        for night, zone, hour, later in product(nights, ZONES, range(24), (-1, 0, 1, 7))
    ]
    assert len(found) == 5 * 4 * 24 * 4
    assert by_the_loop(found) == by_the_plan(found)
