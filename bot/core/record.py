"""Values that are made for every post."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A dataclass that is frozen for the type checker alone: at run time that would cost each
    field as much again as setting it, and a post goes through a hundred of them.
    """
    return dataclass(kw_only=True, slots=True, unsafe_hash=True)(cls)
