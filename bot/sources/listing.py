"""A series page, as text or HTML: one event per line that begins like a date.

    June 2021:
    3rd - 4th June - 14th UK & Ireland Meeting
    14th July - Neuroscience. 11:00-12:00  Watch Here

A line that does not begin like a date is prose and is passed over. One that does is read whole, or
refused with its number and the reason; nothing is guessed at.
"""

from collections.abc import Mapping
from datetime import date
from typing import cast
from urllib.parse import urljoin

from bot.core.model import Entry, EventFields, Reading, Refusal, Status
from bot.sources import dates, headings, moments, pages, titles, twins, wordings
from bot.sources.clocks import here
from bot.sources.texts import UnreadableError, decode, shorten
from bot.sources.words import BULLET, DECEMBER, WEEKDAYS, tidy

LONGEST = 5000
"""Characters a line that begins like a date may have."""


def read(
    data: bytes, *, name: str, timezone: str, year: int | None, defaults: Mapping[str, object]
) -> Reading:
    """The events of a page. `year` holds where no heading names one. Raises SourceError."""
    page = _Page(name, timezone, wordings.defaults(defaults, name), headings.Scope(year))
    for line in pages.lines(decode(data, name)):
        page.read(line)
    return Reading(entries=twins.once(page.entries), refusals=page.refusals)


class _Page:
    """Reads line after line."""

    def __init__(
        self, name: str, timezone: str, defaults: EventFields, scope: headings.Scope
    ) -> None:
        self._name = name
        self._timezone = timezone
        self._defaults = defaults
        self._scope = scope
        self.entries: list[Entry] = []
        self.refusals: list[Refusal] = []

    def read(self, line: pages.Line) -> None:
        text, links = titles.without_links(line.parts)
        if found := headings.heading(text):
            self._scope.enter(found)
            return
        try:
            entry = self._event(line, text, links)
        except UnreadableError as error:
            quoted = shorten(line.text)
            self.refusals.append(Refusal(line=line.number, text=quoted, reason=str(error)))
            return
        if entry:
            self.entries.append(entry)
        elif text.endswith(":") and len(text) <= headings.LONGEST:
            self._scope.leave_month()

    def _event(self, line: pages.Line, text: str, links: dict[str, str]) -> Entry | None:
        bullet = BULLET.match(text)
        text = text[bullet.end() :] if bullet else text
        before = titles.STATUS_BEFORE.match(text)
        if before:
            text = text[before.end() :]
        if not (span := dates.span(text[:LONGEST], self._scope.month)):
            return None
        if len(text) > LONGEST:
            raise UnreadableError(
                f"the line has {len(text):,} characters; {LONGEST:,} are the most"
            )
        ending = _ending(text, span.end)
        ending.statuses |= titles.statuses(before)
        for key, href in links.items():
            ending.links.setdefault(key, href)
        title = titles.check(ending.title)
        if linked := titles.linked_title(line.parts, title):
            ending.links.setdefault("url", linked)
        return self._entry(line.number, title, span, ending)

    def _entry(self, number: int, title: str, span: dates.Span, ending: titles.Ending) -> Entry:
        first, last = _days(span, self._scope)
        said: dict[str, object] = {"title": title, "timezone": self._timezone}
        said |= {"starts": first, "ends": last}
        if ending.time:
            if last > first:
                raise UnreadableError("a clock time cannot be placed on an event of several days")
            said["starts"], said["ends"] = ending.time.on(first, self._timezone)
        if ending.status:
            said["status"] = ending.status
        said |= self._links(ending.links)
        fields = {"status": Status.CONFIRMED, **self._defaults, **said}
        assumed = frozenset(fields.keys() - said.keys())
        return Entry(line=number, fields=cast("EventFields", fields), assumed=assumed)

    def _links(self, links: Mapping[str, str]) -> dict[str, str]:
        """Targets that lead somewhere from outside the page."""
        base = self._name if self._name.startswith(("http://", "https://")) else ""
        found = {key: _resolve(base, href) for key, href in links.items()}
        return {key: href for key, href in found.items() if href}


def _resolve(base: str, href: str) -> str:
    try:
        target = urljoin(base, href.strip())
    except ValueError:  # "http://[": not an address
        return ""
    plain = not any(letter.isspace() for letter in target)
    return target if target.startswith(("http://", "https://")) and plain else ""


def _ending(text: str, at: int) -> titles.Ending:
    """Status and time right behind the date, the dash, and what follows it."""
    status = titles.STATUS_HERE.match(text, at)
    at = status.end() if status else at
    gap = len(text[at:]) - len(text[at:].lstrip(" ,"))
    time = here(text, at + gap)
    at = time.end if time else at
    behind = dates.separator(text, at)
    if behind is None and text[at:].strip():
        raise UnreadableError(
            f"after '{tidy(text[:at])}' a dash is expected, then the title: '9th June - Title'"
        )
    ending = titles.split(text[behind:] if behind else "")
    ending.statuses |= titles.statuses(status)
    if time:
        ending.times.append(time.times)
    return ending


def _days(span: dates.Span, scope: headings.Scope) -> tuple[date, date]:
    """The first and the last day. Raises UnreadableError."""
    first, last = span.first, span.last
    month = first.month or last.month or scope.month
    until = last.month or month
    if month is None or until is None:
        raise UnreadableError("no month is named; write it in the line or in a heading")
    over_new_year = month == DECEMBER and until == 1
    year = (
        first.year or (last.year and last.year - over_new_year) or scope.year_of(month, first.day)
    )
    starts = moments.day(year, month, first.day)
    ends = moments.day(last.year or year + over_new_year, until, last.day)
    _check_weekdays(starts, first)
    _check_weekdays(ends, last)
    if ends < starts:
        raise UnreadableError(f"it ends on {_named(ends)}, before it starts on {_named(starts)}")
    if span.listed and (ends - starts).days != 1:
        raise UnreadableError(
            f"two days are named, {_named(starts)} and {_named(ends)}; write a line for each, "
            "or a dash between them"
        )
    return starts, ends


def _check_weekdays(day: date, written: dates.Day) -> None:
    for weekday in written.weekdays:
        if weekday != day.weekday():
            raise UnreadableError(
                f"{_named(day)} is a {day:%A}, not a {WEEKDAYS[weekday].capitalize()}"
            )


def _named(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
