"""A fact in plain words for one line of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, get_args, get_origin

from ledger.domain import shape
from ledger.domain.fact import LEDGER, AnyFact
from ledger.domain.values import Amount, Sealed, Uuid
from ledger.visibility import WITHHELD
from ledger.voice import AUDITOR, TABLE
from projections.audit.telling import words_of
from projections.wording import short_day

MOST_LETTERS: Final = 80
SEALED: Final = "(sealed)"
CHOICE: Final = re.compile(r"[a-z]+(_[a-z]+)+")
"""A choice of a list as it is stored, such as a category."""
UNITS: Final = {"half_day": "half day"}


def told(fact: AnyFact, names: Mapping[str, str], subject: str | None) -> str:
    """What happened, to what, and what was said of it: `organisation joined trust: Northfield, trust Harbour Trust`."""
    what = fact.type.replace(".", " ").replace("_", " ")
    details = list(details_of(fact.data, names))
    if subject is not None and subject != getattr(fact.data, "name", None):
        details.insert(0, subject)
    return f"{what}: {', '.join(details)}" if details else what


def subject_of(state: Any, fact: AnyFact, names: Mapping[str, str]) -> str | None:
    """What the fact is about, where its own members do not say so."""
    if fact.stream.id in names:
        return names[fact.stream.id]
    if fact.stream.kind != "support" or any(getattr(fact.data, f"{side}_id", None) for side in ("giver", "receiver")):
        return None
    sides = (state.giver_id, state.receiver_id)
    return " to ".join(names.get(one, one) for one in sides if one is not None)


def who_says(fact: AnyFact, names: Mapping[str, str]) -> str:
    """Whose word a fact is: an organisation's, or that of the role which alone may say this."""
    if fact.voice is not None:
        return names.get(fact.voice, fact.voice)
    if fact.actor == LEDGER.principal:
        return "the ledger"
    return "auditor" if TABLE[fact.type].free == AUDITOR else "admin"


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
        case str():
            return names.get(value) if isinstance(mark, Uuid) else text_said(value)
        case bool():
            return "yes" if value else "no"
        case Amount():
            return amount_said(value)
        case datetime():
            return f"{short_day(value)} {value:%H:%M}"
        case date():
            return short_day(value)
        case int():
            return str(value)
        case Sealed():
            return SEALED
        case tuple():
            return ", ".join(names[one] for one in value if isinstance(one, str) and one in names) or None
    return None


def text_said(text: str) -> str:
    if text == WITHHELD:
        return SEALED
    if CHOICE.fullmatch(text):
        return words_of(text)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def amount_said(amount: Amount) -> str:
    unit = UNITS.get(amount.unit, amount.unit)
    return f"{amount.quantity} {unit}" if amount.quantity == "1" else f"{amount.quantity} {unit}s"
