"""What the picture of an event shows, and the words for those who do not see it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from wcwidth import iter_graphemes

from bot.core import dates
from bot.core.model import Colours, Event, Format, Series, Status, Told, zone
from bot.core.neutralising import DOT, neutral
from bot.core.rules import Change, Channel, OnChange, Rule
from bot.core.telling import as_told
from bot.core.tongues import tongue

COLOURS = Colours(background="#0b2f3a", text="#ffffff", accent="#7fe0d0")
"""Where schedules.yaml names none."""

LONGEST_ALT = 1000
"""X takes no longer one; Mastodon takes 1,500 and Bluesky 2,000."""

LONGEST_TITLE = 220
LONGEST_NAMES = 90
LONGEST_PLACE = 90
LONGEST_SERIES = 90

_STATUS = {Status.CANCELLED: "Cancelled", Status.POSTPONED: "Postponed"}
_CHANGE = {
    Change.MOVED: "New date",
    Change.REINSTATED: "Takes place after all",
    Change.RECORDING: "Watch again",
    Change.CHANGED: "New details",
}
_PEOPLE_MEET = {
    Format.VIRTUAL: "Online",
    Format.IN_PERSON: "In person",
    Format.HYBRID: "In person and online",
}
_ISOLATES = re.compile("[\u2066-\u2069]")
_PICTURE = re.compile(
    "[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]|.*[\ufe0f\u20e3]"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """Every text as it is said; empty where there is nothing to say."""

    title: str
    when: str
    place: str
    hosts: str
    series: str  #: empty where the event is called so itself
    hashtag: str
    banner: str = ""  #: what happened to the event: has to be seen first
    off: bool = False  #: whether it does not take place then
    colours: Colours = COLOURS

    @property
    def alt(self) -> str:
        """The same in sentences, never empty."""
        begins = f"{self.banner}: {self.title}" if self.banner else self.title
        when = f"It was to be {self.when}" if self.off else self.when
        where = "" if self.off else self.place
        takes_place = ", ".join(part for part in (when, where) if part)
        whose = ", ".join(part for part in (self.series, self.hashtag) if part)
        sentences = (begins, takes_place, self.hosts, whose)
        return _cut(" ".join(_sentence(one) for one in sentences if one), LONGEST_ALT)

    @property
    def drawn(self) -> dict[str, str]:
        """What the template is given (`sys.inputs`): texts, without what fonts do not have."""
        return {
            "title": _drawable(self.title) or _drawable(self.series) or self.hashtag,
            "when": self.when,
            "place": _drawable(self.place),
            "hosts": _drawable(self.hosts),
            "series": _drawable(self.series),
            "hashtag": self.hashtag,
            "banner": self.banner,
            "off": "yes" if self.off else "",
            "background": self.colours.background,
            "text": self.colours.text,
            "accent": self.colours.accent,
        }


SAMPLE = Card(
    title="A sample event",
    when="Wed 9 June, 11:00–12:00 BST",
    place="Online",
    hosts="With a host",
    series="A series",
    hashtag="#Sample",
)
"""To see whether a template draws anything."""


def card(
    event: Event,
    series: Series,
    now: datetime,
    *,
    rule: Rule | None = None,
    told: Told | None = None,
    channel: Channel | None = None,
) -> Card:
    """The card of an event as it is known, for a post of `rule` that goes out at `now`.

    `told`: what a notice puts right; `channel`: whose language and second zone dates are said in.
    """
    language = tongue((channel and channel.language) or series.language)
    also = zone(channel.also_zone) if channel and channel.also_zone else None
    title = _cut(neutral(event.title), LONGEST_TITLE)
    name = _cut(neutral(series.name), LONGEST_SERIES)
    return Card(
        title=title,
        when=dates.when(event, now, language, also),
        place=_cut(_place(event), LONGEST_PLACE),
        hosts=_hosts(event),
        series="" if name == title else name,
        hashtag=series.hashtag,
        banner=_banner(event, rule, told),
        off=event.status in _STATUS,
        colours=series.colours or COLOURS,
    )


def _banner(event: Event, rule: Rule | None, told: Told | None) -> str:
    if event.status in _STATUS:
        return _STATUS[event.status]
    if rule is None or not isinstance(rule.when, OnChange):
        return ""
    if rule.when.change is Change.MOVED and told:
        before = as_told(event, told)
        same = (before.first_day, before.last_day) == (event.first_day, event.last_day)
        return "New time" if same else "New date"
    return _CHANGE.get(rule.when.change, "")


def _place(event: Event) -> str:
    meet = _PEOPLE_MEET[event.format] if event.format else ""
    location = "" if event.format is Format.VIRTUAL else neutral(event.location)
    return " · ".join(part for part in (location, meet) if part)


def _hosts(event: Event) -> str:
    names = [name for name in map(neutral, event.hosts) if name]
    shown = list(_while_short(names)) or [_cut(name, LONGEST_NAMES) for name in names[:1]]
    if not shown:
        return ""
    left = len(names) - len(shown)
    if left:
        return f"With {', '.join(shown)} and {left} more"
    *most, last = shown
    return f"With {', '.join(most)} and {last}" if most else f"With {last}"


def _while_short(names: Iterable[str]) -> Iterator[str]:
    length = 0
    for name in names:
        length += len(name) + 2
        if length > LONGEST_NAMES:
            return
        yield name


def _sentence(text: str) -> str:
    return text if text.endswith(("…", ".", "!", "?")) else f"{text}."


def _cut(text: str, most: int) -> str:
    """At the end of a word, where it is too long."""
    if len(text) <= most:
        return text
    short = text[: most - 2]  # room for the sign, and for the end of an isolate
    words, _, rest = short.rpartition(" ")
    kept = words if words and len(rest) < most // 4 else "".join(list(iter_graphemes(short))[:-1])
    closing = "\u2069" if kept.count("\u2068") > kept.count("\u2069") else ""
    return f"{kept.rstrip(' ,;:–-')}…{closing}"


def _drawable(text: str) -> str:
    """Without emoji, which are ornament, and the isolates, which the drawing sets itself; with the
    dots that keep a text from becoming a link, which a picture never is.
    """
    if text.isascii():
        return text
    kept = [
        one
        for one in iter_graphemes(_ISOLATES.sub("", text.replace(DOT, ".")))
        if not _PICTURE.match(one)
    ]
    return " ".join("".join(kept).split())
