"""Writes events as the YAML that an import, or a `yaml:` source, reads back as the same events."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import yaml

from bot.core.model import Event
from bot.sources import moments
from bot.sources.texts import UnreadableError


def as_yaml(events: Iterable[Event]) -> str:
    """A list of events, each with what is known of it."""
    items = [_item(event) for event in events]
    return yaml.safe_dump(items, sort_keys=False, allow_unicode=True, width=100)


def _item(event: Event) -> dict[str, Any]:
    said = {field.name: getattr(event, field.name) for field in fields(event)}
    if event.all_day and event.ends == event.starts:
        del said["ends"]
    return {
        name: _plain(value, event)
        for name, value in said.items()
        if value not in (_DEFAULTS[name], "")
    }


_DEFAULTS = {field.name: field.default for field in fields(Event)}


def _plain(value: Any, event: Event) -> Any:
    if isinstance(value, datetime):
        return _local(value, event)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def _local(moment: datetime, event: Event) -> str:
    """On the clock of its zone; with the offset where that alone would mean another moment."""
    there = moment.astimezone(event.zone)
    plain = there.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    try:
        is_meant = moments.read(plain, event.timezone) == moment
    except UnreadableError:
        is_meant = False
    return plain if is_meant else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
