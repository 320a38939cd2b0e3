"""The catalogue of events, written from the code itself: `python -m ledger.catalogue` prints docs/events.md."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from ledger.domain import shape
from ledger.domain.values import Items, Pattern, Range, Secret, Text, Uuid
from ledger.eventstore.stored_names import STORED, stream_kind
from ledger.voice import TABLE, Says

INTRODUCTION: Final = """# Events

Every kind of fact the ledger keeps, generated from the code (`python -m ledger.catalogue`). Members marked `?` may be
absent. *Sealed* text is encrypted before it is stored; everything else may be read by whoever may see the fact.
Amounts are given as `{"quantity": "2", "unit": "day"}`; the ledger adds the whole minutes.
"""


def document() -> str:
    """The whole page as Markdown."""
    lines = [INTRODUCTION]
    kind = ""
    nested: dict[type[Any], None] = {}
    for name, (cls, schema) in STORED.items():
        if stream_kind(name) != kind:
            kind = stream_kind(name)
            lines.append(f"## {kind}\n")
        lines += [f"### `{name}` (schema {schema})\n", *about(cls), f"Said by: {voices(TABLE[name])}.\n"]
        lines += [*members(cls, nested), ""]
    lines += ["## Parts\n"]
    shown: set[type[Any]] = set()
    while pending := [cls for cls in nested if cls not in shown]:
        for cls in pending:
            shown.add(cls)
            lines += [f"### {cls.__name__}\n", *about(cls), *members(cls, nested), ""]
    return "\n".join(lines).rstrip() + "\n"


def about(cls: type[Any]) -> Iterator[str]:
    """The docstring of a dataclass, unless it is the one Python makes up."""
    text = cls.__doc__ or ""
    if text and not text.startswith(f"{cls.__name__}("):
        yield " ".join(text.split()) + "\n"


def voices(row: Says) -> str:
    who = [party.replace("_", " ") for party in row.parties]
    if row.parties and len(row.roles) < 3:
        who = [f"{one} (role {', '.join(sorted(row.roles))})" for one in who]
    who += [f"role {role}" for role in sorted(row.free)]
    behalf = "; a coordinator may record it for a school in its scope" if row.on_behalf else ""
    return ", ".join(who) + behalf


def members(cls: type[Any], nested: dict[type[Any], None]) -> Iterator[str]:
    yield "| Member | What |"
    yield "|---|---|"
    for name, member in shape.shape(cls).members.items():
        optional = "" if member.required else "?"
        by_ledger = " (added by the ledger)" if member.derived else ""
        yield f"| `{name}`{optional} | {described(member.annotation, nested)}{by_ledger} |"


def described(annotation: Any, nested: dict[type[Any], None]) -> str:
    """One annotation in words."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, mark, *_ = typing.get_args(annotation)
        if isinstance(mark, Items):
            return f"{mark.least} to {mark.most} × {described(typing.get_args(inner)[0], nested)}"
        return marked(mark)
    if origin is Literal:
        return " · ".join(f"`{choice}`" for choice in typing.get_args(annotation))
    if origin is tuple:
        return f"a list of {described(typing.get_args(annotation)[0], nested)}"
    if is_dataclass(annotation) and isinstance(annotation, type):
        nested.setdefault(annotation)
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {date: "day `YYYY-MM-DD`", datetime: "moment, UTC", bool: "true or false"}[annotation]


def marked(mark: Any) -> str:
    match mark:
        case Uuid(names=names):
            return f"id of the {names}"
        case Pattern(meaning=meaning):
            return meaning
        case Text(most=most, lines=lines):
            return f"text, at most {most} characters" + ("" if lines else ", one line")
        case Secret(most=most, key=key):
            return f"*sealed* under the key of the {key}; text, at most {most} characters"
        case Range(least=least, most=most):
            return f"whole number, {least} to {most}"
    raise TypeError(f"{mark!r} has no words yet")


if __name__ == "__main__":
    print(document(), end="")
