"""The frame of a proposal, and the business date of what has no day of its own."""

from __future__ import annotations

from datetime import date

from ledger.domain.fact import AnyFact
from projections.reciprocity.draft import Draft
from projections.reciprocity.rows import Proposal, ProposalKind


def proposed(draft: Draft, fact: AnyFact, kind: ProposalKind, proposal_id: str) -> Proposal:
    """A proposal that waits for one yes, without what it is about."""
    return Proposal(
        stream_id=fact.stream.id,
        kind=kind,
        proposal_id=proposal_id,
        giver_id=None,
        receiver_id=None,
        minutes=None,
        basis=None,
        delivery_id=None,
        disposal=None,
        to_id=None,
        day=said_on(draft, fact),
        awaits=1,
        events=[fact.event_id],
    )


def accepted(draft: Draft, fact: AnyFact, proposal: Proposal) -> Proposal:
    """The proposal with one yes more, which is written down; it is in force when `awaits` is 0."""
    after = proposal._replace(
        awaits=proposal.awaits - 1,
        day=max(proposal.day, said_on(draft, fact)),
        events=[*proposal.events, fact.event_id],
    )
    draft.accept(after)
    return after


def said_on(draft: Draft, fact: AnyFact) -> date:
    """The day of the ledger's zone on which it was said."""
    return fact.occurred_at.astimezone(draft.zone).date()
