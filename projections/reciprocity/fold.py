"""From facts to entries: what a delivery is worth, in whose word, from when until when.

Pure: the same facts give the same rows, however they are cut into pages. Admission has refused what cannot be, so
anything that does not fit here raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.support import facts as said
from ledger.domain.support.deliveries import DeliveryStatus
from projections.reciprocity.draft import Draft
from projections.reciprocity.proposals import accepted, proposed
from projections.reciprocity.residuals import (
    opening_agreed,
    opening_proposed,
    residual_agreed,
    residual_proposed,
)
from projections.reciprocity.rows import AGREEMENTS, ENTRIES, PROPOSALS, Agreement, Entry
from projections.tables import END, FOREVER, CannotApply, Changes, Loader
from projections.view import View

VERSION: Final = 2


def reciprocity_view(zone: ZoneInfo) -> View:
    """The view of who gave whom how much; `zone` is the ledger's, in which days are counted."""
    return View(
        name="reciprocity",
        version=VERSION,
        types=frozenset(STEPS),
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        indexes=files(__package__).joinpath("indexes.sql").read_text("utf-8"),
        tables=(ENTRIES, AGREEMENTS, PROPOSALS),
        fold=partial(fold, zone=zone),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, zone: ZoneInfo) -> Changes:
    """What these facts, in order of position, do to the entries that `loader` knows."""
    draft = Draft(facts, loader, zone)
    for fact in facts:
        STEPS[fact.type](draft, fact)
    return draft.changes


def agreed(draft: Draft, fact: Fact[said.Agreed]) -> None:
    data = fact.data
    draft.agree(
        Agreement(fact.stream.id, data.giver_id, data.receiver_id, data.partnership_id, data.category, data.basis)
    )


def variation_proposed(draft: Draft, fact: Fact[said.VariationProposed]) -> None:
    """Only a new basis matters here; the amount and the days change no entry."""
    if fact.data.basis is not None:
        draft.propose(proposed(draft, fact, "basis", fact.data.variation_id)._replace(basis=fact.data.basis))


def variation_agreed(draft: Draft, fact: Fact[said.VariationAgreed]) -> None:
    """The new basis holds for deliveries recorded from here on; support that was never agreed has no further ones."""
    proposal = draft.proposal(fact.stream.id, "basis", fact.data.variation_id)
    if proposal is None or not draft.is_agreed(fact.stream.id):
        return
    accepted(draft, fact, proposal)
    if proposal.basis is not None:
        draft.vary(draft.agreement(fact.stream.id)._replace(basis=proposal.basis))


def delivered(draft: Draft, fact: Fact[said.Delivered]) -> None:
    data, support_id = fact.data, fact.stream.id
    terms = _said_alone(fact) if data.giver_id is not None else draft.agreement(support_id)
    minutes = _minutes(data.amount.minutes, fact)
    draft.open(
        Entry(
            known_from=fact.position,
            part=0,
            known_until=END,
            effective_from=data.delivered_on,
            effective_until=FOREVER,
            kind="delivery",
            giver_id=terms.giver_id,
            receiver_id=terms.receiver_id,
            partnership_id=terms.partnership_id,
            minutes=minutes,
            said_minutes=minutes,
            basis=terms.basis,
            status="claimed",
            was=None,
            independence=None,
            imported=bool(data.imported),
            business_on=data.delivered_on,
            support_id=support_id,
            delivery_id=data.delivery_id,
            category=terms.category,
            disposal=None,
            people=sorted(data.people or ()),
            position=fact.position,
            recorded_at=fact.recorded_at,
            status_position=fact.position,
            events=[fact.event_id],
        )
    )


def _said_alone(fact: Fact[said.Delivered]) -> Agreement:
    """The first fact of its stream says itself what an agreement would have said."""
    data = fact.data
    if data.giver_id is None or data.receiver_id is None:
        raise CannotApply(f"{fact.stream.id} names one side alone")
    return Agreement(
        fact.stream.id,
        data.giver_id,
        data.receiver_id,
        data.partnership_id,
        data.category or "other",
        data.basis or "exchange",
    )


def confirmed(draft: Draft, fact: Fact[said.DeliveryConfirmed]) -> None:
    before = draft.delivery(fact.stream.id, fact.data.delivery_id)
    independence = fact.data.independence or "independent"
    _become(draft, fact, before, status="confirmed", independence=independence)


def answered(status: DeliveryStatus) -> Callable[[Draft, AnyFact], None]:
    """A step that gives a delivery a status in which nobody has confirmed it."""

    def step(draft: Draft, fact: AnyFact) -> None:
        before = draft.delivery(fact.stream.id, fact.data.delivery_id)
        _become(draft, fact, before, status=status, minutes=before.said_minutes, independence=None)

    return step


def settlement_proposed(draft: Draft, fact: Fact[said.SettlementProposed]) -> None:
    data = fact.data
    draft.propose(
        proposed(draft, fact, "settlement", data.settlement_id)._replace(
            minutes=_minutes(data.amount.minutes, fact), delivery_id=data.delivery_id
        )
    )


def settled(draft: Draft, fact: Fact[said.DisputeSettled]) -> None:
    """The settled minutes count as confirmed; how independent the two sides are is seen from their trusts."""
    proposal = draft.proposal(fact.stream.id, "settlement", fact.data.settlement_id)
    if proposal is None or proposal.minutes is None or proposal.delivery_id is None:
        raise CannotApply(f"nobody proposed the settlement {fact.data.settlement_id} in {fact.stream.id}")
    accepted(draft, fact, proposal)
    before = draft.delivery(fact.stream.id, proposal.delivery_id)
    _become(draft, fact, before, told=proposal.events, status="settled", minutes=proposal.minutes)


def reversed_(draft: Draft, fact: Fact[said.DeliveryReversed]) -> None:
    """Up to the day before `effective_on` the earlier status stands; from that day on the delivery counts nowhere.

    The earlier part is written even where it covers no day, so that a statement has both lines.
    """
    before = draft.delivery(fact.stream.id, fact.data.delivery_id)
    on, events = fact.data.effective_on, [*before.events, fact.event_id]
    draft.end(before, fact.position)
    stands = before._replace(known_from=fact.position, part=0, effective_until=on, events=events)
    draft.open(stands)
    draft.open(
        stands._replace(
            part=1,
            effective_from=on,
            effective_until=FOREVER,
            status="reversed",
            was=before.status,
            position=fact.position,
            recorded_at=fact.recorded_at,
            status_position=fact.position,
        )
    )


def _become(draft: Draft, fact: AnyFact, before: Entry, *, told: Sequence[str] = (), **changes: Any) -> None:
    """From this fact on, and what was `told` before it, the delivery has another status."""
    position, events = fact.position, [*before.events, *told, fact.event_id]
    draft.end(before, position)
    draft.open(before._replace(known_from=position, status_position=position, events=events, **changes))


def _minutes(minutes: int | None, fact: AnyFact) -> int:
    if minutes is None:
        raise CannotApply(f"{fact.event_id} does not say its minutes")
    return minutes


STEPS: Final[dict[str, Callable[[Draft, AnyFact], None]]] = {
    "support.agreed": agreed,
    "support.variation_proposed": variation_proposed,
    "support.variation_agreed": variation_agreed,
    "support.delivered": delivered,
    "support.delivery_confirmed": confirmed,
    "support.confirmation_withdrawn": answered("claimed"),
    "support.delivery_disputed": answered("disputed"),
    "support.settlement_proposed": settlement_proposed,
    "support.dispute_settled": settled,
    "support.delivery_attested": answered("attested"),
    "support.delivery_reversed": reversed_,
    "partnership.opening_position_proposed": opening_proposed,
    "partnership.opening_position_agreed": opening_agreed,
    "partnership.residual_proposed": residual_proposed,
    "partnership.residual_agreed": residual_agreed,
}
