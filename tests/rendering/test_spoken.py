from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.counting import MEASURES
from bot.core.model import Event, Series
from bot.core.telling import facts
from bot.rendering import Context, Templates
from tests.support.builders import event

SOURCE = (
    "{{ event | countdown | capitalize }}: {{ event.title | shrink }} {{ event | when }}\n"
    "{% if told %}was {{ told | when }}{% endif %} {{ event.url }} {{ number }}/{{ total }}"
    " {{ next.title }} {{ series.name }} {{ rule }}\n"
    "{% each event in events %}{{ event.title }} {% endeach %}\n"
)
SERIES = Series(name="Talks", hashtag="#Talks", timezone="Europe/London", url="https://a.org/")
NOW = datetime(2021, 6, 8, 22, 30, tzinfo=UTC)
SEMINAR = event("2021-06-09 11:00", "2021-06-09 12:00", title="Tomorrow’s doctors")
CONTEXT = Context(event=SEMINAR, series=SERIES, rule="r", events=[SEMINAR], next=SEMINAR)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("templates")
    (made / "posts").mkdir()
    (made / "posts" / "a.j2").write_text(SOURCE)
    (made / "posts" / "a.x.j2").write_text("On X " + SOURCE)
    return made


def edited(**fields: Any) -> Event:
    return replace(SEMINAR, **fields)


contexts = st.sampled_from(
    [
        CONTEXT,
        replace(CONTEXT, event=edited(title="Another title")),
        replace(CONTEXT, event=edited(starts=SEMINAR.starts - timedelta(days=1))),
        replace(CONTEXT, event=edited(url="https://b.org/x")),
        replace(CONTEXT, told=facts(edited(starts=SEMINAR.starts - timedelta(hours=1)))),
        replace(CONTEXT, told=facts(SEMINAR)),
        replace(CONTEXT, language="de-DE"),
        replace(CONTEXT, also_zone="America/New_York"),
        replace(CONTEXT, number=2, total=3),
        replace(CONTEXT, events=[SEMINAR, edited(uid="b", title="Another")]),
        replace(CONTEXT, events=[edited(title="Retitled")]),
        replace(CONTEXT, next=edited(title="Next")),
        replace(CONTEXT, series=replace(SERIES, name="Lectures")),
        replace(CONTEXT, rule="another"),
        CONTEXT.without_links(),
    ]
)
instants = st.sampled_from([NOW, NOW + timedelta(hours=1), NOW + timedelta(minutes=1)])
asked = st.tuples(contexts, st.sampled_from(["x", "mastodon"]), instants)


@settings(deadline=None)  # templates are compiled anew for each post
@given(st.lists(asked, min_size=2, max_size=8))
def test_whatever_was_said_before_each_post_says_what_is_so_now(
    folder: Path, posts: list[tuple[Context, str, datetime]]
) -> None:
    templates = Templates.load(folder)
    for context, platform, now in posts:
        alone = Templates.load(folder).render("a", platform, context, MEASURES[platform], now)
        assert templates.render("a", platform, context, MEASURES[platform], now) == alone


def test_a_template_that_was_edited_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    said = []
    for source in ("{{ event.title }}", "Now: {{ event.title }}"):
        (tmp_path / "posts" / "a.j2").write_text(source)
        templates = Templates.load(tmp_path)
        said.append(templates.render("a", "x", CONTEXT, MEASURES["x"], NOW).text)
    assert said == ["Tomorrow’s doctors", "Now: Tomorrow’s doctors"]


def test_what_is_untrue_at_midnight_is_seen_at_midnight(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.j2").write_text("tomorrow: {{ event.title }}")
    templates = Templates.load(tmp_path)
    midnight = datetime(2021, 6, 8, 23, tzinfo=UTC)  # in London
    before, after = (
        templates.render("a", "x", CONTEXT, MEASURES["x"], now).untrue
        for now in (midnight - timedelta(minutes=1), midnight)
    )
    assert before == ()
    assert [fault.found for fault in after] == ["tomorrow"]
