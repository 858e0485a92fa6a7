"""Posts that wait, as the file says them: what may stand, and what is told where it may not."""

import pytest
from sqlalchemy import String

from bot.core.rules import Anchor, Exact, OnClock, Wait
from bot.errors import MistakesError
from bot.schedules import read
from bot.store.tables import posts
from tests.support.builders import exact, on_clock

HEAD = """\
series: {name: A, hashtag: "#A", timezone: UTC}
channels: {x: {platform: x}}
posts:
"""
WAITS = "wait_for: recording, wait_until: 14 days after end"


def rules(post: str):
    return read(f"{HEAD}  {post}\n", name="s.yaml").rules


def mistakes(post: str) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        rules(post)
    return [str(mistake).removeprefix("s.yaml:") for mistake in caught.value.mistakes]


def test_what_is_said_otherwise_is_a_post_of_its_own_with_all_else_the_file_says_of_it() -> None:
    recap, otherwise = rules(
        "thanks: {when: 1 day after end at 10:00, template: recap, days: mon-fri, was: recap,"
        f" {WAITS}, otherwise: without, card: true, grace: 2 days, only: {{kind: seminar}}}}"
    )
    until = on_clock(14, "10:00", Anchor.END)
    assert recap.wait == Wait(fact="recording", until=until, otherwise="without")
    assert otherwise.wait == Wait(fact="recording", until=until, otherwise="without", inverted=True)
    assert [(one.name, one.key, one.template, one.rank) for one in (recap, otherwise)] == [
        ("thanks", "recap", "recap", 0),
        ("thanks:otherwise", "recap:otherwise", "without", 0),
    ]
    same = ("when", "days", "card", "grace", "only", "excluding", "channels", "approval")
    assert all(getattr(recap, name) == getattr(otherwise, name) for name in same)


def test_a_name_leaves_room_in_the_log_for_what_is_said_otherwise() -> None:
    longest = "a" * 54
    waits = f"{{when: {AFTER}, template: t, {WAITS}, otherwise: u}}"
    column = posts.c.rule.type
    assert isinstance(column, String)
    assert max(len(rule.key) for rule in rules(f"{longest}: {waits}")) == column.length
    [mistake] = mistakes(f"{longest}a: {waits}")
    assert f"cannot be the name of a post (did you mean '{longest}'?)" in mistake


def test_without_otherwise_there_is_one_post() -> None:
    [recap] = rules(f"recap: {{when: 1 day after end at 10:00, template: recap, {WAITS}}}")
    assert recap.wait is not None
    assert recap.wait.otherwise == ""


@pytest.mark.parametrize(
    ("when", "until", "expected"),
    [
        ("2 hours after end", "2 days after end", exact(2 * 24 * 60, Anchor.END)),
        ("3 hours after start", "1 hour after end", exact(60, Anchor.END)),
        ("1 day after end at 22:00", "20 hours after end", exact(20 * 60, Anchor.END)),
        ("on the day of end at 20:00", "1 week after end", on_clock(7, "20:00", Anchor.END)),
        ("at end", "1 minute after end", exact(1, Anchor.END)),
    ],
)
def test_the_waiting_ends_when_it_is_said(when: str, until: str, expected: Exact | OnClock) -> None:
    waits = f"wait_for: recording, wait_until: {until}"
    [recap] = rules(f"recap: {{when: {when}, template: recap, {waits}}}")
    assert recap.wait is not None
    assert recap.wait.until == expected


AFTER = "1 day after end at 10:00"
ALONE = "expected it beside a 'when:' such as '1 day after end at 10:00'"
BEFORE = (
    "there is no recording before an event is over; expected 'wait_for' beside a 'when:' such as"
    " '1 day after end at 10:00'"
)
OVER = (
    "the waiting would be over before the post falls due; expected a later end, such as"
    " '14 days after end'"
)
FOR = "wait_for: recording"


@pytest.mark.parametrize(
    ("said", "at", "told"),
    [
        (f"when: {AFTER}, {FOR}", "wait_for", "'wait_for' says nothing without 'wait_until'"),
        (
            f"when: {AFTER}, wait_until: 3 days after end",
            "wait_until",
            "nothing without 'wait_for'",
        ),
        (
            f"when: {AFTER}, otherwise: u",
            "otherwise",
            "'otherwise' says nothing without 'wait_for'",
        ),
        (
            f"when: {AFTER}, wait_for: records, wait_until: 3 days after end",
            "records",
            "'records' is not a fact to wait for (did you mean 'recording'?); expected recording",
        ),
        (f"when: 1 hour before start, {WAITS}", "wait_for", BEFORE),
        (f"when: 1 day before end at 10:00, {WAITS}", "wait_for", BEFORE),
        (f"when: on the day of start at 08:00, {WAITS}", "wait_for", BEFORE),
        (f"every: day at 09:00, {WAITS}", "wait_for", ALONE),
        (f"on: recording, {WAITS}", "wait_for", ALONE),
        (f"when: {AFTER}, {FOR}, wait_until: 1 day after end", "1 day after end}", OVER),
        (
            f"when: 3 hours after end, {FOR}, wait_until: 3 hours after start",
            "3 hours after s",
            OVER,
        ),
        (f"when: at end, {FOR}, wait_until: 2 days before end", "2 days", OVER),
        (
            f"when: {AFTER}, {FOR}, wait_until: 14 days",
            "14 days",
            "14 days from when? Write '14 days after end'",
        ),
    ],
)
def test_what_cannot_wait_so_is_told_at_its_place(said: str, at: str, told: str) -> None:
    post = f"  recap: {{template: t, {said}}}"
    [mistake] = mistakes(post.strip())
    assert mistake.startswith(f"4:{post.index(at) + 1}: ")
    assert told in mistake
