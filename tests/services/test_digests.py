"""A digest through the real delivery: once, with what it told, and never to flood anybody."""

from datetime import timedelta
from pathlib import Path

from bot.store import posts
from tests.support.builders import event, utc
from tests.support.stage import Stage, lost

RULES = """\
posts:
  ahead:
    every: month on day 1 at 09:00
    template: digest
    only: {upcoming: at least 1}
"""
LIST = (
    "{% each event in events %}\n{{ event.title | shrink }}\n"
    "{% more %}\n+{{ more }}\n{% endeach %}\n"
    "{{ series.hashtag }}\n"
)
DUE = utc("2021-06-01 08:00")
TALKS = [
    event(f"2021-06-{n:02} 11:00", uid=f"talk{n}", title=f"Talk {n} of a long series about health")
    for n in range(2, 12)
]


def opened(folder: Path, now=DUE - timedelta(days=1)) -> Stage:
    (folder / "s").mkdir()
    stage = Stage(folder / "s", now, rules=RULES.replace("digest", "reminder"))
    stage.write("templates/posts/reminder.j2", LIST)
    assert stage.editions.refresh()
    return stage


def told(stage: Stage) -> list[str]:
    [row] = stage.rows().values()
    with stage.store.reading() as connection:
        return sorted(one["event"] for one in posts.told_facts(connection, row.id))


def test_a_digest_goes_out_once_and_tells_of_the_events_it_shows(tmp_path):
    stage = opened(tmp_path)
    stage.add(*TALKS)
    first = stage.delivery()
    stage.run(first, until=DUE + timedelta(hours=1))
    stage.loop.run(first.stop(patience=1))
    [text] = stage.platform.texts
    shown = [one.uid for one in TALKS if one.title in text]
    assert 1 < len(shown) < len(TALKS)
    assert f"+{len(TALKS) - len(shown)}" in text
    assert told(stage) == sorted(shown)
    assert str(stage.rows()["series"].key) == "series/ahead/x:api.x.com:1/2021-06"
    stage.run(stage.delivery(worker="b"), until=DUE + timedelta(hours=2))
    assert len(stage.platform.texts) == 1
    stage.close()


def test_a_first_run_tells_nothing_of_months_gone_by(tmp_path):
    stage = opened(tmp_path, now=utc("2021-06-20 12:00"))
    stage.add(*TALKS)
    stage.run(stage.delivery(), until=utc("2021-06-30 12:00"))
    assert stage.platform.texts == []
    assert stage.rows() == {}
    stage.close()


def test_a_digest_that_is_late_lists_only_what_is_still_ahead(tmp_path):
    stage = opened(tmp_path)
    stage.add(event("2021-06-01 11:00", uid="early", title="Early"), *TALKS[:1])
    stage.clock.advance_to(utc("2021-06-01 12:00"))
    stage.run(stage.delivery())
    assert stage.platform.texts == [f"{TALKS[0].title}\n#MidlandsHealth"]
    stage.close()


def test_a_digest_whose_answer_was_lost_is_found_and_not_repeated(tmp_path):
    stage = opened(tmp_path)
    stage.add(*TALKS[:2])
    stage.platform.script = [lost]
    stage.run(stage.delivery(), until=DUE + timedelta(hours=1))
    assert len(stage.platform.texts) == 1
    assert stage.rows()["series"].state == "sent"
    stage.close()


def test_a_digest_of_a_lost_log_is_adopted_from_the_timeline(tmp_path):
    stage = opened(tmp_path)
    stage.add(*TALKS[:2])
    first = stage.delivery()
    stage.run(first, until=DUE + timedelta(minutes=5))
    stage.loop.run(first.stop(patience=1))
    with stage.store.writing() as connection:
        connection.exec_driver_sql("delete from told")
        connection.exec_driver_sql("delete from attempts")
        connection.exec_driver_sql("delete from posts")
    stage.clock.advance_to(DUE + timedelta(minutes=100))
    stage.run(stage.delivery(worker="b"))
    assert len(stage.platform.texts) == 1
    assert stage.rows()["series"].state == "sent"
    stage.close()


def test_months_without_events_are_passed_over_and_an_edit_is_in_force_at_once(tmp_path):
    stage = opened(tmp_path)
    stage.add(*TALKS[:1], event("2021-08-02 11:00", uid="late", title="Late"))
    delivery = stage.delivery()
    stage.run(delivery, until=utc("2021-07-20 12:00"))
    assert len(stage.platform.texts) == 1
    assert stage.rows()["series"].state == "dropped"
    stage.edit("late", title="Later")
    stage.run(delivery, until=utc("2021-08-01 12:00"))
    assert stage.platform.texts[1:] == ["Later\n#MidlandsHealth"]
    stage.close()
