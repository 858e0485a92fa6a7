"""How dates and times are said: British English by heart, other languages with Babel."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

Unit = Literal["minute", "hour", "day", "week"]


class Words(NamedTuple):
    """What a language calls the moments that have a name. Source: CLDR, dates/fields."""

    now: str
    yesterday: str
    today: str
    tomorrow: str
    earlier: str  #: today, when it is over
    on: str = "{}"  #: around a day
    clock: str = "{}"  #: around clock times
    zones: bool = False  #: whether zones go by letters of its own: MESZ for CEST


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words("now", "yesterday", "today", "tomorrow", "earlier today", "on {}"),
        "cy": Words("nawr", "ddoe", "heddiw", "yfory", "heddiw", "ar {}"),
        "da": Words("nu", "i går", "i dag", "i morgen", "tidligere i dag"),
        "de": Words("jetzt", "gestern", "heute", "morgen", "heute", "am {}", "{} Uhr", zones=True),
        "es": Words("ahora", "ayer", "hoy", "mañana", "hoy", "el {}"),
        "fr": Words("maintenant", "hier", "aujourd’hui", "demain", "aujourd’hui", "le {}"),
        "it": Words("ora", "ieri", "oggi", "domani", "oggi"),
        "nb": Words("nå", "i går", "i dag", "i morgen", "tidligere i dag"),
        "nl": Words("nu", "gisteren", "vandaag", "morgen", "eerder vandaag", "op {}"),
        "pl": Words("teraz", "wczoraj", "dzisiaj", "jutro", "dzisiaj"),
        "pt": Words("agora", "ontem", "hoje", "amanhã", "hoje"),
        "sv": Words("nu", "i går", "i dag", "i morgon", "tidigare i dag"),
    }
)
"""The languages dates are said in."""

_BRITISH = frozenset({"en", "en-gb"})


class Tongue(Protocol):
    """One language's way with dates and times."""

    @property
    def words(self) -> Words: ...

    def day(self, day: date, *, year: bool) -> str:
        """`Wed 9 June`, with its year where that is asked for."""
        ...

    def days(self, first: date, last: date, *, years: tuple[bool, bool]) -> str:
        """`Thu 3 – Fri 4 June`."""
        ...

    def clock(self, moment: datetime) -> str:
        """`11:00`."""
        ...

    def hours(self, starts: datetime, ends: datetime) -> str:
        """`11:00–12:00`."""
        ...

    def zone(self, moment: datetime) -> str:
        """`BST`."""
        ...

    def ahead(self, count: int, unit: Unit) -> str:
        """`in 3 days`."""
        ...

    def listed(self, texts: Sequence[str]) -> str:
        """`A, B and C`."""
        ...


class English:
    """British English."""

    words = WORDS["en"]
    _DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    _MONTHS = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip

    def day(self, day: date, *, year: bool) -> str:
        said = f"{self._DAYS[day.weekday()]} {day.day} {self._MONTHS[day.month - 1]}"
        return f"{said} {day.year}" if year else said

    def days(self, first: date, last: date, *, years: tuple[bool, bool]) -> str:
        if (first.year, first.month) == (last.year, last.month):
            start = f"{self._DAYS[first.weekday()]} {first.day}"
        else:
            start = self.day(first, year=years[0])
        return f"{start} – {self.day(last, year=years[1])}"

    def clock(self, moment: datetime) -> str:
        return f"{moment.hour:02}:{moment.minute:02}"

    def hours(self, starts: datetime, ends: datetime) -> str:
        return f"{self.clock(starts)}–{self.clock(ends)}"

    def zone(self, moment: datetime) -> str:
        return _letters(moment)

    def ahead(self, count: int, unit: Unit) -> str:
        if unit == "week" and count == 1:
            return "in a week"
        return f"in 1 {unit}" if count == 1 else f"in {count} {unit}s"

    def listed(self, texts: Sequence[str]) -> str:
        return " and ".join([*filter(None, [", ".join(texts[:-1])]), *texts[-1:]])


class Foreign:
    """Another language, or another country's English, as CLDR has it."""

    def __init__(self, language: str) -> None:
        # Babel costs a start-up 60 ms: it is for those who need it.
        from babel import Locale, dates, lists  # noqa: PLC0415

        self._locale = Locale.parse(language, sep="-")
        self._babel, self._lists = dates, lists
        self.words = WORDS[self._locale.language]
        self._twelve = "a" in self._locale.time_formats["short"].pattern

    def day(self, day: date, *, year: bool) -> str:
        skeleton = "yMMMMEd" if year else "MMMMEd"
        return _plain(self._babel.format_skeleton(skeleton, day, locale=self._locale))

    def days(self, first: date, last: date, *, years: tuple[bool, bool]) -> str:
        return f"{self.day(first, year=years[0])} – {self.day(last, year=years[1])}"

    def clock(self, moment: datetime) -> str:
        return self.words.clock.format(self._time(moment))

    def hours(self, starts: datetime, ends: datetime) -> str:
        start = self._time(starts)
        end = self._time(ends)
        if self._twelve and start[-2:] == end[-2:]:
            start = start[:-2].rstrip()  # 11:00–11:30 AM
        return self.words.clock.format(f"{start}–{end}")

    def zone(self, moment: datetime) -> str:
        name = ""
        if self.words.zones:
            name = self._babel.get_timezone_name(moment, "short", locale=self._locale)
        return name if name.isalpha() and len(name) <= _LONGEST_ZONE else _letters(moment)

    def ahead(self, count: int, unit: Unit) -> str:
        return _plain(
            self._babel.format_timedelta(
                timedelta(**{f"{unit}s": count}),
                granularity=unit,
                threshold=_NEVER,
                add_direction=True,
                locale=self._locale,
            )
        )

    def listed(self, texts: Sequence[str]) -> str:
        return _plain(self._lists.format_list(texts, locale=self._locale))

    def _time(self, moment: datetime) -> str:
        return _plain(self._babel.format_time(moment, "short", locale=self._locale))


_LONGEST_ZONE = 5
_NEVER = 10**6
"""So many of a unit before Babel changes to the next."""


@lru_cache(maxsize=32)
def tongue(language: str) -> Tongue:
    """The way of a language (BCP 47). ValueError, a sentence, where it is not spoken here."""
    if language.lower() in _BRITISH:
        return English()
    if language.lower().partition("-")[0] not in WORDS:
        raise ValueError(f"dates are not said in '{language}' here; expected {known()}")
    from babel import UnknownLocaleError  # noqa: PLC0415 - as above

    try:
        return Foreign(language)
    except (ValueError, UnknownLocaleError):
        first = language.partition("-")[0].lower()
        raise ValueError(
            f"'{language}' is not a language of a country that is known; try '{first}'"
        ) from None


def known() -> str:
    """The languages there are, for a message."""
    return "one of " + ", ".join(sorted(WORDS)) + ", perhaps with a country, such as en-GB or de-AT"


def _plain(said: str) -> str:
    """With the spaces that every platform shows and counts as one."""
    return said.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2009", " ")


def _letters(moment: datetime) -> str:
    """`BST`; where a zone has no letters of its own, `UTC+5:30`."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    hours, minutes = name[:3], name[3:]
    return f"UTC{hours[0]}{int(hours[1:])}" + (f":{minutes}" if minutes.strip("0") else "")
