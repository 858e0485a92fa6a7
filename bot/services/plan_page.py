"""The plan as one page for a committee: it needs nothing but a browser, or paper."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.model import Series
from bot.core.pricing import dollars
from bot.services.plan import Line

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_AHEAD = ("planned", "due")
_OFF = ("skipped", "dropped")


def page(lines: Sequence[Line], series: Series, now: datetime) -> str:
    """One HTML document; every text in it is escaped, and no address but of the web is a link."""
    placed = sorted(lines, key=lambda line: (line.when, line.key))
    days = [
        (day, [_shown(line) for line in of_day])
        for day, of_day in groupby(placed, key=lambda line: f"{line.when:%A %-d %B %Y}")
    ]
    return _TEMPLATES.get_template("plan.html.j2").render(
        series=series,
        now=f"{now.astimezone(series.zone):%a %-d %B %Y, %H:%M %Z}",
        total=summary(lines),
        days=days,
    )


def summary(lines: Sequence[Line]) -> str:
    """How many posts are still to go out, and what they cost."""
    ahead = [line for line in lines if line.state in _AHEAD]
    cost = sum((line.cost_usd for line in ahead), Decimal(0))
    posts = "1 post" if len(ahead) == 1 else f"{len(ahead)} posts"
    held = sum(line.state == "held" for line in lines)
    waiting = f"; {held} held until approved" if held else ""
    return f"{posts} still to go out{f', {dollars(cost)}' if cost else ''}{waiting}."


def _shown(line: Line) -> dict[str, object]:
    event = line.record.event if line.record else None
    url = event.url if event else ""
    return {
        "iso": line.when.isoformat(),
        "time": f"{line.when:%H:%M %Z}",
        "post": line.post,
        "channel": line.channel,
        "title": event.title if event else line.key.event,
        "url": url if url.startswith(("https://", "http://")) else "",
        "state": line.state,
        "reason": line.reason,
        "price": dollars(line.cost_usd) if line.cost_usd and line.state not in _OFF else "",
        "text": line.text,
        "remark": line.remark,
        "off": line.state in _OFF,
    }
