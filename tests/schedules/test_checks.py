import pytest

from bot.errors import MistakesError
from bot.schedules import read

HEAD = """\
series: {name: A, hashtag: "#A", timezone: UTC}
channels: {x: {platform: x}, try-out: {platform: local}}
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        read(HEAD + text, name="s.yaml")
    return [str(mistake).removeprefix("s.yaml:") for mistake in caught.value.mistakes]


def posts(*lines: str) -> str:
    return "posts:\n" + "".join(f"  {line}\n" for line in lines)


def post(name: str, more: str = "") -> str:
    return f"{name}: {{when: at start, template: t{more}}}"


def test_a_renamed_post_goes_on_under_its_first_name() -> None:
    rules = read(HEAD + posts(post("b", ", was: a"), post("c")), name="s.yaml").rules
    assert [(rule.name, rule.key, rule.rank) for rule in rules] == [("b", "a", 0), ("c", "c", 1)]


def test_was_does_not_name_a_post_of_the_file() -> None:
    assert mistakes(posts(post("a"), post("b", ", was: a"))) == [
        "5:41: the post 'a' is still in the file; expected a name that no post has now"
    ]


def test_two_posts_were_not_one() -> None:
    assert mistakes(posts(post("b", ", was: a"), post("c", ", was: a"))) == [
        "5:41: 'a' is what 'b' was called; only one post goes on for it"
    ]


def test_was_does_not_go_in_a_circle() -> None:
    told = mistakes(
        posts(post("a", ", was: c"), post("b", ", was: a"), post("c", ", was: b"), post("d"))
    )
    end = "expected a name that no post has now"
    assert told == [
        f"4:41: 'was:' goes in a circle (a was c was b was a); {end}",
        f"5:41: 'was:' goes in a circle (b was a was c was b); {end}",
        f"6:41: 'was:' goes in a circle (c was b was a was c); {end}",
    ]


def test_nothing_was_itself() -> None:
    assert mistakes(posts(post("a", ", was: a"))) == [
        "4:41: 'was:' goes in a circle (a was a); expected a name that no post has now"
    ]


def test_what_leads_into_a_circle_is_not_in_it() -> None:
    told = mistakes(posts(post("a", ", was: b"), post("b", ", was: b")))
    assert [line.partition(";")[0] for line in told] == [
        "4:41: the post 'b' is still in the file",
        "5:41: 'was:' goes in a circle (b was b)",
    ]


@pytest.mark.parametrize(
    ("channels", "told"),
    [
        ("try-oot", "52: there is no channel 'try-oot' (did you mean 'try-out'?); "),
        ("[x, X]", "56: there is no channel 'X' (did you mean 'x'?); "),
        ("[x, nowhere]", "56: there is no channel 'nowhere'; "),
    ],
)
def test_a_post_goes_to_channels_there_are(channels: str, told: str) -> None:
    text = posts(post("abcdefg", f", channels: {channels}"))
    assert mistakes(text) == [f"4:{told}expected x, try-out"]


def test_no_source_stands_twice() -> None:
    text = "sources:\n- yaml: a.yaml\n- listing: a.yaml\n- yaml: ./a.yaml\n" + posts(post("a"))
    assert mistakes(text) == ["6:9: 'a.yaml' is a source already, in line 4; keep one"]


def test_quiet_hours_have_a_length() -> None:
    text = "quiet_hours: {from: 21:00, until: '21:00'}\n" + posts(post("a"))
    assert mistakes(text) == [
        (
            "3:35: quiet hours from 21:00 until 21:00 have no length; "
            "expected two different times, or no quiet_hours at all"
        )
    ]


def test_what_could_not_be_read_is_not_checked_again() -> None:
    text = "sources: nowhere\nquiet_hours: {from: 21:00}\nposts: {a: , b: {was: []}}\n"
    lines = [line.partition(":")[0] for line in mistakes(text)]
    assert lines == ["3", "4", "5", "5", "5", "5"]
