from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.bluesky_record import posts_of, record
from bot.services.mint import mint

KEY = "3n2x4d7xq5e7y"
LINK = "https://example.org/a?b=1&c=2#d"


def features(text: str, links: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What of a text is a link or a tag, and to what: as its bytes say."""
    made = record(text, links, KEY)
    assert made is not None
    found = []
    for facet in made.get("facets", []):
        index, [feature] = facet["index"], facet["features"]
        shown = text.encode()[index["byteStart"] : index["byteEnd"]].decode()
        found.append((shown, feature.get("uri") or feature["tag"]))
    return found


def test_the_links_meant_and_the_hashtag_are_marked_by_their_bytes():
    text = f"Café 👩🏽‍🔬 – {LINK} – #MidlandsHealth"
    assert features(text, (LINK,)) == [(LINK, LINK), ("#MidlandsHealth", "MidlandsHealth")]


@pytest.mark.parametrize("tag", ["स्वास्थ्य", "Sante\u0301", "健康2021", "a_b"])
def test_a_hashtag_of_any_script_is_marked_as_a_whole(tag):
    assert features(f"x #{tag}, y") == [(f"#{tag}", tag)]


def test_nothing_else_is_marked():
    assert features("bio.tools, R&D #1, C#sharp &#35; https://not.meant/#at-all") == []


def test_a_link_that_begins_another_is_not_taken_for_it():
    longer = "https://example.org/a"
    text = f"{longer} https://example.org #Tag"
    assert features(text, ("https://example.org", longer)) == [
        (longer, longer),
        ("https://example.org", "https://example.org"),
        ("#Tag", "Tag"),
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_link_is_found_whatever_surrounds_it(before, after):
    try:
        text = f"{before} {LINK} {after}"
        text.encode()
    except UnicodeEncodeError:
        return
    assert (LINK, LINK) in features(text, (LINK,))


def test_the_same_is_the_same_bytes_and_its_time_is_that_of_the_key():
    now = datetime(2021, 6, 8, 11, 0, tzinfo=UTC)
    key = mint(now)
    assert record("a", (), key) == record("a", (), key)
    made = record("a", (), key)
    assert made is not None
    assert made["createdAt"].startswith("2021-06-08T1")


def test_a_language_a_card_and_a_thread_are_part_of_the_record():
    thread = {"root": {"uri": "at://a", "cid": "b"}, "parent": {"uri": "at://a", "cid": "b"}}
    made = record("a", (), KEY, language="en-GB", embed={"$type": "x"}, reply=thread)
    assert (made["langs"], made["embed"], made["reply"]) == (["en-GB"], {"$type": "x"}, thread)
    assert not {"langs", "embed", "reply"} & record("a", (), KEY).keys()


@pytest.mark.parametrize("page", [None, [], {}, {"records": {}}, {"records": [{}]}])
def test_a_page_that_is_none_is_not_an_empty_one(page):
    with pytest.raises(ValueError):
        posts_of(page)


def test_what_is_no_post_of_ours_is_passed_over():
    uri = "at://did:plc:a/app.bsky.feed.post/3jzfcijpj2z2a"
    values = [
        {},
        {"text": "a", "createdAt": "soon"},
        {"text": "a", "createdAt": "2021-06-08T11:00"},
    ]
    page = {"records": [{"uri": uri, "value": value} for value in values]}
    assert posts_of(page) == ([], None)
