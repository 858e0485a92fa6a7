import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contrast import READABLE, contrast
from bot.core.model import Colours
from bot.errors import MistakesError
from bot.schedules import read

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
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


READ = "which many cannot read; expected at least 4.5 to 1"


def coloured(colours: str) -> str:
    series = f"timezone: UTC, colours: {{{colours}}}"
    return HEAD.replace("timezone: UTC", series) + posts(post("a"))


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        (
            'text: "#999999", background: "#ffffff", accent: "#000000"',
            (
                "1:65: the text #999999 on the background #ffffff has a contrast of 2.8 to 1,"
                f" {READ}: a darker text, or another background"
            ),
        ),
        (
            'accent: "#123456"',
            (
                "1:67: the accent #123456 on the background #0b2f3a has a contrast of 1.1 to 1,"
                f" {READ}: a lighter accent, or another background"
            ),
        ),
    ],
)
def test_colours_that_cannot_be_read_on_each_other_are_refused(colours: str, told: str) -> None:
    with pytest.raises(MistakesError) as caught:
        read(coloured(colours), name="s.yaml")
    assert [str(one).removeprefix("s.yaml:") for one in caught.value.mistakes] == [told]


@given(COLOUR, COLOUR, COLOUR)
def test_whatever_colours_are_taken_can_be_read(background: str, text: str, accent: str) -> None:
    said = f'background: "{background}", text: "{text}", accent: "{accent}"'
    try:
        taken = read(coloured(said), name="s.yaml").series.colours
    except MistakesError:
        assert min(contrast(one, background) for one in (text, accent)) < READABLE
    else:
        assert taken == Colours(background=background, text=text, accent=accent)
        assert min(contrast(one, background) for one in (text, accent)) >= READABLE


def test_a_colour_may_be_short_and_in_capitals() -> None:
    colours = read(coloured('text: "#FFF", accent: "#7FE0D0"'), name="s.yaml").series.colours
    assert colours == Colours(background="#0b2f3a", text="#ffffff", accent="#7fe0d0")


def test_a_colour_without_its_sign_is_answered() -> None:
    with pytest.raises(MistakesError, match=r"'123456' has no #; write .#123456., in quotes"):
        read(coloured("text: 123456").replace("123456", "'123456'"), name="s.yaml")


@pytest.mark.parametrize("logo", ["logo.svg", "looks/logo.PNG", "a.jpeg"])
def test_a_logo_is_a_picture_below_the_folder(logo: str) -> None:
    text = HEAD.replace("timezone: UTC", f"timezone: UTC, logo: {logo}") + posts(post("a"))
    assert read(text, name="s.yaml").series.logo == logo


@pytest.mark.parametrize("logo", ["logo.gif", "../logo.png", "/logo.png", "https://e.org/l.png"])
def test_a_logo_that_is_none_is_refused(logo: str) -> None:
    text = HEAD.replace("timezone: UTC", f"timezone: UTC, logo: '{logo}'") + posts(post("a"))
    with pytest.raises(MistakesError):
        read(text, name="s.yaml")


def test_a_card_stands_beside_a_single_event_only() -> None:
    told = mistakes("posts:\n  a: {every: day at 09:00, template: t, card: true}\n")
    assert any(
        "a card shows one event, and a post with 'every:' speaks of several" in one for one in told
    )
