"""What differs between two plans: added, dropped, moved, reworded."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.comparing import Outlook, Verdict, compare
from bot.core.planning import Key
from tests.support.builders import utc

NOON = utc("2021-06-08 12:00")


def post(
    reference="2021-06-09", at=NOON, text="Tomorrow: a talk", *, rule="day", event="talk", reason=""
):
    key = Key(event, rule, "x", reference)
    return Outlook(key=key, post=rule, at=at, text=text, reason=reason)


def verdicts(before, after):
    return [(one.verdict, one.shown.key.event) for one in compare(before, after)]


def test_the_same_plan_differs_in_nothing():
    assert compare([post()], [post()]) == []


def test_what_comes_goes_moves_and_reads_otherwise():
    assert verdicts([], [post()]) == [(Verdict.ADDED, "talk")]
    assert verdicts([post()], []) == [(Verdict.DROPPED, "talk")]
    assert verdicts([post()], [post(at=NOON + timedelta(hours=1))]) == [(Verdict.MOVED, "talk")]
    assert verdicts([post()], [post(text="Soon")]) == [(Verdict.REWORDED, "talk")]


def test_what_does_not_go_out_any_more_says_why():
    [one] = compare([post()], [post(at=None, reason="the event is cancelled")])
    assert (one.verdict, one.after and one.after.reason) == (
        Verdict.DROPPED,
        "the event is cancelled",
    )


def test_what_is_over_is_not_dropped():
    assert compare([post(at=None)], []) == []


def test_the_post_of_an_event_on_another_date_moves():
    week = timedelta(days=7)
    found = compare([post()], [post("2021-06-16", NOON + week), post("2021-06-09", None)])
    assert [(one.verdict, one.before and one.before.at, one.when) for one in found] == [
        (Verdict.MOVED, NOON, NOON + week)
    ]


posts = st.lists(
    st.builds(
        post,
        st.sampled_from(["a", "b", "c"]),
        st.none() | st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
        st.sampled_from(["one", "two"]),
        rule=st.sampled_from(["r", "s"]),
    ),
    max_size=6,
    unique_by=lambda one: one.key,
)


@given(posts, posts)
def test_every_post_that_goes_out_is_counted_once(before, after):
    found = compare(before, after)
    count = {verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict}
    going = [sum(one.at is not None for one in side) for side in (before, after)]
    assert going[1] - going[0] == count[Verdict.ADDED] - count[Verdict.DROPPED]
    assert compare(before, before) == []
