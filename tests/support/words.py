"""Texts as the world sends them: words, dots, addresses, emoji, scripts, and what hides in them."""

from hypothesis import strategies as st

ATOMS = (
    ".", ".", ".", "a", "b", "com", "In", "sc", "co", "uk", "http://", "https://", "HTTP://",
    "/", "-", "_", "@", "#", "$", "é", "日本", "。", "みんな", "中国", "рф", "САЙТ", " ", "\n",
    ":80", "?x=1", "(a)", "x_y", "\uff20", "\uff03", '"', "xn--p1ai", "xn--", "!", "'", "😀",
    "👩\u200d🔬", "8", "\u202a", "\u2066", "\ufeff", "ß", "t.co/", "t.co/abc?x", "~", "%", "1",
    "A", "É", "vermögensberatung", "\u0301", "&", "foo.com", "m.sc/é", ",", ";", "11:00.In",
    "M.Sc", "bio.tools", "E.coli", "Ph.D", "Node.js", "–", "’", "\r\n", "\u20e3", "\ufe0f",
    "🏽", "🇬", "🇧", "©", "…", "talk", "on Wed",
)  # fmt: skip
OUTSIDE = (
    *ATOMS, "<b>", "</b>", "<", ">", "p<0.05", "<script>", "</script>", "<br", "@NHS",
    "\uff20foo", "RT@x", "rt:@y", "#MidlandsHealth", "\uff03midlandshealth", "##", "\u200b",
    "\u200d", "\u202e", "\u2069", "\ue000", "\x00", "\t", "\u00a0", "שלום", "العربية",
    "می\u200cخواهم", "\ud800", "://", "@@", "jo@uni.ac.uk", "<a href=x", "MidlandsHealth",
    "T.B.A.", "\u0338", "\u2024",
)  # fmt: skip


def texts(atoms: tuple[str, ...] = ATOMS) -> st.SearchStrategy[str]:
    """Texts put together from `atoms`, and now and then from anything."""
    return st.one_of(
        st.lists(st.sampled_from(atoms), max_size=14).map("".join),
        st.lists(st.sampled_from(atoms), max_size=14).map(" ".join),
        st.text(max_size=30),
    )
