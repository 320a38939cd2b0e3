"""The points of a partnership, worked out once for all who ask while nothing that matters to them is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from projections.asking import Asking
from projections.directory.queries import aliases
from projections.evidence.gathering import evidence_of
from projections.withdrawal.answering import known_points
from projections.withdrawal.points import Point

_LATEST: Final = (
    "SELECT (SELECT max(position) FROM pledger.fact_key WHERE key = k AND position <= %s) FROM unnest(%s::text[]) k"
)


def points_of(asking: Asking, partnership_id: str) -> Sequence[Point]:
    """All points of a partnership on the question's day."""
    then = settled(asking, partnership_id)
    key = ("points kept", partnership_id, then.question.known_at, then.question.as_of)
    return asking.memory.worked(key, lambda: known_points(then, partnership_id).points)


def settled(asking: Asking, partnership_id: str) -> Asking:
    """The same question at the last position that matters to a partnership's points: what was recorded since then
    elsewhere changes none, so that what was worked out holds while others go on recording."""
    evidence = evidence_of(asking, partnership_id)
    read_as = aliases(asking.connection, asking.question)
    partners = {each for one in evidence.partnership.spans for each in read_as.registrations(one)}
    rows = asking.connection.execute(
        _LATEST,
        (asking.question.known_at, [f"organisation:{one}" for one in sorted(partners)]),
    ).fetchall()
    last = max((row[0] for row in rows if row[0] is not None), default=0)
    return replace(asking, question=replace(asking.question, known_at=max(last, evidence.last_position)))
