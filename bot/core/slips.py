"""Slips of YAML syntax, in words for someone who has never programmed."""

import re

import yaml

_QUOTES = "put the whole value in quotes"


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """Line and column (1-based), and a sentence on what to do.

    The wordings matched are those of libyaml 0.2 and of PyYAML 6's own parser.
    """
    unclosed = "unexpected end of stream" in (error.problem or "")
    mark = (unclosed and error.context_mark) or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    written = _line(text, line)
    return line + 1, column + 1, _sentence(error, written, written[column : column + 1])


def _line(text: str, index: int) -> str:
    lines = text.splitlines()
    return lines[index] if index < len(lines) else ""


def _sentence(error: yaml.MarkedYAMLError, written: str, found: str) -> str:
    problem = error.problem or "the YAML cannot be read"
    if "\t" in written[: len(written) - len(written.lstrip())] or found == "\t":
        return "a tab stands here; indent with spaces"
    if "cannot start any token" in problem:
        return f"a value cannot begin with {found!r}: {_QUOTES}"
    for wording, sentence in _SENTENCES.items():
        if re.search(wording, f"{error.context or ''}: {problem}"):
            since = error.context_mark.line + 1 if error.context_mark else 0
            return sentence.format(since=since)
    return f"this is not YAML: {problem}"


_SENTENCES = {
    "mapping values are not allowed": (
        "a colon and a space inside a value, or a line that is indented too far: "
        f"{_QUOTES}, or align the line with the one above"
    ),
    "could not find expected ':'": (
        "this line, or the one above, has no 'key: value'; a colon and a space are missing, "
        "or the line is not indented as the text it continues"
    ),
    "sequence entries are not allowed": (
        "a list item (-) cannot begin here: put it on a line of its own below its key"
    ),
    "did not find expected '-'|expected <block end>, but found '<block mapping": (
        "this line belongs to the list that begins in line {since}, but is neither an item (-) "
        "nor indented as one"
    ),
    "did not find expected key|expected <block end>": (
        "this does not fit what began in line {since}: the indentation differs, or a quote "
        "ends before the value does"
    ),
    "expected ',' or '\\]'": "the [ of line {since} is never closed by a ], or a comma is missing",
    "expected ',' or '}'": "the {{ of line {since} is never closed by a }}, or a comma is missing",
    "unexpected end of stream": "the quote that opens in line {since} is never closed",
    "unexpected document separator|unexpected document indicator": (
        "--- or ... stands inside a quoted value that begins in line {since}"
    ),
    "unknown escape|expected escape sequence|hexdecimal": (
        "a backslash means something else in double quotes: use single quotes"
    ),
    "scanning a directive|URI|utf-8": f"a value cannot begin with % or ! here: {_QUOTES}",
    "<document start>": "the file goes on after its end: the indentation of this line differs",
    "tag": "a value that begins with ! is not understood: put it in quotes",
    "anchor|alias|alphabetic or numeric character": (
        "a value that begins with & or * is not understood: put it in quotes"
    ),
    "unexpected ':'|mapping keys are not allowed|expected (?:the )?node content": (
        f"a sign of YAML's own stands where a value is expected: {_QUOTES}"
    ),
    "chomping or indentation|indentation indicator|comment or line break|comment or a line": (
        f"a value cannot begin with | or > here: {_QUOTES}"
    ),
}
