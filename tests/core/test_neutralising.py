import re
import unicodedata

import pytest
from hypothesis import given, settings

from bot.core.links import links
from bot.core.neutralising import LONGEST, neutral
from tests.support.words import OUTSIDE, texts

HASHTAG = "#MidlandsHealth"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
X_MENTION = re.compile(
    "(?:^|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)[@\uff20][a-zA-Z0-9_]{1,20}"
)
MASTODON_MENTION = re.compile(r"(?<![=/\w])@[a-z0-9_]+", re.IGNORECASE)


@pytest.mark.parametrize(
    ("outside", "posted"),
    [
        ("CANDAL seminar series 2021", "CANDAL seminar series 2021"),
        ("INTERFACE | Science + Art + Health", "INTERFACE | Science + Art + Health"),
        ("11:00-12:00.In person", "11:00-12:00. In person"),
        ("Meet Dr.No", "Meet Dr. No"),
        ("an M.Sc course", "an M\u2024Sc course"),
        ("bio.tools for all", "bio\u2024tools for all"),
        ("E.coli, Ph.D", "E.coli, Ph.D"),
        ("see https://www.evil.example.org/x?y=1).", "see evil\u2024example\u2024org)."),
        ("https://bank.org@evil.org:80/", "evil\u2024org"),
        ("Hi @NHSEngland and \uff20foo", "Hi NHSEngland and foo"),
        ("meet @10am", "meet @ 10am"),
        ("RT@foo", "RT foo"),
        ("write to jo@uni.ac.uk", "write to jo@uni.ac.uk"),
        ("p<0.05 & q>1", "p<0.05 & q>1"),
        ("a<b and c>d", "a<b and c>d"),
        ("<b>Bold</b> and <i class='x'>it</i><br/>next", "Bold and it next"),
        ("<script>alert(1)</script>Talk<img src=x onerror=alert(1)>", "Talk"),
        ("<<b>b>x", "x"),
        ("<<<<b>b>b>b>x", "x"),
        ("a\u202eb\u200bc\ue000d\x00e\u2066f\ufefff", "abcdeff"),
        ("tabs\tand\nlines\u00a0and  spaces ", "tabs and lines and spaces"),
        ("e\u0301", "é"),
        ("lab 👩\u200d🔬 day\u200d", "lab 👩\u200d🔬 day"),
        (ENGLAND, ENGLAND),
        ("tag \U000e0041", "tag"),
        ("שלום", "\u2068שלום\u2069"),
        ("می\u200cخواهم", "\u2068می\u200cخواهم\u2069"),
        ("#midlandshealth \uff03MidlandsHealth", "midlandshealth MidlandsHealth"),
        ("#MidlandsHealth2021 #COVID", "#MidlandsHealth2021 #COVID"),
        ("lone \ud800", "lone"),
        ("", ""),
    ],
)  # fmt: skip
def test_outside_text_is_posted_as_it_reads_but_does_nothing(outside: str, posted: str) -> None:
    assert neutral(outside, HASHTAG) == posted


def test_what_hides_deeper_than_anyone_writes_loses_its_signs() -> None:
    deep = "<" * 30 + "b>" * 30 + "bio.tools"
    posted = neutral(deep)
    assert "<" not in posted
    assert neutral(posted) == posted


def test_without_a_hashtag_every_hashtag_stays() -> None:
    assert neutral("#MidlandsHealth") == "#MidlandsHealth"


@settings(max_examples=1500, deadline=None)
@given(texts(OUTSIDE))
def test_whatever_comes_in_nothing_comes_out_that_acts(outside: str) -> None:
    posted = neutral(outside, HASHTAG)

    assert neutral(posted, HASHTAG) == posted
    assert unicodedata.is_normalized("NFC", posted)
    assert not links(posted)
    assert not X_MENTION.search(posted)
    assert not MASTODON_MENTION.search(posted)
    assert not re.search("[#\uff03]midlandshealth(?!\\w)", posted, re.IGNORECASE)
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\ufeff\ud800-\uf8ff]", posted
    )
    assert not re.search(r"<(?:b|/b|script|/script|br)>|  |^ | $|://", posted)
    assert (posted[:1] == "\u2068") is (posted[-1:] == "\u2069")


@pytest.mark.parametrize(
    "atom",
    [
        "<",
        "<b",
        '<a b="',
        "@",
        "a.com ",
        "<<b>b>",
        "http://",
        "é.com",
        "<!--",
        "<script>",
        "@a",
        "👩\u200d",
    ],
)
@pytest.mark.timeout(30)  # without the guard it never ends
def test_a_text_of_any_length_comes_to_an_end(atom: str) -> None:
    assert len(neutral((atom * 20_000)[:20_000], HASHTAG)) <= LONGEST


@pytest.mark.parametrize(
    ("title", "posted"),
    [
        ("{{ 7*7 }} ways", "{ { 7*7 } } ways"),
        ("{% raw %}{{{", "{ % raw % }{ { {"),
        ("{#x#}", "{ #x# }"),
        ("{one} 100%", "{one} 100%"),
    ],
)
def test_nothing_reads_as_template_language(title: str, posted: str) -> None:
    assert neutral(title, HASHTAG) == posted
    assert not re.search(r"\{[{%#]|[}%#]\}", neutral(title, HASHTAG))
