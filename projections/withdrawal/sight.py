"""Which points a reader has: those of all partners are for everybody who may look in, but for a few."""

from __future__ import annotations

from projections.reader import PartnershipReader
from projections.withdrawal.points import Point


def may_read(reader: PartnershipReader, point: Point) -> bool:
    """`cosy` is for the partners and their coordinator, a dispute for its two parties and those who look on."""
    match point.kind:
        case "cosy":
            return reader.is_inside
        case "disputes_open":
            return reader.reads_of(point.organisation_id)
    return True
