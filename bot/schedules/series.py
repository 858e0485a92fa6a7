"""The language of `series:`: whose events they are, and how their cards look."""

from bot.schedules.shapes import Field, Record
from bot.schedules.texts import ADDRESS, COLOUR, HASHTAG, LANGUAGE, PICTURE, TEXT, TIMEZONE

_COLOURS = Record(
    what="colours",
    fields={
        "background": Field(COLOUR, 'What everything stands on. Without it: "#0b2f3a".'),
        "text": Field(COLOUR, 'The title and most words. Without it: "#ffffff".'),
        "accent": Field(COLOUR, 'Date, hashtag and lines. Without it: "#7fe0d0".'),
    },
    some=True,
)

SERIES = Record(
    what="the series",
    fields={
        "name": Field(
            TEXT, "The name of the series, as people know it.", 'name: "My Symposium 2021"'
        ),
        "hashtag": Field(
            HASHTAG,
            "The hashtag every post carries. In quotes, because # begins a comment. A capital for "
            "each word makes it readable aloud: #MidlandsHealth.",
            'hashtag: "#MidlandsHealth"',
        ),
        "timezone": Field(
            TIMEZONE,
            "Where the clock of the series hangs, as region and city. Summer time is followed.",
            "timezone: Europe/London",
        ),
        "url": Field(ADDRESS, "The page of the series; linked where an event has no page."),
        "language": Field(
            LANGUAGE,
            "The language posts are written in: how dates are said. Without it: en-GB.",
        ),
        "colours": Field(
            _COLOURS,
            "What the cards of posts are drawn in. In quotes, because # begins a comment. Text and "
            "accent have to be read on the background: a contrast of at least 4.5 to 1.",
        ),
        "logo": Field(
            PICTURE,
            "A picture at the top right of each card: PNG, SVG or JPEG, below the folder of this "
            "file.",
        ),
    },
)
