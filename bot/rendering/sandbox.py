"""The part of Jinja2 that templates may use: enough for a post, too little to hang the bot.

Jinja2's own sandbox keeps a template from reaching the program, but not from computing for ever.
So what repeats, grows or nests without bound is either not there (macros, captures, most filters
and methods) or bounded: every loop, every product, every text that is put together.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from bot.rendering.views import EventView, PeriodView, SeriesView

MOST_STEPS = 1000
"""How often the loops of one post may go round, all together."""

MOST_CHARACTERS = 10_000
"""How long a text may become while a post is made."""

MOST_OF_A_NUMBER = 10**15

FILTERS = (
    "d", "default", "first", "int", "last", "length", "list", "lower", "map",
    "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "string", "title", "trim",
    "unique", "upper",
)  # fmt: skip

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.AssignBlock: "set … endset",
    nodes.FilterBlock: "filter",
    nodes.Pow: "**",
}
_IN_LISTS = (nodes.Const, nodes.Getattr, nodes.Concat)
"""No lists in lists: a few lines would nest them deeper than anything can count."""

_METHODS = frozenset({
    "capitalize", "endswith", "lower", "lstrip", "removeprefix", "removesuffix", "rstrip", "split",
    "startswith", "strip", "title", "upper",
})  # fmt: skip
_OF_DATES = frozenset({
    "date", "day", "hour", "isoformat", "isoweekday", "minute", "month", "strftime", "time",
    "weekday", "year",
})  # fmt: skip
_OF_MAPPINGS = frozenset({"get", "items", "keys", "values"})
_SHOWN = {
    view: frozenset(name for name in dir(view) if not name.startswith("_"))
    for view in (EventView, PeriodView, SeriesView)
}


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox in which every template ends soon."""

    intercepted_binops = frozenset({"*", "+", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals = {"range": _range}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters |= {
            "capitalize": _capitalize,
            "join": _join,
            "listed": _listed,
            "replace": _replace,
            "_counted": _counted,
        }
        self.binop_table |= {"*": _times, "+": _plus, "%": _modulo}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if reason := _reason_against(node):
                raise TemplateSyntaxError(reason, node.lineno, name, filename)
        return _Bounding().visit(tree)  # type: ignore[no-any-return]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja2 finds it; without its detours what a view shows, which nearly all is."""
        if attribute in _SHOWN.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - as Jinja2 calls it
        if attr.startswith("_"):
            return False
        for kind, names in ((str, _METHODS), (date, _OF_DATES), (dict, _OF_MAPPINGS)):
            if isinstance(obj, kind):
                return attr in names
        return isinstance(obj, EventView | SeriesView | LoopContext)

    def wrap_str_format(self, value: Any) -> None:
        """No wrapper: str.format(), which pads to any width, is no attribute to reach."""
        del value


def _reason_against(node: nodes.Node) -> str:
    if type(node) in _REFUSED:
        return f"'{_REFUSED[type(node)]}' is not for posts"
    if not isinstance(node, nodes.List | nodes.Tuple | nodes.Dict):
        return ""
    if isinstance(node, nodes.Tuple) and node.ctx != "load":
        return ""  # the names of a loop
    for item in node.iter_child_nodes():
        values = item.iter_child_nodes() if isinstance(item, nodes.Pair) else [item]
        if not all(isinstance(value, _IN_LISTS) for value in values):
            return "in a list there may only be texts, numbers, and values such as event.title"
    return ""


class _Bounding(NodeTransformer):
    """Puts a bound on every loop, and on every text put together with `~`."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja2's name
        if node.recursive:
            raise TemplateSyntaxError("'recursive' is not for posts", node.lineno)
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_counted")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 - Jinja2's name
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


@pass_context
def _counted(context: Context, values: Iterable[object]) -> Sequence[object]:
    """The values of a loop, charged to what this post may spend on loops."""
    spent: list[int] = context["_spent"]
    taken = list(values)
    spent[0] += len(taken)
    if spent[0] > MOST_STEPS:
        raise SecurityError(f"the loops of this template go round more than {MOST_STEPS} times")
    return taken


def _capitalize(text: object) -> str:
    """The first letter large and, unlike in Jinja2, the others as they are."""
    text = str(text)
    return text[:1].upper() + text[1:]


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if numbers[MOST_STEPS:]:
        raise SecurityError(f"range() makes more than {MOST_STEPS} numbers here")
    return numbers


def _join(values: Iterable[object], separator: object = "") -> str:
    texts = ["" if value is None else str(value) for value in values]
    _check_size(sum(map(len, texts)) + len(str(separator)) * len(texts))
    return str(separator).join(texts)


@pass_context
def _listed(context: Context, values: Iterable[object]) -> str:
    """`A, B and C`, as the language of the channel lists them."""
    texts = [str(value) for value in values if value]
    _check_size(sum(map(len, texts)) + 10 * len(texts))
    return str(context["_tongue"].listed(texts))


def _replace(text: object, old: object, new: object) -> str:
    text, old, new = str(text), str(old), str(new)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _times(left: Any, right: Any) -> Any:
    if isinstance(left, int | float) and isinstance(right, int | float):
        if abs(left) * abs(right) > MOST_OF_A_NUMBER:
            raise SecurityError(f"a number of more than {MOST_OF_A_NUMBER} is made here")
        return left * right
    for side, times in ((left, right), (right, left)):
        if isinstance(side, str) and isinstance(times, int):
            _check_size(len(side) * times)
            return side * times
    raise SecurityError("'*' is for numbers and texts")


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
        _check_size(len(left) + len(right))
    return left + right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise SecurityError("'%' is for numbers here: put texts together with '~'")
    return left % right


def _check_size(size: int) -> None:
    if size > MOST_CHARACTERS:
        raise SecurityError(f"a text of more than {MOST_CHARACTERS} characters is made here")
