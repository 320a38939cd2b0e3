"""A fact that does not fit what was said before it, which admission should have made impossible: it is named."""

from __future__ import annotations

import logging
from typing import ClassVar, Final

from ledger.errors import Kind, Refusal
from projections.evidence.noted import Noted
from projections.tables import CannotApply

LOG: Final = logging.getLogger(__name__)

UNFIT: Final = (CannotApply, LookupError)
"""What a step of a fold raises where its fact names something that is not there."""


class FactDoesNotFit(Refusal):
    """What was asked for rests on a fact that does not fit what was recorded before it: the operator has to look.

    Nothing else is kept from answering. Fields: `position`, `fact_type` and `event_id` of the fact.
    """

    code = "fact-does-not-fit"
    kind: ClassVar[Kind] = "busy"
    title = "A fact in the ledger does not fit what was recorded before it"


def unfit(noted: Noted, why: object) -> FactDoesNotFit:
    """The refusal of whatever rests on a fact; the log says why as well."""
    fact, position = noted.fact, noted.position
    says = f"{fact.type} at position {position} (event {fact.event_id}) does not fit what was recorded before it"
    LOG.error("%s: %s", says, why)
    return FactDoesNotFit(says, position=position, fact_type=fact.type, event_id=fact.event_id)
