"""The folder of templates: loaded and compiled once, rendered for each post."""

import hashlib
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Template
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context as Scope

from bot.core.counting import Measure
from bot.core.fitting import Fitted, as_a_whole, fit
from bot.core.linting import mentions
from bot.core.model import zone
from bot.core.telling import as_told
from bot.core.tongues import tongue
from bot.errors import FitError, Mistake, MistakesError, TemplateError, UnknownNameError, nearest
from bot.rendering import marks
from bot.rendering.each import listed
from bot.rendering.language import environment
from bot.rendering.outside import speaks_of_neighbours, untrue_days
from bot.rendering.post import Context, Post
from bot.rendering.sandbox import MOST_CHARACTERS
from bot.rendering.spoken import Moment, Spoken
from bot.rendering.views import EventView, EventViews, PeriodView, SeriesView


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    template: Template
    file: str
    source: str
    mentions: tuple[str, ...]
    neighbours: bool  #: whether it may speak of the events beside its own


class Templates:
    """The organiser's templates, as they were when they were loaded."""

    def __init__(self, compiled: Mapping[str, _Compiled], digest: str) -> None:
        self._compiled = compiled
        self.digest = digest  #: of all files: another one means other posts
        self._moment = Moment()

    @classmethod
    def load(cls, folder: Path) -> "Templates":
        """Read `posts/*.j2` below `folder`. MistakesError with every mistake of every file."""
        paths = sorted((folder / "posts").glob("*.j2"))
        if not paths:
            raise TemplateError(
                f"there are no templates in {folder / 'posts'}: posts are written from files such"
                " as reminder.j2 there (BOT_TEMPLATES names another folder)"
            )
        compiled: dict[str, _Compiled] = {}
        mistakes: list[Mistake] = []
        digest = hashlib.sha256()
        for path in paths:
            data = path.read_bytes()
            digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
            try:
                compiled[path.name.removesuffix(".j2")] = _compile(str(path), data)
            except MistakesError as error:
                mistakes += error.mistakes
        if mistakes:
            raise MistakesError(mistakes)
        return cls(compiled, digest.hexdigest())

    @property
    def names(self) -> frozenset[str]:
        """What rules may call a template, on any platform."""
        return frozenset(name.partition(".")[0] for name in self._compiled)

    def place(self, name: str, platform: str, found: str = "") -> str:
        """The file of a template, and the line where its own words say `found`, if they do."""
        compiled = self._compiled.get(f"{name}.{platform}") or self._compiled[name]
        lines = compiled.source.lower().splitlines() if found else []
        numbers = [number for number, line in enumerate(lines, 1) if found.lower() in line]
        return f"{compiled.file}:{numbers[0]}" if numbers else compiled.file

    def has(self, name: str, platform: str) -> bool:
        return f"{name}.{platform}" in self._compiled or name in self._compiled

    def render(
        self, name: str, platform: str, context: Context, measure: Measure, now: datetime
    ) -> Post:
        """The post that template `name` makes on a platform, if it is sent at `now`.

        UnknownNameError, TemplateError (template, line and reason), FitError.
        """
        compiled = self._compiled.get(f"{name}.{platform}") or self._compiled.get(name)
        if compiled is None:
            raise UnknownNameError(
                f"there is no template '{name}' for {platform}{nearest(name, self.names)}:"
                f" write it in posts/{name}.j2"
            )
        spoken = self._spoken(compiled, context, now)
        marked = spoken.marked
        try:
            fitted = _fitted(marked, measure)
        except FitError as error:
            raise FitError(f"{compiled.file} on {platform}: {error}") from None
        return Post(
            text=fitted.text,
            length=fitted.length,
            limit=measure.limit,
            links=tuple([link for link in marked.links if link in fitted.text]),
            mentions=compiled.mentions,
            left_out=fitted.left_out,
            shortened=fitted.shortened,
            kept=fitted.kept,
            untrue=spoken.untrue,
            listed=listed(spoken.listed, fitted.items),
        )

    def _spoken(self, compiled: _Compiled, context: Context, now: datetime) -> Spoken:
        about = context.event or context.period
        subject = (compiled.file, context.rule, about.uid if about else "")
        if found := self._moment.said(subject, context, now):
            return found
        scope = _scope(context, now)
        rendered = _rendered(compiled, scope)
        seen, neighbours = scope["events"].seen, compiled.neighbours
        spoken = Spoken(
            context=context,
            marked=marks.read(rendered),
            untrue=untrue_days(rendered, context, seen, now, neighbours=neighbours),
            listed=scope["_items"],
        )
        self._moment.keep(subject, spoken, now)
        return spoken


def _compile(file: str, data: bytes) -> _Compiled:
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _mistake(file, line, 1, "this is not UTF-8: save the file as UTF-8") from None
    if found := marks.RESERVED.search(source):
        line = source.count("\n", 0, found.start()) + 1
        column = found.start() - source.rfind("\n", 0, found.start())
        raise _mistake(file, line, column, "a private-use character stands here: remove it")
    if len(source) > MOST_CHARACTERS:
        raise _mistake(file, 1, 1, f"a template has at most {MOST_CHARACTERS} characters")
    try:
        template = _ENVIRONMENT.from_string(source)
    except TemplateSyntaxError as error:
        line, column = error.lineno, _column(source, error.lineno)
        raise _mistake(file, line, column, _explained(error.message or "")) from None
    except RecursionError:
        raise _mistake(file, 1, 1, "this is nested too deeply") from None
    return _Compiled(
        template=template,
        file=file,
        source=source,
        mentions=tuple(mentions(source)),
        neighbours=speaks_of_neighbours(source),
    )


_ENVIRONMENT = environment()


def _mistake(file: str, line: int, column: int, message: str) -> MistakesError:
    return MistakesError([Mistake(file, line, column, message)])


def _column(source: str, line: int) -> int:
    """Where code begins on a line: Jinja2 itself tells lines only."""
    lines = source.split("\n")
    code = re.search(r"\{[{%#]", lines[line - 1]) if line <= len(lines) else None
    return code.start() + 1 if code else 1


def _explained(message: str) -> str:
    unknown = re.fullmatch(r"No filter named '(\w+)'\.", message)
    known = (name for name in _ENVIRONMENT.filters if name[0] != "_")
    return _sentence(message) + (nearest(unknown[1], known) if unknown else "")


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(".")


def _scope(context: Context, now: datetime) -> dict[str, Any]:
    series, event = context.series, context.event
    told = as_told(event, context.told) if event and context.told else None
    return {
        **_ENVIRONMENT.globals,
        "event": event and EventView(event, series),
        "series": SeriesView(series),
        "rule": context.rule,
        "now": now.astimezone(event.zone if event else series.zone),
        "told": told and EventView(told, series),
        "previous": context.previous and EventView(context.previous, series),
        "next": context.next and EventView(context.next, series),
        "number": context.number,
        "total": context.total,
        "events": EventViews(context.events, series),
        "finale": context.finale and EventView(context.finale, series),
        "period": context.period and PeriodView(context.period, series),
        "_spent": [0],
        "_items": [],
        "_tongue": tongue(context.language),
        "_also": context.also_zone and zone(context.also_zone),
    }


def _rendered(compiled: _Compiled, scope: dict[str, object]) -> str:
    template = compiled.template
    try:
        return _bounded(template.root_render_func(Scope(_ENVIRONMENT, scope, None, {})))
    except Exception as error:  # noqa: BLE001 - a template may fail in any way; the reader is told
        lines = [
            template.get_corresponding_lineno(line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_globals.get("__jinja_template__") is template
            or frame.f_code is template.root_render_func.__code__
        ]
        line = lines[-1] if lines else 1
        reason = _sentence(str(error)) or type(error).__name__
        raise TemplateError(f"{compiled.file}:{line}: {reason}") from None


def _fitted(marked: marks.Marked, measure: Measure) -> Fitted:
    if marked.whole is not None and (found := as_a_whole(marked.whole, measure)):  # as most
        return found
    pieces, beyond = marks.parts(marked.text)
    return fit(pieces, measure, beyond)


def _bounded(chunks: Iterator[str]) -> str:
    text = ""
    while some := list(islice(chunks, _AT_ONCE)):
        text += "".join(some)
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"the text becomes longer than {MOST_CHARACTERS} characters")
    return text


_AT_ONCE = 100
"""More than the parts of most templates: each of them is bounded as well."""
