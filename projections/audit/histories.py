"""Whose history: a partnership's, an organisation's across all its identities, or all that is in sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from projections.asking import Asking
from projections.audit.trail import Asked, TrailAnswer, trail
from projections.directory.queries import aliases, names
from projections.directory.succession import identities


def partnership_history(asking: Asking, partnership_id: str, asked: Asked) -> TrailAnswer:
    """The facts that count in a partnership."""
    return _of(asking, asked, (f"partnership:{partnership_id}",), partnership=partnership_id)


def organisation_history(asking: Asking, organisation_id: str, asked: Asked) -> TrailAnswer:
    """The facts that name an organisation, one of its registrations, or another identity of it, in one order.

    Whoever sees the organisation sees those it goes on from as well: a conversion gives a school a new identity, not a
    new past. What a successor says is seen by whoever sees the successor.
    """
    others = identities(asking.connection, organisation_id, asking.question)
    own = aliases(asking.connection, asking.question).registrations(organisation_id)
    before = _keys(one.organisation_id for one in others if one.relation == "predecessor")
    filters = asked.filters
    if filters.visible is not None:
        ids = tuple(key.partition(":")[2] for key in before)
        filters = replace(filters, visible=(*filters.visible, *before), beside=ids)
    if not filters.readable.isdisjoint(_keys(own)):
        filters = replace(filters, readable=filters.readable | set(before))
    everybody = (*sorted(own), *(one.organisation_id for one in others))
    found = replace(asked, filters=filters, identities=everybody if others else ())
    answer = _of(asking, found, _keys(everybody), organisation=organisation_id)
    return replace(answer, identities=others)


def everything(asking: Asking, asked: Asked) -> TrailAnswer:
    """All facts that the reader sees."""
    return trail(asking, asked, trail="all")


def _of(asking: Asking, asked: Asked, keys: tuple[str, ...], **scope: str) -> TrailAnswer:
    filters = replace(asked.filters, within=(*asked.filters.within, keys))
    answer = trail(asking, replace(asked, filters=filters), **scope)
    own = names(asking.connection, scope.values(), asking.question)
    return replace(answer, names={**answer.names, **own})


def _keys(organisations: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"organisation:{one}" for one in organisations)
