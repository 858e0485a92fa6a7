import pytest

from bot.core.linting import Fault, lint, lint_picture, mentions, says_tba, style

LINK = "https://example.org/a"
GOOD = f"Tomorrow: CANDAL seminar series 2021\nWed 9 June\n\nDetails: {LINK}\n#MidlandsHealth"


def complaints(text: str, platform: str = "x", **own: list[str]) -> list[Fault]:
    own.setdefault("links", [LINK])
    return lint(text, hashtag="#MidlandsHealth", platform=platform, **own)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "INTERFACE | Science + Art + Health #MidlandsHealth",
        "SYMPOSIUM ANNOUNCEMENT #MidlandsHealth",
        "COVID-19, CANDAL, NHS UK NIHR MRC #MidlandsHealth",
        "\u2068שלום\u2069 #MidlandsHealth 👩\u200d🔬",
        "write to jo@uni.ac.uk #MidlandsHealth",
        "(#MidlandsHealth) #MidlandsHealth2021",
    ],
)
def test_a_good_post_passes(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (" \n", "the text is empty"),
        ("no tag", "the hashtag #MidlandsHealth is missing"),
        ("a#MidlandsHealth", "the hashtag #MidlandsHealth is missing"),
        (
            GOOD + " #midlandshealth",
            "the hashtag #MidlandsHealth stands there 2 times: once is enough",
        ),
        (
            "x #midlandshealth",
            "the hashtag is written #midlandshealth: it should be #MidlandsHealth",
        ),
        ("TBA #MidlandsHealth", "it says 'TBA': wait until that is known"),
        ("{{ x #MidlandsHealth", "'{{' is template language that was not filled in"),
        ("x %} #MidlandsHealth", "'%}' is template language that was not filled in"),
        (
            "11:00.In person #MidlandsHealth",
            "'00.In' would become a link that nobody means: put a space after the dot",
        ),
        (
            "https://evil.org #MidlandsHealth",
            "'https://evil.org' would become a link that nobody means: put a space after the dot",
        ),
        ("with @NHS #MidlandsHealth", "'@NHS' would notify a stranger: take its @ off"),
        ("RT@NHS #MidlandsHealth", "'@NHS' would notify a stranger: take its @ off"),
        ("a\u202eb #MidlandsHealth", "it holds the character U+202E, which readers do not see"),
        ("a\x07b #MidlandsHealth", "it holds the character U+0007, which readers do not see"),
        ("a\ue000b #MidlandsHealth", "it holds the character U+E000, which readers do not see"),
    ],
)
def test_a_reader_would_stumble(text: str, complaint: str) -> None:
    assert complaints(text) == [complaint]


def test_what_a_complaint_is_about_is_found_in_the_text() -> None:
    text = "with @NHS, TBA, x %} 11:00.In #midlandshealth"
    assert [fault.found for fault in complaints(text)] == [
        "#midlandshealth", "TBA", "%}", "00.In", "@NHS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "JOIN US FOR THE SYMPOSIUM NOW! #MidlandsHealth",
            "'JOIN US FOR THE SYMPOSIUM NOW' shouts: write it in small letters",
        ),
        ("🎓🎉🔬🧪💡 #MidlandsHealth", "it holds 5 emoji: at most 4 are pleasant to read"),
    ],
)
def test_what_could_be_nicer_keeps_no_post_back(text: str, complaint: str) -> None:
    assert style(text) == [complaint]
    assert complaints(text) == []
    assert style(GOOD) == []


def test_a_link_that_x_would_cut_is_named() -> None:
    own = ["https://example.org/a|b"]
    assert complaints("https://example.org/a|", links=["https://example.org/a|"])[1:] == [
        "only 'https://example.org/a' of the link would work: encode the characters after it"
    ]
    assert complaints("https://example.org/a|b #MidlandsHealth", links=own) == []


def test_the_letters_of_a_link_are_no_words() -> None:
    own = ["https://example.org/TBA"]
    assert complaints("https://example.org/TBA #MidlandsHealth", links=own) == []


def test_stray_domains_matter_only_where_they_become_links() -> None:
    text = "try bio.tools #MidlandsHealth"
    assert len(complaints(text)) == 1
    assert complaints(text, platform="mastodon") == []


def test_a_mention_the_template_makes_is_meant() -> None:
    assert complaints("with @MidsEngine #MidlandsHealth", mentions=["@MidsEngine"]) == []
    assert mentions("with @MidsEngine, jo@uni.ac.uk, https://a.social/@jo") == ["@MidsEngine"]


@pytest.mark.parametrize(
    "title",
    ["TBA", "Speaker tbc", "Title T.B.A.", "To be announced", "Room (to be confirmed)", "TBD"],
)
def test_a_title_that_is_not_final_says_so(title: str) -> None:
    assert says_tba(title)


@pytest.mark.parametrize("title", ["TBAs", "A football talk", "To be or not to be", "STB a"])
def test_a_final_title_does_not(title: str) -> None:
    assert not says_tba(title)


def test_a_picture_without_words_is_a_fault():
    assert lint_picture("A card") == []
    [fault] = lint_picture(" ")
    assert "no alt text" in fault
