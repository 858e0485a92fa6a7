from hypothesis import given
from hypothesis import strategies as st

from bot.core.counting import MEASURES
from bot.core.fitting import SOFT_END, as_a_whole, fit
from bot.rendering import marks
from bot.rendering.marks import Link, Shrinkable, marked, optional

words = st.text(st.sampled_from("ab  é.\n日" + SOFT_END), max_size=12)
values = st.one_of(
    words.map(Shrinkable),
    st.sampled_from(["", "https://a.org/x", "https://b.org/"]).map(Link),
    words,
).map(lambda value: str(marked(value)))
optionals = st.builds(
    lambda number, inside: optional(number) + "".join(inside) + marks.OPTIONAL_END,
    st.integers(1, 3),
    st.lists(values, max_size=3),
)
rendered = st.lists(values | optionals, max_size=8).map("".join)


@given(rendered, st.sampled_from(["x", "mastodon", "bluesky", "local"]))
def test_what_fits_as_a_whole_is_what_comes_of_its_parts(text: str, platform: str) -> None:
    measure, read = MEASURES[platform], marks.read(text)
    assert read.whole is not None
    pieces, beyond = marks.parts(text)
    assert as_a_whole(read.whole, measure) == fit(pieces, measure, beyond)


def test_a_list_is_never_taken_as_a_whole() -> None:
    items = f"{marks.ITEM}a{marks.ITEM_END}{marks.BEYOND}"
    text = f"b{marks.LIST}{items}{marks.MORE}c{marks.LIST_END}"
    assert marks.read(text).whole is None


def test_links_are_told_in_their_order_and_empty_ones_are_none() -> None:
    text = "".join(str(marked(Link(url))) for url in ("https://b.org/", "", "https://a.org/"))
    assert marks.read(text).links == ("https://b.org/", "https://a.org/")
