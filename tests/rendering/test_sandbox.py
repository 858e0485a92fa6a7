from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.counting import MEASURES
from bot.core.model import Series
from bot.errors import MistakesError, TemplateError
from bot.rendering import Context, Templates
from tests.support.builders import event

SERIES = Series(name="Midlands Health", hashtag="#MidlandsHealth", timezone="Europe/London")
NOW = datetime(2021, 6, 8, 11, tzinfo=UTC)


def text(folder: Path, source: str) -> str:
    (folder / "posts").mkdir()
    (folder / "posts" / "a.j2").write_text(source, encoding="utf-8")
    context = Context(event=event(hosts=("Ann", "Bo")), series=SERIES, rule="r")
    return Templates.load(folder).render("a", "local", context, MEASURES["local"], NOW).text


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 10**9 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 1000000000 * 'x' }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(99) %}{% for j in range(99) %}x{% endfor %}{% endfor %}",
        "{% for i in range(999) if i %}{% for j in range(999) if j %}x{% endfor %}{% endfor %}",
        "{% set a = 'x' * 5000 %}{{ a ~ a ~ a }}",
        "{% set a = 'x' * 9000 %}{{ a + a }}",
        "{% set a = 'x' * 9000 %}{{ a }}{{ a }}",
        "{% set a = ['x'] %}{% set b = [a, a] %}{{ b | join }}",
        "{{ [1] * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ (5).to_bytes(1000000000, 'big') }}",
        "{{ 99999999999 * 99999999999 }}",
        "{{ 'xxxxxxxxxx' | replace('x', 'x' * 5000) }}",
        "{{ range(999) | join('x' * 5000) }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% set x %}{{ event.title }}{% endset %}{{ x }}",
        "{% filter upper %}x{% endfilter %}",
        "{% include 'b.j2' %}",
        "{% extends 'b.j2' %}",
        "{{ lipsum() }}",
        "{{ namespace() }}",
        "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
        "x" * 10_001,
    ],
)
@pytest.mark.timeout(30)  # without the guard it never ends
def test_a_template_that_would_never_end_is_refused_at_once(tmp_path: Path, source: str) -> None:
    with pytest.raises((MistakesError, TemplateError)):
        text(tmp_path, source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ event.__class__ }}",
        "{{ event._event.title }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ event.title.__init__.__globals__ }}",
        "{{ event['_event'] }}",
        "{{ _spent.append(1) }}",
        "{{ self }}",
        "{{ event.hosts.__len__() }}",
        "{{ event | attr('_event') }}",
        "{{ [event] | map(attribute='_event') | first }}",
        "{{ event.hosts | map(attribute='__doc__') | join }}",
    ],
)
def test_a_template_reaches_nothing_but_what_it_is_given(tmp_path: Path, source: str) -> None:
    with pytest.raises((MistakesError, TemplateError)):
        text(tmp_path, source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 'ab' * 2 }} {{ 3 * 4 + 1 }} {{ 7 % 4 }} {{ 'a' + 'b' }}", "abab 13 3 ab"),
        ("{{ event.title ~ '; ' ~ event.hosts[0] }}", "CANDAL seminar series 2021; Ann"),
        ("{{ event.hosts | join(' and ') }}", "Ann and Bo"),
        ("{% for i in range(3) %}{{ loop.index }}{% endfor %}", "123"),
        ("{% if event.kind in ('event', 'talk') %}yes{% endif %}", "yes"),
        ("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "a1"),
        ("{{ 'candal NHS day' | capitalize }}", "Candal NHS day"),
        ("{{ event.title | replace('seminar', 'talk') }}", "CANDAL talk series 2021"),
        ("{{ event.title.upper() }}", "CANDAL SEMINAR SERIES 2021"),
        ("{% set a = event.title %}{{ a[:6] }}", "CANDAL"),
        ("{{ event.starts.year }} {{ now.hour }}", "2021 12"),
    ],
)
def test_what_a_post_needs_is_there(tmp_path: Path, source: str, expected: str) -> None:
    assert text(tmp_path, source) == expected
