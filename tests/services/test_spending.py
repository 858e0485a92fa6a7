"""A month's budget holds whatever happens, and what it does not reach for is said beforehand."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.core.budgeting import Budget
from bot.core.model import Status
from bot.core.planning import Candidate
from bot.platforms.base import Answer, Outcome
from bot.services.draft import Purse
from bot.services.known import read_known
from bot.services.plan import plan
from bot.store import events, posts
from tests.support.builders import event, on_clock, record, rule, utc
from tests.support.stage import answers, vanished

LINKED = "{{ event | countdown | capitalize }}: {{ event.title | shrink }} {{ event.url }}"
PLAIN = "{{ event | countdown | capitalize }}: {{ event.title | shrink }}"
RULES = """\
posts:
  cancelled: {on: cancelled, template: cancelled}
  day-before: {when: 1 day before start at 12:00, template: linked}
  week-before: {when: 7 days before start at 09:00, template: plain}
"""
WORDS = {
    "linked": LINKED,
    "plain": PLAIN,
    "cancelled": "Cancelled: {{ event.title | shrink }} {{ event.url }}",
}
END = utc("2021-07-20 00:00")


def talks(*days, month=6):
    return [
        event(f"2021-{month:02}-{day:02} 11:00", uid=f"t{month}{day}", title=f"Talk {month}.{day}")
        for day in days
    ]


@pytest.fixture
def spending(staged):
    def build(budget, *, rules=RULES, **options):
        more = "".join(f", {name}: {said}" for name, said in options.items())
        return staged(rules, words=WORDS, channel=f"monthly_budget: {budget} USD{more}")

    return build


def lines(stage):
    edition = stage.editions.current
    with stage.store.reading() as connection:
        known = read_known(connection, edition.schedules)
        return plan(events.load(connection), edition, known, stage.clock.now())


def states(stage):
    return {(row.key.event, row.key.rule): (row.state, row.reason) for row in rows(stage)}


def rows(stage):
    with stage.store.reading() as connection:
        return posts.all_posts(connection)


def spent(stage, month=6):
    return sum(
        Decimal(row.extras.cost_usd)
        for row in rows(stage)
        if row.state in ("sent", "unknown", "sending") and row.claimed_at.month == month
    )


def test_what_a_post_costs_is_frozen_with_it(spending):
    stage = spending(10)
    stage.add(*talks(9))
    stage.run(stage.delivery(), END)
    costs = {row.key.rule: row.extras.cost_usd for row in rows(stage)}
    assert costs == {"day-before": "0.200", "week-before": "0.015"}


def test_the_least_important_are_dropped_with_the_reason_though_they_come_first(spending):
    stage = spending("0.82")  # 0.205 of it are kept: three posts with a link, one without
    stage.add(*talks(10, 11, 12))
    stage.run(stage.delivery(), END)
    assert [key for key, (state, _) in states(stage).items() if state == "sent"] == [
        ("t610", "week-before"),
        *(("t610", "day-before"), ("t611", "day-before"), ("t612", "day-before")),
    ]
    why = (
        "monthly budget: no room for $0.015 more in June 2021 ($0.82, of which $0.205 are kept for"
        " notices)"
    )
    assert states(stage)["t611", "week-before"] == ("dropped", why)
    assert spent(stage) == Decimal("0.615")


def test_what_is_foretold_is_what_happens(spending):
    stage = spending("0.82")
    stage.add(*talks(10, 11, 12), *talks(3, 4, month=7))
    foretold = {
        (line.key.event, line.post): (line.state == "planned", line.cost_usd, line.reason)
        for line in lines(stage)
    }
    stage.run(stage.delivery(), END)
    happened = {
        (row.key.event, row.key.rule): (row.state == "sent", row.extras.cost_usd, row.reason)
        for row in rows(stage)
    }
    assert {key: one[::2] for key, one in foretold.items()} == {
        key: one[::2] for key, one in happened.items()
    }
    assert all(str(foretold[key][1]) == one[1] for key, one in happened.items() if one[0])


def test_a_cancellation_is_paid_for_from_what_is_kept(spending):
    stage = spending("0.615")
    stage.add(*talks(10, 20, 21, 22))
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-19 12:00"))
    assert spent(stage) == Decimal("0.400")
    stage.edit("t620", status=Status.CANCELLED)
    stage.run(delivery, END)
    assert states(stage)["t620", "cancelled"][0] == "sent"
    assert states(stage)["t621", "day-before"][0] == "dropped"
    assert spent(stage) == Decimal("0.600")


def test_the_next_month_has_its_own_budget(spending):
    stage = spending("0.41")
    stage.add(*talks(9, 10), *talks(9, 10, month=7))
    stage.run(stage.delivery(), END)
    sent = [key for key, (state, _) in states(stage).items() if state == "sent"]
    assert [key for key in sent if key[1] == "day-before"] == [
        ("t69", "day-before"),
        ("t79", "day-before"),
    ]


def test_what_the_month_has_no_room_for_goes_out_in_the_next_where_it_is_still_true(spending):
    rules = RULES.replace("at 12:00, template: linked", "at 12:00, template: linked, grace: 5 days")
    rules = rules.replace("1 day before", "5 days before")
    stage = spending("0.41", rules=rules)
    stage.add(*talks(3, 4, month=7))
    planned = {line.key.event: line.at for line in lines(stage) if line.post == "day-before"}
    stage.run(stage.delivery(), END)
    sent = {row.key.event: row.sent_at for row in rows(stage) if row.key.rule == "day-before"}
    assert sent == {"t73": utc("2021-06-28 11:00"), "t74": utc("2021-06-30 23:00")} == planned


def test_a_post_that_was_sent_twice_perhaps_is_paid_for_twice(spending):
    stage = spending(10)
    stage.platform.script = [vanished]
    stage.add(*talks(9))
    stage.run(stage.delivery(), END)
    costs = {row.key.rule: row.extras.cost_usd for row in rows(stage)}
    assert costs == {"day-before": "0.200", "week-before": "0.030"}


def test_what_may_be_out_already_is_not_sent_again_beyond_the_budget(spending):
    stage = spending("0.41", rules=RULES.replace("plain", "linked", 1))
    stage.platform.script = [vanished]
    stage.add(*talks(5, month=7))
    stage.run(stage.delivery(), utc("2021-06-29 20:00"))
    [row] = rows(stage)
    assert (row.state, row.tries, row.extras.cost_usd) == ("unknown", 1, "0.200")
    assert len(stage.platform.parcels) == 1


def test_what_was_proven_refused_is_not_paid_for(spending):
    stage = spending("0.41")
    refused = Outcome(answer=Answer.NOT_SENT, error="503")
    stage.platform.script = [answers(refused)] * 3
    stage.add(*talks(9, 10))
    stage.run(stage.delivery(), END)
    assert spent(stage) == sum(
        Decimal("0.2") if "http" in text else Decimal("0.015") for text in stage.platform.texts
    )
    assert spent(stage) > 0


def test_a_larger_budget_is_in_force_at_once(spending):
    stage = spending("0.1")
    stage.add(*talks(9))
    delivery = stage.delivery()
    stage.run(delivery, utc("2021-06-08 12:00"))
    assert stage.platform.texts == []
    text = (stage.folder / "schedules.yaml").read_text().replace("0.1 USD", "10 USD")
    stage.write("schedules.yaml", text)
    assert stage.editions.refresh()
    delivery.desks[0].channel = stage.editions.current.schedules.channels["x"]
    stage.run(delivery, utc("2021-06-08 13:00"))
    assert len(stage.platform.texts) == 1


def test_prices_of_the_file_are_those_that_count(spending):
    stage = spending("0.41", prices="{post: 0 USD, with_link: 0.3 USD}")
    stage.add(*talks(9))
    stage.run(stage.delivery(), END)
    assert {key[1]: one[0] for key, one in states(stage).items()} == {
        "week-before": "sent",
        "day-before": "dropped",
    }


LINKS = """\
posts:
  week-before: {when: 7 days before start at 09:00, template: linked}
  day-before: {when: 1 day before start at 12:00, template: linked}
"""


@pytest.fixture
def linking(staged):
    return lambda links: staged(LINKS, words=WORDS, channel=f"links: {links}")


@pytest.mark.parametrize(
    ("links", "linked"),
    [("always", [True, True]), ("first", [True, False]), ("never", [False] * 2)],
)
def test_links_are_in_every_post_in_the_first_or_in_none(linking, links, linked):
    stage = linking(links)
    stage.add(*talks(9))
    foretold = [line.text for line in lines(stage)]
    stage.run(stage.delivery(), END)
    assert ["http" in text for text in stage.platform.texts] == linked
    assert stage.platform.texts == foretold


def test_a_post_that_may_be_out_was_the_first(linking):
    stage = linking("first")
    stage.platform.script = [vanished] * 500
    stage.add(*talks(9))
    stage.run(stage.delivery(), END)
    week, day = sorted(rows(stage), key=lambda row: row.due)
    assert (week.state, bool(week.links)) == ("unknown", True)
    assert (day.state, bool(day.links)) == ("unknown", False)


def test_a_post_looked_for_in_vain_is_sent_again_with_the_same_bytes(linking):
    stage = linking("first")
    stage.platform.script = [vanished]
    stage.add(*talks(9))
    stage.run(stage.delivery(), utc("2021-06-02 12:00"))
    assert [("http" in one.text) for one in stage.platform.parcels] == [True, True]
    assert len({one.text for one in stage.platform.parcels}) == 1


def test_a_first_post_that_was_refused_leaves_its_link_to_the_next(linking):
    stage = linking("first")
    refused = Outcome(answer=Answer.NOT_SENT, error="503")
    stage.platform.script = [
        lambda _platform, parcel: refused if "week" in parcel.text else None
    ] * 500
    stage.add(*talks(9))
    stage.run(stage.delivery(), utc("2021-06-08 11:30"))
    [text] = stage.platform.texts
    assert text.startswith("Tomorrow")
    assert "http" in text


def test_a_lost_disk_recognises_both_forms(linking, staged):
    stage = linking("first")
    stage.add(*talks(9))
    stage.run(stage.delivery(), utc("2021-06-08 11:30"))
    other = staged(LINKS, "other", words=WORDS, channel="links: first")
    other.clock.advance_to(utc("2021-06-08 12:00"))
    other.add(*talks(9))
    stage.platform.clock = other.clock
    other.run(other.delivery(platform=stage.platform), utc("2021-06-08 12:00") + timedelta(hours=1))
    assert len(stage.platform.texts) == 2


def test_what_is_paid_for_is_gone_from_the_purse():
    budget = Budget(whole=Decimal(1), reserve=Decimal("0.2"), zone=ZoneInfo("UTC"))
    purse = Purse(budget=budget, now=END, spent=Decimal("0.4"))
    due = utc("2021-06-08 12:00")
    made = rule(on_clock(-1, "12:00"))
    wish = Candidate(due, 0, record(event(uid="a")), made, "r", due, END, "")
    assert [purse.pays(wish, Decimal("0.2")) for _ in range(3)] == [True, True, False]
    assert purse.spent == Decimal("0.8")
