"""What may stand in a field of an event that somebody else filled in."""

from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from bot.core.model import Event
from tests.support.builders import event

TITLES = {
    "long": "A title that goes on and on " * 15,
    "one word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 9,
    "right to left": "ندوة الصحة النفسية: هل يمكن ترجمتها؟ " * 3,
    "mixed directions": "CANDAL שלום 2021 (العربية) @nhs",
    "emoji": "👩‍🔬 Women in 🧪 science 👨‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿🇬🇧👍🏽 " * 8,
    "mention": "@everyone @here: talk with @NHSEngland and RT@x",
    "stray dot": "A talk. 11:00.In person",
    "template": "{{ 7*7 }} {% for x in y %} {# note #} }}",
    "link": "Join https://evil.example/phish?q=1 or bio.tools or evil.com/x",
    "hidden": "zero\u200bwidth \u202eover\u202c \u2066isolate\u2069 soft\u00adhyphen \ufeff\x07",
    "markup": "<script>alert(1)</script><b>Bold</b> <a href='https://evil.example'>x</a> &lt;i&gt;",
    "our tag": "#MidlandsHealth #midlandshealth ＃MidlandsHealth",
    "marks": "Z̸̧̛͎͙͌̈a̵̢͈̓l̶̰̈́g̷͎̈o̵͚͂ " * 20,
    "private use": "\ue000cut\ue001 \ue002https://x.y\ue003 \ue101gone\ue004 \ue010",
    "lines": "One\n\n\nTwo\r\nThree\u2028Four\tFive",
    "shouting": "COME TO THE ANNUAL SYMPOSIUM OF ALL OF US!!!!",
    "of days": "Tomorrow's doctors today, in 3 days",
}
_BITS = st.sampled_from(
    [
        *TITLES.values(),
        "@",
        "#",
        "://",
        ".",
        "co",
        "://x.",
        "\u202e",
        "<",
        ">",
        "{",
        "}",
        "%",
        " ",
        "TBC",
        "to be announced",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.one_of(_BITS, st.text(max_size=6))).map("".join)
)


def _short(text: str) -> str:
    """As much of it as a post on Bluesky has room for in an address: there a link counts as long as
    it is, encoded.
    """
    while len(quote(text, errors="replace")) > MOST_OF_AN_ADDRESS:
        text = text[:-1]
    return text


MOST_OF_AN_ADDRESS = 60
ADDRESSES = st.one_of(
    st.just("https://example.org/the/talk?of=the&day=1#now"),
    TEXTS.map(_short).map(lambda text: "https://example.org/" + text),
    TEXTS.map(_short),
)


def hostile(title: str, **fields: Any) -> Event:
    """An event all of whose fields say what the title says."""
    given: dict[str, Any] = {
        "location": title,
        "hosts": (title, title),
        "summary": title,
        "tags": (title,),
        "kind": title,
        "url": "https://example.org/the/talk",
        "format": "in-person",
    }
    return event("2021-06-09 11:00", "2021-06-09 12:00", title=title, **given | fields)


EVENTS = st.builds(
    hostile,
    TEXTS,
    location=TEXTS,
    hosts=st.lists(TEXTS, max_size=3).map(tuple),
    summary=TEXTS,
    tags=st.lists(TEXTS, max_size=3).map(tuple),
    kind=TEXTS,
    url=ADDRESSES,
    recording_url=ADDRESSES,
    format=st.sampled_from([None, "virtual", "in-person", "hybrid"]),
)
