import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.counting import MEASURES, Mastodon
from tests.support.referee import EMOJI, x_length
from tests.support.words import texts

X = MEASURES["x"]
FAMILY = "👩‍👩‍👧‍👦"
URL = "https://midlandsinnovation.org.uk/MIHealth/Health-Life-Science-Symposium"

SOME_EMOJI = [*EMOJI[::7], "\u200d", "\ufe0f", "1", "a"]


def test_every_platform_has_its_limit() -> None:
    limits = {platform: measure.limit for platform, measure in MEASURES.items()}
    unlimited = {"local": None, "apprise": None}
    assert limits == {"x": 280, "mastodon": 500, "bluesky": 300} | unlimited


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("plain", 5),
        ("– — “ ” £ ° µ α ½ é", 19),
        ("…", 2),
        ("日本", 4),
        ("e\u0301", 1),
        (URL, 23),
        ("11:00-12:00.In person", 9 + 23 + 7),
        ("a\r\nb\rc", 5),
        (FAMILY, 2),
        ("👍🏽🇬🇧1⃣©®", 10),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("🤝🏽", 2),
        ("🇬", 2),
        ("\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069", 31),
        ("\ufffe\uffff", 4),
    ],
)
def test_x_weighs_characters_links_and_emoji(text: str, length: int) -> None:
    assert X.length(text) == length


@settings(max_examples=1500, deadline=None)
@given(texts())
def test_x_counts_what_the_reference_counts(text: str) -> None:
    assert X.length(text) == x_length(text)


def test_every_emoji_of_the_reference_counts_two() -> None:
    assert [emoji for emoji in EMOJI if X.length(emoji) != 2] == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*EMOJI[::7], "\u200d", "\ufe0f", "1", "a"]), max_size=6).map("".join)
)
def test_emoji_in_a_row_count_what_the_reference_counts(text: str) -> None:
    # The reference stops at Unicode 12: what are several emoji to it may be one of a later version.
    assert X.length(text) <= x_length(text)


def test_mastodon_counts_a_link_23_and_a_bare_domain_as_typed() -> None:
    mastodon = MEASURES["mastodon"]
    assert mastodon.length(f"see {URL}.") == 4 + 23 + 1
    assert mastodon.length("see bio.tools") == 13
    assert mastodon.length("@jo@mastodon.example hi") == len("@jo hi")
    assert mastodon.length(FAMILY + "e\u0301") == 2


def test_mastodon_takes_the_limit_its_server_names() -> None:
    assert Mastodon(1000).limit == 1000


def test_bluesky_counts_graphemes_and_links_in_full() -> None:
    bluesky = MEASURES["bluesky"]
    assert bluesky.length(URL) == len(URL)
    assert bluesky.length(FAMILY * 100) == 100


def test_bluesky_refuses_more_than_3000_bytes_of_few_graphemes() -> None:
    bluesky = MEASURES["bluesky"]
    fits, too_long = FAMILY * 120, FAMILY * 121
    assert len(fits.encode()) == 3000
    assert bluesky.length(fits) == 300
    assert bluesky.length(too_long) > 300


def test_local_counts_graphemes() -> None:
    assert MEASURES["local"].length(FAMILY + "é日") == 3


def test_a_lone_surrogate_is_counted_and_not_refused() -> None:
    assert [measure.length("a\ud800") > 0 for measure in MEASURES.values()] == [True] * len(
        MEASURES
    )
