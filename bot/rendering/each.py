"""`{% each event in events %}…{% more %}+{{ more }} more{% endeach %}`: a list that fits.

It is written out whole; what of it is shown is decided where the post is fitted.
"""

from collections.abc import Sequence

from jinja2 import nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from bot.core.lists import COUNT
from bot.rendering import marks
from bot.rendering.views import EventView, event_behind

MOST_ITEMS = 40
"""How many items of a list are written out; no post shows more, the others are counted."""


class Each(Extension):
    """The tag; its items are whatever a `for` goes through, `if` included."""

    tags = {"each"}  # noqa: RUF012 - as Jinja2 declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        if parser._tag_stack.count("each") > 1:  # noqa: SLF001 - Jinja2 tells it nowhere else
            parser.fail("an 'each' inside an 'each' cannot be made to fit", line)
        target = parser.parse_assign_target(name_only=True)
        parser.stream.expect("name:in")
        values = parser.parse_tuple(with_condexpr=False, extra_end_rules=("name:if",))
        test = parser.parse_expression() if parser.stream.skip_if("name:if") else None
        body = parser.parse_statements(("name:more", "name:endeach"))
        more: list[nodes.Node] = []
        if next(parser.stream).value == "more":
            more = parser.parse_statements(("name:endeach",), drop_needle=True)
        item = nodes.If(
            nodes.Filter(
                nodes.Name(target.name, "load"), "_listed", [], [], None, None, lineno=line
            ),
            [data(marks.ITEM, line), *body, data(marks.ITEM_END, line)],
            [],
            [data(marks.BEYOND, line)],
            lineno=line,
        )
        loop = nodes.For(target, values, [item], [], test, False, lineno=line)  # noqa: FBT003
        rest = nodes.With([nodes.Name("more", "store")], [nodes.Const(COUNT)], more, lineno=line)
        opened, shown, closed = marks.LIST, marks.MORE, marks.LIST_END
        return [data(opened, line), loop, data(shown, line), rest, data(closed, line)]


def data(mark: str, line: int) -> nodes.Output:
    """A mark in the text, as a part of the template."""
    return nodes.Output([nodes.TemplateData(mark, lineno=line)], lineno=line)


@pass_context
def written_out(context: Context, value: object) -> bool:
    """Whether an item is written out; who it is, is kept for listed()."""
    items: list[str | None] = context["_items"]
    if len(items) >= MOST_ITEMS:
        return False
    items.append(event_behind(value).uid if isinstance(value, EventView) else None)
    return True


def listed(known: Sequence[str | None], items: frozenset[int]) -> tuple[str, ...] | None:
    """The uids of the events among the items that are shown; None where nothing was listed.

    `known`: the uid behind each item, as written_out() kept it.
    """
    uids = (known[item - 1] for item in sorted(items))
    return tuple(dict.fromkeys(uid for uid in uids if uid is not None)) if known else None
