"""The part of JSON Schema (draft 2020-12) that schedules.schema.json uses, and no more."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

ANNOTATIONS = {
    "$schema",
    "title",
    "description",
    "examples",
    "patternErrorMessage",
    "enumDescriptions",
}
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def errors(value: Any, schema: Mapping[str, Any], where: str = "") -> list[str]:
    """What is wrong with a value; KeyError where a schema uses a word that is not known here."""
    return [
        f"{where or '/'}: {key}"
        for key, rule in schema.items()
        if key not in ANNOTATIONS and key not in {"properties", "items"}
        if not RULES[key](value, rule, schema)
    ] + list(_below(value, schema, where))


def _below(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from errors(item, schema.get("items", {}), f"{where}/{index}")
    if isinstance(value, dict):
        for key, item in value.items():
            shape = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            if isinstance(shape, dict):
                yield from errors(item, shape, f"{where}/{key}")


def _type(value: Any, rule: str | list[str], _schema: Any) -> bool:
    names = [rule] if isinstance(rule, str) else rule
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _closed(value: Any, rule: Any, schema: Any) -> bool:
    known = schema.get("properties", {})
    return rule is not False or not isinstance(value, dict) or set(value) <= set(known)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _needs(value: Any, rule: Mapping[str, list[str]], _schema: Any) -> bool:
    return not isinstance(value, dict) or all(
        set(needed) <= set(value) for key, needed in rule.items() if key in value
    )


RULES: dict[str, Any] = {
    "type": _type,
    "enum": lambda value, rule, _: value in rule,
    "pattern": lambda value, rule, _: not isinstance(value, str) or bool(re.search(rule, value)),
    "minimum": lambda value, rule, _: not _number(value) or value >= rule,
    "maximum": lambda value, rule, _: not _number(value) or value <= rule,
    "required": lambda value, rule, _: not isinstance(value, dict) or set(rule) <= set(value),
    "additionalProperties": _closed,
    "propertyNames": lambda value, rule, _: (
        not isinstance(value, dict) or all(not errors(key, rule) for key in value)
    ),
    "minProperties": lambda value, rule, _: not isinstance(value, dict) or len(value) >= rule,
    "dependentRequired": _needs,
    "minItems": lambda value, rule, _: not isinstance(value, list) or len(value) >= rule,
    "oneOf": lambda value, rule, _: sum(not errors(value, each) for each in rule) == 1,
    "anyOf": lambda value, rule, _: any(not errors(value, each) for each in rule),
}
