"""Where in a fact's data ids and free texts stand: worked out once per class, so that a walk visits nothing else."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from typing import Annotated, Any, TypeVar

from ledger.domain.shape import shape, without_items
from ledger.domain.values import Items, Secret, Uuid

T = TypeVar("T")
Change = Callable[[Any, Secret, str], Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A member that is an id or a free text, or holds some: `inner` are the spots of the dataclass in it."""

    attribute: str
    name: str
    many: bool
    mark: Uuid | Secret | None
    inner: tuple[Spot, ...]
    secret: bool  # there is free text here or further in


_SPOTS: dict[type[Any], tuple[Spot, ...]] = {}


def spots(cls: type[Any]) -> tuple[Spot, ...]:
    """The spots of a dataclass, worked out once."""
    known = _SPOTS.get(cls)
    if known is None:
        members = shape(cls).members.values()
        found = (spot(member.attribute, member.name, member.annotation) for member in members)
        known = _SPOTS[cls] = tuple(one for one in found if one is not None)
    return known


def spot(attribute: str, name: str, annotation: Any) -> Spot | None:
    origin = typing.get_origin(annotation)
    many = origin is tuple or (origin is Annotated and isinstance(annotation.__metadata__[0], Items))
    if many:
        annotation = without_items(annotation)
    if is_dataclass(annotation) and isinstance(annotation, type):
        inner = spots(annotation)
        return Spot(attribute, name, many, None, inner, any(one.secret for one in inner)) if inner else None
    mark = annotation.__metadata__[0] if typing.get_origin(annotation) is Annotated else None
    if isinstance(mark, Uuid | Secret):
        return Spot(attribute, name, many, mark, (), isinstance(mark, Secret))
    return None


def marked(instance: Any, pointer: str = "/data") -> Iterator[tuple[str, Uuid | Secret, Any]]:
    """Each id and free text in an instance: its JSON pointer, its mark and its value."""
    for one in spots(type(instance)):
        value = getattr(instance, one.attribute)
        if value is None:
            continue
        parts = enumerate(value) if one.many else ((None, value),)
        for index, part in parts:
            where = f"{pointer}/{one.name}" if index is None else f"{pointer}/{one.name}/{index}"
            if one.mark is not None:
                yield where, one.mark, part
            else:
                yield from marked(part, where)


def named(instance: Any, *kinds: str) -> set[str]:
    """The ids of some kinds (`organisation`, `person` …) that an instance holds anywhere."""
    return {value for _, mark, value in marked(instance) if type(mark) is Uuid and mark.names in kinds}


def each_secret(instance: T, change: Change, pointer: str = "/data") -> T:
    """`instance` with every free text replaced by what `change(text, mark, pointer)` answers."""
    changes: dict[str, Any] = {}
    for one in spots(type(instance)):
        value = getattr(instance, one.attribute) if one.secret else None
        if value is None:
            continue
        where = f"{pointer}/{one.name}"
        if one.many:
            changes[one.attribute] = tuple(
                changed(one, part, f"{where}/{index}", change) for index, part in enumerate(value)
            )
        else:
            changes[one.attribute] = changed(one, value, where, change)
    return replace(instance, **changes) if changes else instance  # type: ignore[type-var]  # T is a dataclass


def changed(one: Spot, value: Any, pointer: str, change: Change) -> Any:
    return change(value, one.mark, pointer) if isinstance(one.mark, Secret) else each_secret(value, change, pointer)
