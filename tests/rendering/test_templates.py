from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.counting import MEASURES
from bot.core.model import Event, Series
from bot.core.telling import facts
from bot.errors import FitError, MistakesError, TemplateError, UnknownNameError
from bot.rendering import Context, Post, Templates
from tests.support.builders import event

SERIES = Series(
    name="Midlands Health",
    hashtag="#MidlandsHealth",
    timezone="Europe/London",
    url="https://example.org/series",
)
NOW = datetime(2021, 6, 8, 11, tzinfo=UTC)
SEMINAR = event(
    "2021-06-09 11:00", "2021-06-09 12:00", title="CANDAL seminar", url="https://a.org/x"
)


def written(folder: Path, files: dict[str, str]) -> Path:
    (folder / "posts").mkdir()
    for name, source in files.items():
        (folder / "posts" / name).write_text(source, encoding="utf-8")
    return folder


def posted(folder: Path, source: str, told: Event | None = SEMINAR, platform: str = "x") -> Post:
    templates = Templates.load(written(folder, {"a.j2": source}))
    context = Context(event=told, series=SERIES, rule="day-before")
    return templates.render("a", platform, context, MEASURES[platform], NOW)


def test_a_template_says_what_is_known_of_an_event(tmp_path: Path) -> None:
    source = (
        "{{ event | countdown | capitalize }}: {{ event.title | shrink }}\n"
        "{{ event | when }} ({{ event | daterange }})\n{{ event.url }} {{ series.hashtag }}\n"
    )
    assert posted(tmp_path, source) == Post(
        text=(
            "Tomorrow: CANDAL seminar\nWed 9 June, 11:00–12:00 BST (Wed 9 June)\n"
            "https://a.org/x #MidlandsHealth"
        ),
        length=25 + 41 + 23 + 16,
        limit=280,
        links=("https://a.org/x",),
    )


def test_dates_are_said_in_the_language_and_the_zones_of_the_channel(tmp_path: Path) -> None:
    templates = Templates.load(
        written(tmp_path, {"a.j2": "{{ event | countdown }}, {{ event | when }}"})
    )
    context = Context(
        event=SEMINAR, series=SERIES, rule="r", language="de-DE", also_zone="America/New_York"
    )
    assert templates.render("a", "x", context, MEASURES["x"], NOW).text == (
        "morgen, Mi., 9. Juni, 11:00–12:00 Uhr BST (06:00–07:00 Uhr EDT)"
    )


def test_lines_whose_code_comes_out_empty_go(tmp_path: Path) -> None:
    source = (
        "{# a note #}\nHello\n{% if event.location %}\nAt {{ event.location }}\n{% endif %}\n"
        "{% for host in event.hosts %}\n- {{ host }}\n{% endfor %}\n{{ event.summary }}\n\nend\n"
    )
    assert posted(tmp_path, source).text == "Hello\n\nend"
    (tmp_path / "more").mkdir()
    full = event(location="Room 1", hosts=("Ann", "Bo"), summary="About it")
    text = posted(tmp_path / "more", source, full).text
    assert text == "Hello\nAt Room 1\n- Ann\n- Bo\nAbout it\n\nend"


def test_outside_text_is_neutralised_and_never_compiled(tmp_path: Path) -> None:
    told = event(title="{{ 7*7 }} @NHS bio.tools #midlandshealth {% if %}", hosts=("<b>Ann</b>",))
    post = posted(tmp_path, "{{ event.title }} {{ event.hosts | join }}", told)
    assert post.text == "{ { 7*7 } } NHS bio\u2024tools midlandshealth { % if % } Ann"


def test_marks_cannot_be_forged_by_a_title(tmp_path: Path) -> None:
    told = event(title="\ue101secret\ue004 \ue000x\ue001 \ue002y\ue003")
    post = posted(tmp_path, "{{ event.title }}", told)
    assert (post.text, post.links, post.left_out) == ("secret x y", (), ())


def test_only_web_addresses_become_links(tmp_path: Path) -> None:
    told = event(url="javascript:alert(1)", recording_url="https://a.org/x y @NHS")
    source = "{{ event.url }}|{{ event.recording_url }}"
    assert posted(tmp_path, source, told).text == "https://example.org/series|"


def test_an_address_x_would_cut_is_encoded(tmp_path: Path) -> None:
    told = event(url="https://a.org/talk(1")
    assert posted(tmp_path, "{{ event.url }}", told).text == "https://a.org/talk%281"


def test_the_platforms_own_template_wins(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.j2": "for all", "a.bluesky.j2": "for Bluesky", "b.x.j2": "b"})
    templates = Templates.load(folder)
    context = Context(event=SEMINAR, series=SERIES, rule="r")

    def text(platform: str) -> str:
        return templates.render("a", platform, context, MEASURES[platform], NOW).text

    assert [text("x"), text("bluesky")] == ["for all", "for Bluesky"]
    assert templates.names == {"a", "b"}
    assert (templates.has("b", "x"), templates.has("b", "bluesky")) == (True, False)


def test_optional_parts_and_shrinking_make_a_post_fit(tmp_path: Path) -> None:
    told = event(title="A long title of many words " * 9, summary="And a summary. " * 20)
    source = (
        "{{ event.title | shrink }}\n{% optional 1 %}\n{{ event.summary }}\n{% endoptional %}\n"
        "{{ event.url }} {{ series.hashtag }}"
    )
    post = posted(tmp_path, source, told)
    assert post.length <= 280
    assert post.left_out == (1,)
    assert post.shortened == (told.title.strip(),)
    assert post.text.endswith("…\nhttps://example.org/series #MidlandsHealth")


def test_a_post_that_cannot_fit_names_template_and_platform(tmp_path: Path) -> None:
    with pytest.raises(FitError, match=r"a\.j2 on x: the text is 300 characters long where 280"):
        posted(tmp_path, "x" * 300)


def test_all_broken_files_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    files = {
        "a.j2": "fine",
        "b.j2": "one\ntwo {% if %}\n",
        "c.j2": "{{ event | shrinc }}",
        "d.j2": "{% optional %}x{% endoptional %}",
        "e.j2": "one\n\ue000",
    }
    with pytest.raises(MistakesError) as caught:
        Templates.load(written(tmp_path, files))
    told = [str(mistake).rpartition("/posts/")[2] for mistake in caught.value.mistakes]
    assert told == [
        "b.j2:2:5: expected an expression, got 'end of statement block'",
        "c.j2:1:1: no filter named 'shrinc' (did you mean 'shrink'?)",
        "d.j2:1:1: 'optional' takes a number from 1 to 99: 1 is left out first",
        "e.j2:2:1: a private-use character stands here: remove it",
    ]


def test_a_file_in_another_encoding_is_a_mistake(tmp_path: Path) -> None:
    folder = written(tmp_path, {})
    (folder / "posts" / "a.j2").write_bytes(b"one\ncaf\xe9")
    with pytest.raises(MistakesError, match=r"a\.j2:2:1: this is not UTF-8"):
        Templates.load(folder)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("\n{{ evnt.title }}", "a.j2:2: there is no 'evnt' (did you mean 'event'?)"),
        ("{{ event.titel }}", "a.j2:1: an event has no 'titel' (did you mean 'title'?)"),
        ("{{ series.hastag }}", "a.j2:1: the series has no 'hastag' (did you mean 'hashtag'?)"),
        (
            "{{ next.title }}",
            "a.j2:1: 'title' is asked of something that is not there: put {% if … %} around it",
        ),
        ("{{ event }}", "a.j2:1: this is no text: name one of its fields, or join a list"),
        ("a\n\n{{ 1 / 0 }}", "a.j2:3: division by zero"),
        (
            "{{ series | when }}",
            "a.j2:1: this filter takes an event, as in {{ event | when }}",
        ),
    ],
)
def test_what_goes_wrong_is_told_with_its_line_and_the_nearest_word(
    tmp_path: Path, source: str, reason: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        posted(tmp_path, source)
    assert str(caught.value).rpartition("/posts/")[2] == reason


def test_a_missing_template_is_named_with_the_nearest(tmp_path: Path) -> None:
    templates = Templates.load(written(tmp_path, {"reminder.j2": "x"}))
    context = Context(series=SERIES, rule="r")
    with pytest.raises(UnknownNameError, match=r"no template 'remindr' for x \(did you mean 'rem"):
        templates.render("remindr", "x", context, MEASURES["x"], NOW)


def test_a_folder_without_templates_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"there are no templates in .*posts"):
        Templates.load(tmp_path)


def test_the_digest_follows_every_byte_of_every_file(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.j2": "x", "b.j2": "y"})
    digest = Templates.load(folder).digest
    assert Templates.load(folder).digest == digest
    (folder / "posts" / "b.j2").write_text("z", encoding="utf-8")
    assert Templates.load(folder).digest != digest


def test_everything_in_scope_can_be_named(tmp_path: Path) -> None:
    templates = Templates.load(
        written(
            tmp_path,
            {
                "a.j2": (
                    "{{ rule }} {{ now.strftime('%H:%M') }} {{ previous.title }}"
                    " {{ told.status }} {{ told | daterange }} {{ told.location }}"
                    " {{ next.title }} {{ number }}/{{ total }}"
                    " {% for one in events %}{{ loop.index }}{{ one.title }}{% endfor %}"
                )
            },
        )
    )
    context = Context(
        event=SEMINAR,
        series=SERIES,
        rule="digest",
        told=facts(event("2021-06-02 11:00", location="The Hall")),
        previous=event(title="before"),
        next=event(title="after"),
        number=2,
        total=3,
        events=[event(title="A"), event(title="B")],
    )
    text = templates.render("a", "x", context, MEASURES["x"], NOW).text
    assert text == "digest 12:00 before confirmed Wed 2 June The Hall after 2/3 1A2B"


LIST = (
    "{% each event in events %}\n• {{ event.title }}\n{% more %}\n+{{ more }} more\n{% endeach %}\n"
    "{{ series.hashtag }}\n"
)
MANY = [event(title=f"Talk {n} of a series with long titles", uid=f"e{n}") for n in range(9)]


def listed(folder: Path, source: str, events: list[Event], **fields: object) -> Post:
    templates = Templates.load(written(folder, {"a.j2": source}))
    context = Context(series=SERIES, rule="ahead", events=events, **fields)  # type: ignore[arg-type]
    return templates.render("a", "x", context, MEASURES["x"], NOW)


def test_a_list_says_what_fits_how_many_more_and_which_events_it_told(tmp_path: Path) -> None:
    post = listed(tmp_path, LIST, MANY)
    lines = post.text.splitlines()
    assert lines[:-2] == [f"• {one.title}" for one in MANY[: len(lines) - 2]]
    assert lines[-2:] == [f"+{9 - len(lines) + 2} more", "#MidlandsHealth"]
    assert post.listed == tuple(one.uid for one in MANY[: len(lines) - 2])


def test_a_list_that_fits_counts_nothing_and_an_empty_one_leaves_no_line(tmp_path: Path) -> None:
    assert listed(tmp_path, LIST, MANY[:1]).text == (
        "• Talk 0 of a series with long titles\n#MidlandsHealth"
    )
    (tmp_path / "more").mkdir()
    assert listed(tmp_path / "more", LIST, []).text == "#MidlandsHealth"


def test_a_list_may_choose_and_an_item_that_says_nothing_is_none(tmp_path: Path) -> None:
    source = (
        "{% each one in events if one.recording_url %}{% if one.kind == 'event' %}"
        "{{ loop.index }} {{ one.recording_url }} {% endif %}{% more %}+{{ more }}{% endeach %}"
    )
    seen = [
        event(uid="a", recording_url="https://a.org/a"),
        event(uid="b"),
        event(uid="c", kind="talk", recording_url="https://a.org/c"),
        event(uid="d", recording_url="https://a.org/d"),
    ]
    post = listed(tmp_path, source, seen)
    assert post.text == "1 https://a.org/a 3 https://a.org/d"
    assert (post.listed, post.links) == (("a", "d"), ("https://a.org/a", "https://a.org/d"))


def test_of_a_very_long_list_the_rest_is_counted_and_not_written(tmp_path: Path) -> None:
    post = listed(tmp_path, LIST, MANY * 60)
    assert f"+{540 - len(post.text.splitlines()) + 2} more" in post.text


def test_a_list_in_a_list_is_refused(tmp_path: Path) -> None:
    inner = "{% each x in events %}{% endeach %}"
    with pytest.raises(MistakesError, match="an 'each' inside an 'each' cannot be made to fit"):
        listed(tmp_path, f"{{% each y in events %}}{inner}{{% endeach %}}", MANY)


def test_the_finale_and_the_period_can_be_named(tmp_path: Path) -> None:
    source = "{{ finale | countdown }} {{ period.unit }} {{ period | daterange }}"
    june = event("2021-06-01", "2021-06-30")
    post = listed(tmp_path, source, MANY, finale=event("2021-06-10"), period=june)
    assert post.text == "in 2 days month Tue 1 – Wed 30 June"


def test_mentions_written_in_the_template_are_told(tmp_path: Path) -> None:
    assert posted(tmp_path, "with @MidsEngine and {{ event.title }}").mentions == ("@MidsEngine",)
