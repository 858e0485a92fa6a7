"""What may be said of a channel."""

from bot.schedules.shapes import Field, Record
from bot.schedules.texts import LANGUAGE, MONEY, TIMEZONE, Choice

_PRICES = Record(
    what="prices",
    fields={
        "post": Field(MONEY, "A post without a link."),
        "with_link": Field(MONEY, "A post with a link."),
        "alt_text": Field(MONEY, "Besides, for a post with a picture."),
    },
    some=True,
)

CHANNEL = Record(
    what="a channel",
    fields={
        "platform": Field(
            Choice(
                "a platform",
                {
                    "x": "X, once Twitter",
                    "mastodon": "Mastodon",
                    "bluesky": "Bluesky",
                    "apprise": "a chat or mail service, through Apprise",
                    "local": "nowhere: posts are only written to the bot's own timeline",
                },
            ),
            "Where the channel posts. 'local' tries things out without posting anywhere.",
            "platform: x",
        ),
        "links": Field(
            Choice(
                "an answer about links",
                {
                    "always": "every post has its link",
                    "first": "only the first post about each event has",
                    "never": "posts have no links",
                },
            ),
            "Whether posts carry links; X charges more for those that do. Without it: always.",
        ),
        "visibility": Field(
            Choice(
                "a visibility",
                {
                    "public": "for all, in public timelines",
                    "unlisted": "for all, but not in public timelines",
                    "private": "for followers",
                },
            ),
            "Who sees the posts; on mastodon only. Without it: as the account is set.",
        ),
        "language": Field(LANGUAGE, "The language of its posts, if it is not that of the series."),
        "also_zone": Field(
            TIMEZONE,
            "A second time zone that times are said in: '11:00–12:00 BST (06:00–07:00 EDT)'.",
        ),
        "monthly_budget": Field(
            MONEY,
            "The most the channel may spend in a calendar month; part of it is kept for notices "
            "that put something right. Where it does not reach, the least important posts give "
            "way.",
        ),
        "prices": Field(
            _PRICES, "What a post costs there, if it is not what the bot knows of the platform."
        ),
    },
    unknown="; accounts and passwords are in the environment, never here",
)
