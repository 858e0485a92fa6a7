import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from bot.core.counting import MEASURES, Mastodon, Measure
from bot.core.fitting import SHORTEST, SOFT_END, Fitted, Piece, cut, fit
from bot.core.lists import COUNT, Listed
from bot.errors import FitError


def upto(limit: int) -> Measure:
    return Mastodon(limit)


LINK = "https://example.org/details"
POST = [
    Piece("Tomorrow: "),
    Piece("Cabin Fever: How does isolation affect our mental health?", shrinkable=True),
    Piece(" on Thu 10 June"),
    Piece(" with many guests from near and far", optional=(1,)),
    Piece(" and coffee", optional=(2,)),
    Piece(" "),
    Piece(LINK),
]


def test_what_fits_stays_as_it_is() -> None:
    assert fit(POST, upto(500)) == Fitted(
        text=(
            "Tomorrow: Cabin Fever: How does isolation affect our mental health? on Thu 10 June"
            " with many guests from near and far and coffee https://example.org/details"
        ),
        length=10 + 57 + 15 + 35 + 11 + 1 + 23,
    )


def test_optional_parts_go_the_lowest_number_first() -> None:
    fitted = fit(POST, upto(120))
    assert fitted.left_out == (1,)
    assert fitted.text.endswith("on Thu 10 June and coffee https://example.org/details")
    assert fit(POST, upto(107)).left_out == (1, 2)


SUMMARY = "A long summary of many words, of which some may go and most should stay"
TALK = [Piece("A talk. "), Piece(SUMMARY, shrinkable=True, optional=(1,)), Piece(" " + LINK)]


def test_an_optional_part_that_may_be_shorter_is_cut_before_it_goes() -> None:
    fitted = fit(TALK, upto(80))
    assert fitted.text == (
        "A talk. A long summary of many words, of which some may… https://example.org/details"
    )
    assert (fitted.left_out, fitted.shortened) == ((), (SUMMARY,))
    assert fitted.kept == ("A long summary of many words, of which some may…",)


def test_it_goes_where_less_than_half_of_it_would_be_left() -> None:
    fitted = fit(TALK, upto(64))
    assert (fitted.left_out, fitted.shortened) == ((1,), ())
    assert fitted.text == "A talk. https://example.org/details"


def test_then_what_may_be_shorter_is_cut_at_a_word_end() -> None:
    fitted = fit(POST, upto(90))
    assert fitted.text == (
        "Tomorrow: Cabin Fever: How does isolation affect… on Thu 10 June https://example.org/details"
    )
    assert fitted.length <= 90
    assert fitted.shortened == (POST[1].text,)


def test_the_longest_of_several_is_cut_first() -> None:
    short, long = "A short title of it", "A title that goes on and on and on and on for ever"
    pieces = [Piece(short, shrinkable=True), Piece("\n"), Piece(long, shrinkable=True)]
    fitted = fit(pieces, upto(50))
    assert fitted.text.startswith(short + "\n")
    assert fitted.shortened == (long,)


def test_what_cannot_fit_is_an_error_with_numbers() -> None:
    with pytest.raises(
        FitError, match=r"^the text is 61 characters long where 50 are allowed.* by 11"
    ):
        fit(POST, upto(50))


def test_nothing_is_cut_below_a_sensible_minimum() -> None:
    pieces = [Piece("a few words of a title", shrinkable=True)]
    assert len(fit(pieces, upto(SHORTEST)).text) <= SHORTEST
    with pytest.raises(FitError):
        fit(pieces, upto(8))


def test_without_a_limit_everything_fits() -> None:
    assert fit([Piece("x" * 5000)], MEASURES["local"]).length == 5000


def test_an_optional_line_leaves_no_gap() -> None:
    pieces = [
        Piece("one" + SOFT_END + "\n"),
        Piece("two is rather long", optional=(1,)),
        Piece(SOFT_END + "\n\nthree  words \n\n\n\nend\n"),
    ]
    assert fit(pieces, upto(100)).text == "one\ntwo is rather long\n\nthree words\n\nend"
    assert fit(pieces, upto(25)).text == "one\n\nthree words\n\nend"


def test_a_line_that_comes_out_empty_goes_with_its_end() -> None:
    pieces = [Piece(f"one\n{SOFT_END}\n  {SOFT_END}\ntwo{SOFT_END}\nthree")]
    assert fit(pieces, upto(100)).text == "one\ntwo\nthree"


def test_a_nested_part_goes_before_the_one_around_it() -> None:
    pieces = [Piece("a"), Piece(" outer", optional=(2,)), Piece(" inner", optional=(2, 1))]
    assert [fit(pieces, upto(limit)).text for limit in (13, 12, 7, 6)] == [
        "a outer inner", "a outer", "a outer", "a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Cabin Fever", 11, "Cabin Fever"),
        ("Cabin Fever", 10, "Cabin…"),
        ("Cabin Fever", 6, "Cabin…"),
        ("Cabin, Fever", 8, "Cabin…"),
        ("Launch | COVID-19", 12, "Launch…"),
        ("Informal Fridays (get in touch)", 24, "Informal Fridays…"),
        ("Informal (very) Fridays, often", 25, "Informal (very) Fridays…"),
        ("A (long bracket at the start)", 16, "A (long bracket…"),
        ("Pneumonoultramicroscopic", 10, "Pneumonou…"),
        ("A Pneumonoultramicroscopic", 12, "A Pneumonou…"),
        ("👩\u200d🔬" * 5, 3, "👩\u200d🔬" * 2 + "…"),
        ("\u2068שלום עולם טוב\u2069", 12, "\u2068שלום עולם…\u2069"),
    ],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected


WORDS = st.text(st.sampled_from("ab  é👩\u200d🔬日…,"), min_size=1, max_size=60).map(
    lambda text: "w" + text + "w"
)
PIECES = st.lists(
    st.one_of(
        st.builds(Piece, WORDS, place=st.none()),
        st.builds(Piece, WORDS, st.just(True), place=st.none()),  # shrinkable
        st.builds(Piece, WORDS, st.booleans(), st.tuples(st.integers(1, 3)), st.none()),
        st.just(Piece(" " + LINK + " ")),
    ),
    max_size=6,
)


def fitted_or_none(pieces: list[Piece], measure: Measure) -> Fitted | None:
    try:
        return fit(pieces, measure)
    except FitError:
        return None


@settings(max_examples=600, deadline=None)
@given(PIECES, st.integers(1, 120), st.sampled_from(["x", "mastodon", "bluesky"]))
def test_what_comes_out_fits_and_nothing_fixed_is_lost(
    pieces: list[Piece], limit: int, platform: str
) -> None:
    measure = limited(platform, limit)
    fitted = fitted_or_none(pieces, measure)
    if fitted is None:
        return
    assert fitted.length == measure.length(fitted.text) <= limit
    position = 0
    for piece in pieces:
        if piece.optional or piece.shrinkable:
            continue
        fixed = " ".join(piece.text.split())
        found = " ".join(fitted.text.split()).find(fixed, position)
        assert found >= 0
        position = found
    graphemes = set(iter_graphemes("".join(piece.text for piece in pieces)))
    assert set(iter_graphemes(fitted.text)) <= graphemes | {"…"}


@settings(max_examples=300, deadline=None)
@given(PIECES, st.integers(1, 120), st.integers(1, 60))
def test_more_room_never_leaves_out_more(pieces: list[Piece], limit: int, more: int) -> None:
    tight = fitted_or_none(pieces, upto(limit))
    loose = fitted_or_none(pieces, upto(limit + more))
    if tight is None:
        return
    assert loose is not None
    assert set(loose.left_out) <= set(tight.left_out)
    if loose.left_out == tight.left_out:
        assert len(loose.shortened) <= len(tight.shortened)


def bullets(texts: list[str], number: int = 1, before: int = 0) -> list[Piece]:
    """A list of these items, each on a line with a fixed and a shrinkable part, and its rest."""
    found: list[Piece] = []
    for item, text in enumerate(texts, before + 1):
        place = Listed(number, item)
        found += [Piece("Wed 9 June: ", place=place), Piece(text, True, (), place)]
        found.append(Piece("\n", place=place))
    return [*found, Piece(f"+{COUNT} more\n", place=Listed(number, None))]


def test_a_list_shows_what_fits_whole_and_counts_the_rest() -> None:
    pieces = [Piece("Soon:\n"), *bullets(["alpha alpha", "beta", "gamma", "delta"]), Piece(LINK)]
    assert fit(pieces, upto(500)).text == (
        "Soon:\nWed 9 June: alpha alpha\nWed 9 June: beta\nWed 9 June: gamma\nWed 9 June: delta\n"
        + LINK
    )
    fitted = fit(pieces, upto(90))
    assert fitted.text == f"Soon:\nWed 9 June: alpha alpha\nWed 9 June: beta\n+2 more\n{LINK}"
    assert fitted.items == {1, 2}
    assert not fitted.shortened


def test_the_first_item_stays_and_is_cut_where_it_must_be() -> None:
    pieces = [*bullets(["A title that goes on and on for ever and ever", "beta"]), Piece("#Tag")]
    fitted = fit(pieces, upto(50))
    assert fitted.text == "Wed 9 June: A title that goes on and…\n+1 more\n#Tag"
    assert fitted.items == {1}


def test_what_is_optional_goes_before_items_do() -> None:
    pieces = [Piece("With many words of greeting. ", optional=(1,)), *bullets(["one", "two"])]
    assert fit(pieces, upto(35)) == Fitted(
        text="Wed 9 June: one\nWed 9 June: two", length=31, left_out=(1,), items=frozenset({1, 2})
    )


def test_of_two_lists_the_longer_gives_way_first() -> None:
    pieces = [*bullets(["a", "b", "c"]), Piece("\n"), *bullets(["d", "e"], 2, before=3)]
    assert fit(pieces, upto(68)).items == {1, 2, 4, 5}
    assert fit(pieces, upto(60)).items == {1, 2, 4}


def test_items_that_are_never_shown_are_counted() -> None:
    assert fit(bullets(["a"]), upto(500), {1: 7}).text == "Wed 9 June: a\n+7 more"


TITLES = st.lists(st.text("ab é日", min_size=1, max_size=30).map("w{}w".format), max_size=12)


@settings(max_examples=300, deadline=None)
@given(TITLES, st.integers(1, 200), st.sampled_from(["x", "mastodon", "bluesky"]))
def test_a_list_shows_as_many_whole_items_as_fit_in_their_order(
    titles: list[str], limit: int, platform: str
) -> None:
    pieces = [Piece("Soon:\n"), *bullets(titles), Piece(LINK)]
    measure = limited(platform, limit)
    fitted = fitted_or_none(pieces, measure)
    if fitted is None or not titles:
        return
    shown = len(fitted.items)
    assert fitted.items == set(range(1, shown + 1))
    assert shown >= 1
    assert fitted.text.count("Wed 9 June: ") == shown
    assert fitted.length == measure.length(fitted.text) <= limit
    assert fitted.text.endswith(LINK)
    assert (f"+{len(titles) - shown} more" in fitted.text) is (shown < len(titles))
    if shown < len(titles):
        lines = [f"Wed 9 June: {' '.join(title.split())}" for title in titles[: shown + 1]]
        rest = len(titles) - shown - 1
        more = ["Soon:", *lines, *([f"+{rest} more"] if rest else []), LINK]
        assert measure.length("\n".join(more)) > limit
    assert shown == 1 or not fitted.shortened


@settings(max_examples=200, deadline=None)
@given(TITLES, st.integers(1, 200), st.integers(1, 60))
def test_more_room_never_shows_fewer_items(titles: list[str], limit: int, more: int) -> None:
    pieces = [Piece("Soon:\n"), *bullets(titles), Piece(LINK)]
    tight = fitted_or_none(pieces, upto(limit))
    loose = fitted_or_none(pieces, upto(limit + more))
    if tight is not None:
        assert loose is not None
        assert tight.items <= loose.items


class Limited:
    def __init__(self, measure: Measure, limit: int) -> None:
        self.limit: int | None = limit
        self.length = measure.length


def limited(platform: str, limit: int) -> Measure:
    return Limited(MEASURES[platform], limit)
