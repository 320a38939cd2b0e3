"""Reciprocity: whether giving goes both ways in a partnership, in a trust, and among all that somebody sees."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.resources.streams import seen_stream
from api.schemas.figures import CSV_TOO
from api.schemas.reciprocity import Crossing, Organised, Reciprocal, ReciprocityFigures, TrustOverview
from api.speaking import reader, the_ledger, the_read_models
from api.trusts import require_trust
from projections.reciprocity.flow import TooMuch
from projections.reciprocity.scopes import network_reciprocity, reciprocity, trust_overview
from projections.reciprocity.windows import NoTermOnThatDay, WindowTwice

DOOR: Final = Door("reciprocity", "Reciprocity: whether what is given comes back, and from whom")
WINDOWS: Final = (WindowTwice, NoTermOnThatDay, TooMuch)
"""What only these routes refuse: a stretch of days that is none, and more than the solver takes."""


@DOOR.get(
    "/v1/partnerships/<uuid:partnership_id>/reciprocity", Answer(200, ReciprocityFigures), CSV_TOO,
    query=Reciprocal, refuses=WINDOWS,
)  # fmt: skip
def of_partnership(asked: Asked, partnership_id: UUID) -> Response:
    """Whether giving goes both ways in a partnership"""
    seen_stream(str(partnership_id), reader("reports:read"), "partnership")
    answer = the_read_models().answer(
        reciprocity, question(asked), str(partnership_id), window=asked.get("window", "all"), explain=asked["explain"]
    )
    return figures(answer.to_json(), rows="organisations", of=Organised, name="reciprocity")


@DOOR.get("/v1/network/reciprocity", Answer(200, ReciprocityFigures), CSV_TOO, query=Reciprocal, refuses=WINDOWS)
def of_network(asked: Asked) -> Response:
    """Whether giving goes both ways among all that the credential sees"""
    keys = the_ledger().visible(reader("reports:read"))
    answer = the_read_models().answer(
        network_reciprocity, question(asked), keys, window=asked.get("window", "all"), explain=asked["explain"]
    )
    return figures(answer.to_json(), rows="organisations", of=Organised, name="reciprocity")


@DOOR.get("/v1/trusts/<uuid:trust_id>/overview", Answer(200, TrustOverview), CSV_TOO, query=Reciprocal, refuses=WINDOWS)
def overview_of_trust(asked: Asked, trust_id: UUID) -> Response:
    """A trust at a glance: its members' balances, what crosses its edge, and whether giving goes both ways"""
    require_trust(the_ledger(), reader("reports:read"), str(trust_id))
    answer = the_read_models().answer(
        trust_overview, question(asked), str(trust_id), window=asked.get("window", "all"), explain=asked["explain"]
    )
    return figures(answer.to_json(), rows="members", of=Crossing, name="trust")
