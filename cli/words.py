"""A fact in plain words for one line of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, get_args, get_origin

from ledger.domain import shape
from ledger.domain.fact import AnyFact
from ledger.domain.values import Amount, Sealed, Uuid

MOST_LETTERS: Final = 80
UNITS: Final = {"half_day": "half day"}


def told(fact: AnyFact, names: Mapping[str, str]) -> str:
    """What happened and what was said of it, such as `support delivered: amount 2 days, category maths`."""
    what = fact.type.replace(".", " ").replace("_", " ")
    details = ", ".join(details_of(fact.data, names))
    return f"{what}: {details}" if details else what


def details_of(data: Any, names: Mapping[str, str]) -> Iterator[str]:
    """The members that say something to people: organisations by name, amounts, days, choices and texts."""
    for member in shape.shape(type(data)).members.values():
        value = getattr(data, member.attribute)
        word = member.name.removesuffix("_id").replace("_", " ")
        text = None if value is None else in_words(value, member.annotation, names)
        if text is not None:
            yield f"{word} {text}"


def in_words(value: Any, annotation: Any, names: Mapping[str, str]) -> str | None:
    """A value in words; None for one that would say nothing, such as the id of a support."""
    mark = get_args(annotation)[1] if get_origin(annotation) is Annotated else None
    match value:
        case str() if isinstance(mark, Uuid):
            return names.get(value)
        case str():
            return value if len(value) <= MOST_LETTERS else value[: MOST_LETTERS - 1] + "…"
        case bool():
            return "yes" if value else "no"
        case Amount():
            return amount_said(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case Sealed():
            return None
    return None


def amount_said(amount: Amount) -> str:
    unit = UNITS.get(amount.unit, amount.unit)
    return f"{amount.quantity} {unit}" if amount.quantity == "1" else f"{amount.quantity} {unit}s"
