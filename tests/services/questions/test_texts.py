from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import EventRecord
from bot.core.planning import candidates
from bot.services.check import check
from bot.services.edition import Edition, read_edition
from bot.services.questions.findings import Level, Matter
from bot.services.questions.texts import moments
from tests.support.builders import event, on_clock, record, rule, schedules, utc

HEAD = """\
series: {name: A series, hashtag: "#ASeries", timezone: Europe/London, url: https://example.org}
channels:
  x: {platform: x}
  mastodon: {platform: mastodon}
  bluesky: {platform: bluesky}
posts:
"""
NOW = utc("2021-05-01 09:00")


def edition(folder: Path, template: str, rules: int = 1) -> Edition:
    (folder / "templates" / "posts").mkdir(parents=True)
    (folder / "templates/posts/t.j2").write_text(template, encoding="utf-8")
    posts = "".join(
        f"  r{number}: {{when: {number} days before start at 12:00, template: t}}\n"
        for number in range(1, rules + 1)
    )
    (folder / "schedules.yaml").write_text(HEAD + posts, encoding="utf-8")
    return read_edition(folder / "schedules.yaml", folder / "templates")


def checked(folder: Path, template: str, *told: EventRecord, rules: int = 1) -> list[Matter]:
    return check(told, edition(folder, template, rules), folder, NOW)


def events(count: int, **fields: Any) -> list[EventRecord]:
    return [record(event(uid=f"event-{number}", **fields)) for number in range(count)]


def test_a_season_of_faults_can_be_read_by_a_person(tmp_path: Path) -> None:
    template = f"{{{{ event.title }}}} {'so ' * 200} {{{{ series.hashtag }}}} @NHS tomorrow"
    found = checked(tmp_path, template, *events(100), rules=6)
    lines = [str(one) for one in found if one.level is Level.ERROR]
    assert len(lines) == 3  # too long on each of three platforms: nothing else was read there
    assert all(len(line) < 400 for line in lines)
    assert lines[0].endswith(" and 598 more)")


def test_a_title_cut_to_less_than_half_is_a_warning_that_names_it(tmp_path: Path) -> None:
    long = events(1, title="A title of many words that nobody will read to its end " * 16)
    [one] = checked(tmp_path, "{{ event.title | shrink }} {{ series.hashtag }}", *long)[:1]
    assert one.level is Level.WARNING
    assert one.what == (
        "more than half of 'A title of many words that nobody will r…' is cut off where there are"
        " 280 characters: mark more as optional, or shorten it"
    )
    assert one.about[0] == "r1 of event-0 on x"


def test_a_title_that_loses_a_word_is_fine(tmp_path: Path) -> None:
    told = events(1, title="A title of many words that is just a little too long for X " * 5)
    assert checked(tmp_path, "{{ event.title | shrink }} {{ series.hashtag }}", *told) == []


def test_shouting_titles_are_a_warning(tmp_path: Path) -> None:
    told = events(1, title="JOIN US FOR THE ANNUAL SYMPOSIUM")
    [one] = checked(tmp_path, "{{ event.title }} {{ series.hashtag }}", *told)
    assert (one.level, one.where) == (Level.WARNING, f"{tmp_path}/templates/posts/t.j2")


def test_a_title_may_speak_of_tomorrow(tmp_path: Path) -> None:
    told = events(1, title="Tomorrow's doctors, today", summary="In 3 days to better health")
    template = "{{ event.title | capitalize }}: {{ event.summary }} {{ series.hashtag }}"
    assert checked(tmp_path, template, *told, rules=7) == []


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-400, 400),
    st.integers(-30, 30),
    st.times().map(lambda at: at.replace(tzinfo=None, second=0, microsecond=0)),
    st.timedeltas(timedelta(minutes=10), timedelta(days=20)),
    st.sampled_from(["Europe/London", "America/New_York", "Pacific/Apia"]),
)
def test_every_moment_that_changes_the_days_is_read(
    day: int, offset: int, at: time, grace: timedelta, timezone: str
) -> None:
    starts = datetime(2021, 6, 9, tzinfo=UTC).date() + timedelta(days=day)
    told = record(event(starts.isoformat(), timezone=timezone))
    found = candidates([told], schedules(rule(on_clock(offset, f"{at:%H:%M}"), grace=grace)))
    for candidate in found:
        read = moments(candidate)
        if candidate.barred:
            continue
        assert all(candidate.release <= one < candidate.deadline for one in read)
        assert read[0] == candidate.release
        days = {one.astimezone(told.event.zone).date() for one in read}
        first, last = min(days), max(days)
        end = (candidate.deadline - timedelta(seconds=1)).astimezone(told.event.zone).date()
        assert last == end
        passed = {first + timedelta(days=number) for number in range((last - first).days + 1)}
        skipped = {datetime(2011, 12, 30, tzinfo=UTC).date()}  # which Samoa did not have
        assert passed - skipped <= days
