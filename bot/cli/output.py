"""What commands print: a table on a terminal, plain lines when piped, JSON when asked."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_json(rows: Iterable[Row] | Row) -> None:
    """An array of objects (or one), readable and complete."""
    data = rows if isinstance(rows, Mapping) else list(rows)
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False, default=_plain)
    sys.stdout.write("\n")


def print_csv(rows: Sequence[Row]) -> None:
    """Comma-separated, and safe to open in a spreadsheet: no cell is taken for a formula."""
    if not rows:
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    sys.stdout.write(out.getvalue())


def print_table(rows: Sequence[Row], *, empty: str = "") -> None:
    """The rows by their keys; `empty` is said where there are none."""
    if not rows:
        if empty:
            sys.stdout.write(empty + "\n")
        return
    if sys.stdout.isatty():
        _print_rich(rows)
        return
    lines = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _print_rich(rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row.values()))
    Console().print(table)


def _text(value: Any) -> str:
    """One line: a cell never breaks the table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z").strip()
    return " ".join(str(value).split())


def _cell(value: Any) -> str:
    text = "" if value is None else str(_plain(value) if isinstance(value, date) else value)
    return "'" + text if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value)
