"""Figures: the parts of a question as a client sends them, and answers as JSON or as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import marshmallow as ma
from flask import Response

from api.answers import TABLES, XLSX, conditional, named_file, shown, table, wants
from api.asking import Asked as Given
from api.refusals import ParametersWrong
from api.speaking import reader, the_ledger, the_read_models
from api.spreadsheets import spreadsheet
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.errors import FieldError
from projections.views import Asked

JSON: Final = "application/json"
AROUND: Final = ("scope", "as_of", "known_at", "position", "rule_version")
ENVELOPE: Final = frozenset({*AROUND, "unknown", "names", "why", "explained", "working", "identities"})
"""What stands around figures; of an answer that is itself the line of a table it is left out."""


def question(asked: Given) -> Asked:
    """The question a request asks, after its `min_position`. Raises ParametersWrong, NotYetVisible."""
    read_models = the_read_models()
    seconds = the_ledger().settings.min_position_wait_seconds
    first, last = asked.get("from_"), asked.get("to")
    if first is not None and last is not None and first > last:
        error = FieldError("/to", "before-its-beginning", "lies before from")
        raise ParametersWrong(f"{error.pointer} {error.detail}", errors=(error,))
    known_at = asked.get("known_at")
    position = None if known_at is None else known_at.position
    if known_at is not None and known_at.moment is not None:
        position = read_models.position_at(known_at.moment)
    least = max(asked.get("min_position", 0), position or 0)
    if least:
        read_models.wait_for(least, seconds)
    return Asked(as_of=asked.get("as_of"), known_at=position, from_=first, to=last)


def organisation_for(organisation_id: str) -> Speaker:
    """Who reads the figures of this organisation. Raises NotThere: it is not there, or not for this reader."""
    who, ledger = reader("reports:read"), the_ledger()
    if ledger.organisation(organisation_id) is None or not ledger.may_see_organisation(who, organisation_id):
        raise NotThere(stream_kind="organisation", id=organisation_id)
    return who


def figures(
    body: dict[str, Any],
    *,
    rows: str | None = None,
    of: type[ma.Schema] | None = None,
    name: str,
    text: bool = False,
) -> Response:
    """The answer as JSON; or, where the client prefers CSV or XLSX, its list `rows` as a table (None: itself, in one
    row).

    `of` tells of a line of it: its members are columns of every table, also of an empty one. Raises TableTooLong.
    """
    if not as_table():
        return shown(body, position=body["position"], text=text)
    lines = [without_envelope(body)] if rows is None else body[rows]
    named = [with_names(line, body.get("names", {})) for line in lines]
    columns = columns_of(named, () if of is None else columns_told(of))
    if wants(JSON, *TABLES) == XLSX:
        made = Response(spreadsheet(named, columns, name=name, about=body), content_type=XLSX)
        return conditional(named_file(made, f"{name}.xlsx"), body["position"], text)
    return table(named, columns, position=body["position"], text=text, name=name)


def as_table() -> bool:
    """Whether the client prefers a table to JSON."""
    return wants(JSON, *TABLES) != JSON


def without_envelope(body: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in body.items() if column not in ENVELOPE}


@cache
def columns_told(of: type[ma.Schema]) -> tuple[str, ...]:
    """The members of a line as the document tells of them, in its order."""
    return tuple(field.data_key or name for name, field in of().fields.items())


def with_names(line: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A line of a table, each id followed by its name."""
    found: dict[str, Any] = {}
    for column, value in line.items():
        found[column] = value
        if column.endswith("_id") and value in names:
            found[column.removesuffix("_id")] = names[value]
    return found


def columns_of(lines: Sequence[Mapping[str, Any]], told: Sequence[str] = ()) -> list[str]:
    """Every column that a line has, in the order in which they first come, then those told of that none has."""
    return list(dict.fromkeys((*(column for line in lines for column in line), *told)))


def explained(evidence: Sequence[Any]) -> list[dict[str, Any]]:
    """The entries behind a figure, each with the ids of its facts."""
    return [
        {name: value.isoformat() if name == "business_on" else value for name, value in entry._asdict().items()}
        for entry in evidence
    ]
