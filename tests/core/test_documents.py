import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.documents import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_MISTAKES,
    Mapping,
    Scalar,
    Sequence,
    parse,
)
from bot.errors import Mistake, MistakesError


def mistakes(text: str) -> tuple[Mistake, ...]:
    try:
        parse(text, "f.yaml")
    except MistakesError as error:
        return error.mistakes
    return ()


def refused(text: str) -> str:
    with pytest.raises(MistakesError) as caught:
        parse(text, "f.yaml")
    return str(caught.value)


def test_scalars_are_read_as_written_with_their_place() -> None:
    node = parse("on: no\nat: 12:30\nday: 2021-06-31\nlist: ['007', 1.0]", "f.yaml")
    assert isinstance(node, Mapping)
    assert [(key.text, key.line, key.column) for key, _ in node.entries] == [
        ("on", 1, 1), ("at", 2, 1), ("day", 3, 1), ("list", 4, 1),
    ]  # fmt: skip
    assert node.get("on") == Scalar(line=1, column=5, text="no")
    assert node.get("at") == Scalar(line=2, column=5, text="12:30")
    assert node.get("day") == Scalar(line=3, column=6, text="2021-06-31")
    assert node.get("list") == Sequence(
        line=4,
        column=7,
        items=(
            Scalar(line=4, column=8, text="007", quoted=True),
            Scalar(line=4, column=15, text="1.0"),
        ),
    )
    assert node.get("other") is None


@pytest.mark.parametrize("value", ["", " ~", " null"])
def test_a_value_left_out_is_blank(value: str) -> None:
    node = parse(f"key:{value}", "f.yaml")
    assert isinstance(node, Mapping)
    scalar = node.get("key")
    assert isinstance(scalar, Scalar)
    assert scalar.blank


@pytest.mark.parametrize("value", ["''", "'null'", "no", "0"])
def test_a_value_that_is_said_is_not_blank(value: str) -> None:
    node = parse(f"key: {value}", "f.yaml")
    assert isinstance(node, Mapping)
    scalar = node.get("key")
    assert isinstance(scalar, Scalar)
    assert not scalar.blank


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "\ufeff"])
def test_a_file_without_content_is_one_blank_scalar(text: str) -> None:
    node = parse(text, "f.yaml")
    assert isinstance(node, Scalar)
    assert node.blank


def test_a_byte_order_mark_does_not_move_the_columns() -> None:
    assert (
        refused("\ufeffa: @b")
        == "f.yaml:1:4: a value cannot begin with '@': put the whole value in quotes"
    )


def test_every_key_given_twice_is_named_with_its_first_line() -> None:
    assert refused("a: 1\nb: {c: 1, c: 2}\na: 3").splitlines() == [
        "f.yaml:2:11: 'c' stands here twice: it is already in line 2",
        "f.yaml:3:1: 'a' stands here twice: it is already in line 1",
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\t- b", "2:1", "a tab stands here; indent with spaces"),
        ("a: 1\n\tb: 2", "2:1", "a tab stands here"),
        ("title: CANDAL: seminar", "1:14", "put the whole value in quotes"),
        ("a: `b`", "1:4", "cannot begin with '`'"),
        ("a: 'never\nclosed", "1:4", "the quote that opens in line 1 is never closed"),
        ('a: "b" c', "1:8", "a quote ends before the value does"),
        ("a: [1, 2\nb: 3", "2:2", "the [ of line 1 is never closed by a ]"),
        ("a: [1,\t2\nb: 3", "2:2", "the [ of line 1 is never closed by a ]"),
        ("a: {b: 1\nc: 2", "2:2", "the { of line 1 is never closed by a }"),
        ("a: - b", "1:4", "a list item (-) cannot begin here"),
        ("a:\n    b: 1\n  c: 2", "3:3", "the indentation differs"),
        ('a: "\\q"', "1:5", "use single quotes"),
        ("- a\nb: 1", "2:1", "begins in line 1"),
        ("a: 1\n---\nb: 2", "3:1", "a second document begins here"),
        ("a: !!python/name:os.system x", "1:4", "the tag tag:yaml.org,2002:python/name:os.system"),
        ("[a]: b", "1:1", "a key is a word"),
        ("a: b\x07", "1:5", "the invisible character U+0007"),
        ("a: \ud800", "1:4", "the invisible character U+D800"),
        ("a: *b*", "1:6", "put it in quotes"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place_and_what_to_do(text: str, place: str, words: str) -> None:
    message = refused(text)
    assert message.startswith(f"f.yaml:{place}: ")
    assert words in message


def test_anchors_and_aliases_are_refused_before_they_grow() -> None:
    layers = [
        f"{name}: &{name} [*{before}, *{before}]"
        for before, name in zip("abcdef", "bcdefg", strict=True)
    ]
    message = refused("\n".join(["a: &a [x, x]", *layers]))
    assert "f.yaml:1:4: &a: anchors and aliases" in message
    assert "f.yaml:2:8: *a: anchors and aliases" in message


def test_mistakes_without_end_are_cut_off() -> None:
    with pytest.raises(MistakesError) as caught:
        parse("\n".join(f"- &a{n} x" for n in range(1000)), "f.yaml")
    assert len(caught.value.mistakes) == MAX_MISTAKES


@pytest.mark.timeout(30)  # without the guard it never ends
def test_depth_is_refused_before_it_is_built() -> None:
    assert "nested deeper than 30 levels" in refused("[" * 100_000)


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ("{a: ", "}")])
def test_depth_is_counted_from_the_outermost(opened: str, closed: str) -> None:
    levels = MAX_DEPTH
    parse(f"{opened * levels}x{closed * levels}", "f.yaml")
    assert "nested deeper" in refused(f"{opened * (levels + 1)}x{closed * (levels + 1)}")


def test_a_file_too_large_is_refused() -> None:
    assert "are the most" in refused("a" * (MAX_CHARACTERS + 1))


@given(st.text(alphabet="ab:-[]{}'\"\\&*!|>#%@`,?~ \n\t\r0", max_size=40))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    lines = len(text.splitlines()) + 1
    for mistake in mistakes(text):
        assert 1 <= mistake.line <= lines
        assert mistake.column >= 1
        assert "this is not YAML" not in mistake.message


def _texts(node: object) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_texts(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {key.text: _texts(value) for key, value in node.entries}


@given(
    st.recursive(
        st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(alphabet="abc'\" :", max_size=5), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_what_yaml_has_written_is_read_back(value: object) -> None:
    assert _texts(parse(yaml.safe_dump(value, allow_unicode=True), "f.yaml")) == value
