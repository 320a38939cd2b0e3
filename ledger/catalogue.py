"""The catalogue of events, written from the code itself: `python -m ledger.catalogue` prints docs/events.md."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from ledger.claims import ALWAYS_NEW, BEGINNINGS
from ledger.domain import shape
from ledger.domain.values import Items, Pattern, Range, Secret, Text, Uuid
from ledger.eventstore.stored_names import STORED, stream_kind
from ledger.voice import ORGANISATIONS, TABLE, Party, Says

INTRODUCTION: Final = """# Events

Every kind of fact the ledger keeps, generated from the code (`python -m ledger.catalogue`). Members marked `?` may be
absent. *Sealed* text is encrypted before it is stored; everything else may be read by whoever may see the fact.
Amounts are given as `{"quantity": "2", "unit": "day"}`; the quantity may be text or a number, which is read exactly as
written. The ledger adds the whole minutes. [The story](story.md) shows the usual order.

*Stream* says whether an event begins a stream or needs a `subject`, the id of the stream it is about. An event that
begins one goes without `subject` (the ledger chooses the id, `stream.id` of the receipt) or with a new UUID of yours.

*Said by* names who must speak: one of the parties below, an organisation, with a key of role member, client or
coordinator unless another role is named; or a role that speaks for no organisation (admin, auditor, ledger).
"""

STREAM_IDS: Final = {
    "person": "its id is `person_id`, and `subject` may be left out",
    "credential": "its id is `principal`, and `subject` may be left out",
    "calendar": "its id follows from `for`, and `subject` may be left out",
    "log": "the ledger's own, and `subject` may be left out",
}

PARTIES: Final[dict[Party, str]] = {
    "itself": "the organisation whose stream it is; for a calendar, the one that `for` names",
    "assessor": "the organisation that `assessed_by` or `assured_by` names",
    "owner": "the organisation that publishes the framework, its `owner_id`",
    "coordinator": "the organisation in charge of the partnership, its `coordinator_id`, with a key of role "
    "coordinator; for a review, of a partnership in which all sides are partners; for an attestation also the trust of "
    "a side, but never a side itself",
    "partner": "an active partner of the partnership, for itself",
    "lead": "a partner with the role `lead`; in a review, `lead_id`",
    "invited": "the organisation that `organisation_id` names, while it is invited",
    "leaver": "the partner that leaves",
    "giver": "`giver_id`: who gives the support",
    "receiver": "`receiver_id`: who gets the support; nobody else confirms or disputes a delivery",
    "maker": "who made the offer or the request",
    "interested": "the organisation that `organisation_id` names, to which the offer or request is open",
    "agreeing": "addressed to one organisation, that one, in the same stream; open to several, the maker of the offer "
    "or request, in a new stream with `answers`",
    "either_side": "giver or receiver; for a residual, debtor or creditor",
    "other_side": "of giver and receiver, the one that did not propose",
    "touched": "each organisation that the residual names but the one that proposed it: debtor, creditor and, where it "
    "is passed on, the third",
    "recorder": "the organisation whose word the withdrawn entry was",
    "reviewed": "`reviewed_id`: whose review it is",
    "moderator": "`moderator_id` of the review",
    "author": "who shares the practice, its `organisation_id`",
    "adopter": "another organisation that adopts, or has adopted, the practice",
    "organisation": "the organisation in which the person has a role",
}


def document() -> str:
    """The whole page as Markdown."""
    lines = [INTRODUCTION, *parties()]
    kind = ""
    nested: dict[type[Any], None] = {}
    for name, (cls, schema) in STORED.items():
        if stream_kind(name) != kind:
            kind = stream_kind(name)
            lines.append(f"## {kind}\n")
        lines += [f"### `{name}` (schema {schema})\n", *about(cls)]
        lines += [f"Said by: {voices(TABLE[name])}. Stream: {stream(name)}.\n"]
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


def parties() -> Iterator[str]:
    """What each party is, as a table."""
    yield "| Party | Which organisation |"
    yield "|---|---|"
    yield from (f"| {words(party)} | {PARTIES[party]} |" for party in typing.get_args(Party))
    yield ""


def words(party: Party) -> str:
    return party.replace("_", " ")


def stream(name: str) -> str:
    """Which stream an event of this name belongs to, and whether it must say so."""
    kind = stream_kind(name)
    if kind in STREAM_IDS:
        return STREAM_IDS[kind]
    if name in ALWAYS_NEW:
        return "begins one"
    if name in BEGINNINGS:
        return f"begins one, or `subject` is the id of the {kind} it goes on with"
    return f"`subject` is the id of the {kind}"


def voices(row: Says) -> str:
    who = [words(party) for party in row.parties]
    if row.parties and row.roles != ORGANISATIONS:
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
        case Pattern(meaning=meaning, number=number):
            return f"{meaning}, as text or as a number" if number else meaning
        case Text(most=most, lines=lines):
            return f"text, at most {most} characters" + ("" if lines else ", one line")
        case Secret(most=most, key=key):
            return f"*sealed* under the key of the {key}; text, at most {most} characters"
        case Range(least=least, most=most):
            return f"whole number, {least} to {most}"
    raise TypeError(f"{mark!r} has no words yet")


if __name__ == "__main__":
    print(document(), end="")
