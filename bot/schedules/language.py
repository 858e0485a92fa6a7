"""The language: what may stand where in schedules.yaml, and what each key is for."""

from typing import Any

from bot.core.model import Format
from bot.schedules.channels import CHANNEL
from bot.schedules.series import SERIES
from bot.schedules.shapes import Field, Named, Record, Several
from bot.schedules.texts import (
    ADDRESS,
    AT_LEAST,
    COUNT,
    FILE,
    FLAG,
    NAME,
    TEXT,
    TIMEZONE,
    UID,
    YEAR,
    Choice,
)
from bot.schedules.times import (
    APPROVE,
    CLOCK,
    DURATION,
    EVERY,
    PERIOD,
    UNTIL,
    WHEN,
)
from bot.schedules.weekdays import DAYS

_FORMATS = Choice(
    "a format",
    {
        Format.VIRTUAL: "online",
        Format.IN_PERSON: "people meet in one place",
        Format.HYBRID: "both",
    },
)

_DEFAULTS = Record(
    what="defaults",
    fields={
        "kind": Field(TEXT, "What sort of event it is, in your own word: seminar, conference."),
        "format": Field(_FORMATS, "Where people meet."),
        "timezone": Field(TIMEZONE, "The zone of its times, if it is not that of the series."),
        "location": Field(TEXT, "The place, as posts should say it."),
        "url": Field(ADDRESS, "The page with the details."),
        "hosts": Field(Several(what="a host", shape=TEXT, alone=True), "Who hosts it."),
        "tags": Field(Several(what="a tag", shape=TEXT, alone=True), "Your own labels."),
        "image": Field(FILE, "A picture."),
    },
    some=True,
)

_SOURCE = Record(
    what="a source",
    fields={
        "listing": Field(
            FILE,
            "A series page, as text or HTML: lines such as '3rd - 4th June - Title' under month "
            "headings.",
        ),
        "yaml": Field(FILE, "A file with a list of events, each with title: and starts:."),
        "ics": Field(FILE, "A calendar: a file, or the address it is published at."),
        "csv": Field(FILE, "A table saved as CSV, one event in each line."),
        "jsonld": Field(FILE, "A web page that describes its events for search engines."),
        "year": Field(
            YEAR, "The year of lines that stand under no heading with a year.", needs="listing"
        ),
        "every": Field(
            DURATION,
            "How often to look for changes. Without it: at the start, and when the file changes.",
        ),
        "defaults": Field(_DEFAULTS, "What holds for each of its events that does not say."),
    },
    one_of=("listing", "yaml", "ics", "csv", "jsonld"),
)

_QUIET = Record(
    what="quiet_hours",
    fields={
        "from": Field(CLOCK, "When the quiet begins, by the clock of the series.", 'from: "21:00"'),
        "until": Field(CLOCK, "When it ends; earlier than 'from' is next day.", 'until: "08:00"'),
    },
)

_LIMITS = Record(
    what="limits",
    fields={
        "per_day": Field(
            COUNT,
            "The most posts a channel sends in a day; notices that put right do not count.",
        ),
        "gap": Field(DURATION, "The least time between two posts of a channel."),
    },
    some=True,
)

_SELECTION = Record(
    what="a selection of events",
    fields={
        "kind": Field(
            Several(what="a kind", shape=TEXT, alone=True), "Events of this kind, or these kinds."
        ),
        "tag": Field(
            Several(what="a tag", shape=TEXT, alone=True), "Events with this tag, or any of these."
        ),
        "format": Field(
            Several(what="a format", shape=_FORMATS, alone=True), "Events of this format."
        ),
        "timed": Field(FLAG, "true: events with a clock time; false: those without one."),
        "multi_day": Field(FLAG, "true: events of several days; false: those of one day."),
        "event": Field(
            Several(what="a uid", shape=UID, alone=True),
            "One event, or several, by uid: 'bot events list' shows them.",
        ),
        "upcoming": Field(AT_LEAST, "Only if so many events are ahead, such as: at least 1."),
    },
    some=True,
)

_POST = Record(
    what="a post",
    fields={
        "when": Field(
            WHEN,
            "When it goes out, counted from each event: '1 hour before start', 'at start', '7 days "
            "before start at 09:00', 'on the day of start at 08:00', '1 day after end at 10:00'. "
            "Minutes and hours are exact; days and weeks need a clock time, which is that of the "
            "event's own place.",
        ),
        "every": Field(
            EVERY,
            "A post about the series, by the calendar: 'week on Monday at 09:00', 'month on day 1 "
            "at 09:00'.",
        ),
        "on": Field(
            Choice(
                "a change",
                {
                    "added": "an event is new in the list",
                    "moved": "it takes place at another time",
                    "cancelled": "it does not take place",
                    "postponed": "it takes place later, not known when",
                    "reinstated": "it takes place after all",
                    "recording": "its recording can be watched",
                    "changed": "its place or link is another",
                },
            ),
            "A notice of a change, to those who were told otherwise.",
        ),
        "template": Field(
            NAME,
            "The file in templates/posts with the words of the post, without its ending .j2.",
            "template: reminder (a file in templates/posts)",
        ),
        "grace": Field(
            DURATION,
            "How late it may still go out, if the bot was held up. Without it: 12 hours where "
            "there is a clock time, else half of the time before or after, from 10 minutes to 1 "
            "hour.",
        ),
        "days": Field(
            Several(what="a day", shape=DAYS, alone=True),
            "Weekdays it may go out on, such as mon-fri; on others it waits for the next one.",
        ),
        "only": Field(_SELECTION, "Only for events that fit all of this."),
        "except": Field(_SELECTION, "Not for events that fit all of this."),
        "channels": Field(
            Several(what="a channel", shape=NAME, alone=True),
            "Only on these channels, by their names above. Without it: on all.",
        ),
        "was": Field(
            NAME,
            "The first name this post went by, if you renamed it: so nothing is posted again.",
        ),
        "covers": Field(PERIOD, "The time a post about the series speaks of.", needs="every"),
        "settle": Field(DURATION, "How long a change must stand before it is told.", needs="on"),
        "wait_for": Field(
            Choice("a fact to wait for", {"recording": "the link to its recording"}),
            "Holds the post until this is known; for posts after the event.",
            needs="wait_until",
        ),
        "wait_until": Field(
            UNTIL,
            "The end of the waiting, such as: 14 days after end. In days and weeks, at the clock "
            "time of 'when'.",
            needs="wait_for",
        ),
        "otherwise": Field(
            NAME,
            "The template of the post that goes out then, if it is still not known. Without it: "
            "nothing does.",
            needs="wait_for",
        ),
        "approve": Field(
            APPROVE,
            "true: a person approves each post first; a time such as 6 hours: sent unless stopped.",
        ),
        "warning": Field(
            TEXT, "A content warning, shown instead of the post until it is opened; on mastodon."
        ),
        "card": Field(FLAG, "Whether a picture of date and title is posted with it."),
    },
    one_of=("when", "every", "on"),
)

FILE_SHAPE = Record(
    what="the file",
    fields={
        "series": Field(SERIES, "What the posts are about.", "series: with its name and hashtag"),
        "sources": Field(
            Several(what="a source", shape=_SOURCE),
            "Where events come from. Paths begin at the folder of this file.",
        ),
        "channels": Field(
            Named(what="a channel", shape=CHANNEL),
            "Accounts to post to, each under a name of yours. Passwords are in the environment.",
            "channels: with 'x: {platform: x}'",
        ),
        "quiet_hours": Field(_QUIET, "When nothing is posted; it waits until they are over."),
        "limits": Field(_LIMITS, "How much is posted, on each channel."),
        "posts": Field(
            Named(what="a post", shape=_POST),
            "What is posted and when, the most important first: where limits leave no room for "
            "all, the last go first.",
            "posts: with at least one post",
        ),
    },
)


def json_schema() -> dict[str, Any]:
    """The language as JSON Schema (draft 2020-12), for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schedules.yaml",
        "description": "Which posts about an event series go out, when, and where.",
        **FILE_SHAPE.schema(""),
    }
