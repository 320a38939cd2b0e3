"""The state of a stream as JSON: its shape by name, and its members as they are; free text is never in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from ledger.domain.values import Sealed, moment
from ledger.visibility import WITHHELD

# What a partner rated, at which point it leaves, and who showed interest, is not for everybody who may see the stream:
# its facts tell the others.
FOR_SOME: Final = frozenset({"ratings", "items", "interests", "point_id"})


def shape_of(state: Any) -> str:
    """The name of a state's shape, in words joined by underscores."""
    name = type(state).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def state_as_json(state: Any) -> dict[str, Any]:
    """The state of a stream; `shape` says which of its possible ones it is."""
    return {"shape": shape_of(state), **object_of(state)}


def object_of(instance: Any) -> dict[str, Any]:
    members = {each.name.rstrip("_"): getattr(instance, each.name) for each in fields(instance)}
    members = {name: value for name, value in members.items() if name not in FOR_SOME}
    return {name: value_of(value) for name, value in members.items() if value is not None}


def value_of(value: Any) -> Any:
    match value:
        case Sealed():
            return WITHHELD
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case Mapping():
            return {key_of(key): value_of(part) for key, part in value.items()}
        case Set():
            return sorted(value_of(part) for part in value)
        case tuple() | list():
            return [value_of(part) for part in value]
    return object_of(value) if is_dataclass(value) else value


def key_of(key: Any) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
