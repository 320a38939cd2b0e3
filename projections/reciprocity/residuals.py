"""Opening positions and disposals of residuals: entries that move what is open between two, without any delivery.

Each entry says "as if the giver had given it to the receiver", so that what one gains another loses. A disposal is in
force when everybody it touches has agreed, from the latest day on which one of them said so.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.partnership import facts as said
from projections.reciprocity.draft import Draft
from projections.reciprocity.proposals import accepted, proposed
from projections.reciprocity.rows import Entry, EntryKind, Proposal, ProposalKind
from projections.tables import END, FOREVER, CannotApply

Move = tuple[str, str, str | None]
"""Giver, receiver, partnership."""


def opening_proposed(draft: Draft, fact: Fact[said.OpeningPositionProposed]) -> None:
    data = fact.data
    frame = proposed(draft, fact, "opening", data.proposal_id)
    draft.propose(frame._replace(giver_id=data.giver_id, receiver_id=data.receiver_id, minutes=data.minutes))


def opening_agreed(draft: Draft, fact: Fact[said.OpeningPositionAgreed]) -> None:
    proposal = accepted(draft, fact, _proposal(draft, fact, "opening", fact.data.proposal_id))
    giver, receiver = _sides(proposal)
    draft.open(_entry(fact, proposal, "brought_forward", (giver, receiver, fact.stream.id), 0))


def residual_proposed(draft: Draft, fact: Fact[said.ResidualProposed]) -> None:
    data = fact.data
    frame = proposed(draft, fact, "residual", data.proposal_id)
    draft.propose(
        frame._replace(
            giver_id=data.debtor_id,
            receiver_id=data.creditor_id,
            minutes=data.minutes,
            disposal=data.disposal,
            to_id=data.to,
            awaits=2 if data.disposal == "passed_on" else 1,
        )
    )


def residual_agreed(draft: Draft, fact: Fact[said.ResidualAgreed]) -> None:
    proposal = accepted(draft, fact, _proposal(draft, fact, "residual", fact.data.proposal_id))
    if proposal.awaits == 0:
        for part, move in enumerate(moves(proposal)):
            draft.open(_entry(fact, proposal, "disposal", move, part))


def moves(proposal: Proposal) -> Iterator[Move]:
    """What a disposal does: it takes the minutes off debtor and creditor here, and puts them where they go on.

    forgiven: nowhere. passed_on: the third owes them to the creditor. carried: the debtor owes them in the other
    partnership. returned: the debtor owes them outside any partnership, where the named support brings them back.
    """
    here = proposal.stream_id
    debtor, creditor = _sides(proposal)
    yield debtor, creditor, here
    match proposal.disposal:
        case "passed_on" if proposal.to_id is not None:
            yield creditor, proposal.to_id, here
        case "carried" if proposal.to_id is not None:
            yield creditor, debtor, proposal.to_id
        case "returned":
            yield creditor, debtor, None
        case "forgiven":
            return
        case _:
            raise CannotApply(f"{proposal.proposal_id} in {here} does not say where the minutes go")


def _entry(fact: AnyFact, proposal: Proposal, kind: EntryKind, move: Move, part: int) -> Entry:
    giver_id, receiver_id, partnership_id = move
    minutes = proposal.minutes or 0
    return Entry(
        known_from=fact.position,
        part=part,
        known_until=END,
        effective_from=proposal.day,
        effective_until=FOREVER,
        kind=kind,
        giver_id=giver_id,
        receiver_id=receiver_id,
        partnership_id=partnership_id,
        minutes=minutes,
        said_minutes=minutes,
        basis="exchange",
        status="confirmed",
        was=None,
        independence=None,
        imported=False,
        business_on=proposal.day,
        support_id=None,
        delivery_id=None,
        category=None,
        disposal=proposal.disposal,
        people=[],
        position=fact.position,
        recorded_at=fact.recorded_at,
        status_position=fact.position,
        events=proposal.events,
    )


def _proposal(draft: Draft, fact: AnyFact, kind: ProposalKind, proposal_id: str) -> Proposal:
    found = draft.proposal(fact.stream.id, kind, proposal_id)
    if found is None:
        raise CannotApply(f"nobody proposed {proposal_id} in {fact.stream.id}")
    return found


def _sides(proposal: Proposal) -> tuple[str, str]:
    if proposal.giver_id is None or proposal.receiver_id is None:
        raise CannotApply(f"{proposal.proposal_id} in {proposal.stream_id} does not name its two sides")
    return proposal.giver_id, proposal.receiver_id
