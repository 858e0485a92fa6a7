"""The words templates are written in: names, filters, `{% optional 1 %}`, `{% each … %}`."""

from collections.abc import Iterable
from datetime import date

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.utils import missing

from bot.core import dates
from bot.errors import nearest
from bot.rendering import marks
from bot.rendering.each import Each, data, written_out
from bot.rendering.marks import Shrinkable
from bot.rendering.sandbox import BoundedEnvironment
from bot.rendering.views import EventView, event_behind

NAMES = (
    "event", "series", "rule", "now", "told", "previous", "next", "number", "total", "events",
    "finale", "period",
)  # fmt: skip
"""What is in scope."""


def environment() -> BoundedEnvironment:
    """Where templates are compiled."""
    made = BoundedEnvironment(
        autoescape=False,  # posts are plain text
        undefined=Missing,
        finalize=marks.marked,
        extensions=[Optional, Each],
        cache_size=0,
    )
    made.filters |= {
        "shrink": _shrink,
        "when": _when,
        "daterange": _daterange,
        "countdown": _countdown,
        "_listed": written_out,
    }
    return made


class Missing(StrictUndefined):
    """A name that is not there: the error offers the nearest one that is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is missing:
            return f"there is no '{name}'{nearest(name, NAMES)}"
        if owner is None:
            return f"'{name}' is asked of something that is not there: put {{% if … %}} around it"
        return f"{_called(owner)} has no '{name}'{nearest(name, _names(owner))}"


def _called(owner: object) -> str:
    return getattr(type(owner), "_called", "this value")


def _names(owner: object) -> Iterable[str]:
    return owner if isinstance(owner, dict) else [name for name in dir(owner) if name[0] != "_"]


def _shrink(value: object) -> Shrinkable:
    return Shrinkable(value)


@pass_context
def _when(context: Context, view: EventView) -> str:
    return dates.when(event_behind(view), context["now"], context["_tongue"], context["_also"])


@pass_context
def _daterange(context: Context, view: EventView) -> str:
    return dates.daterange(event_behind(view), context["now"], context["_tongue"])


@pass_context
def _countdown(context: Context, moment: EventView | date) -> str:
    told = moment if isinstance(moment, date) else event_behind(moment)
    return dates.countdown(told, context["now"], context["_tongue"])


class Optional(Extension):
    """`{% optional 2 %}…{% endoptional %}`: left out where there is no room, 1 before 2."""

    tags = {"optional"}  # noqa: RUF012 - as Jinja2 declares it

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja2 calls it so
        return marks.soft_ends(source)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        given: object = parser.stream.current.value  # a token's value has the type it says
        if not isinstance(given, int) or not 1 <= given <= marks.MOST_OPTIONAL:
            parser.fail(
                f"'optional' takes a number from 1 to {marks.MOST_OPTIONAL}: 1 is left out first",
                line,
            )
        next(parser.stream)
        body = parser.parse_statements(("name:endoptional",), drop_needle=True)
        return [data(marks.optional(given), line), *body, data(marks.OPTIONAL_END, line)]
