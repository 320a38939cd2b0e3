"""How the facts of a scope make its supports. What an entry withdrawn took back is left out; nothing is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from ledger.domain.support import facts as said
from projections.evidence.deliveries import Delivery, Step, StepKind
from projections.evidence.fitting import UNFIT, unfit
from projections.evidence.noted import Noted
from projections.evidence.supports import Agreed, Ending, Missed, Outcome, Posted, Support, Varied
from projections.tables import CannotApply

Canonical = Callable[[str], str]


class Fold:
    """Supports by id, unfinished; `canonical` gives the one id an organisation is read as."""

    def __init__(self, canonical: Canonical) -> None:
        self.canonical = canonical
        self.supports: dict[str, Support] = {}
        self.proposed: dict[tuple[str, str], Noted] = {}

    def add(self, noted: Noted) -> None:
        """The next fact, in order of position. Facts of other streams are passed over. Raises FactDoesNotFit."""
        step = STEPS.get(type(noted.fact.data))
        if step is not None:
            try:
                step(self, noted)
            except UNFIT as error:
                raise unfit(noted, error) from error

    def voice(self, noted: Noted) -> str | None:
        """Whose word it is, under the id it is read as."""
        return None if noted.fact.voice is None else self.canonical(noted.fact.voice)

    def of(self, noted: Noted) -> Support:
        support = self.supports.get(noted.fact.stream.id)
        if support is None:
            raise CannotApply("it has no support before it")
        return support

    def delivery(self, noted: Noted) -> Delivery:
        delivery = self.of(noted).deliveries.get(noted.fact.data.delivery_id)
        if delivery is None:
            raise CannotApply("it names a delivery that is not there")
        return delivery


def fold_supports(facts: Iterable[Noted], canonical: Canonical) -> dict[str, Support]:
    """The supports of a scope by id, in the order of their first facts. Raises FactDoesNotFit."""
    fold = Fold(canonical)
    for noted in facts:
        fold.add(noted)
    return fold.supports


def offered(fold: Fold, noted: Noted) -> None:
    data = noted.fact.data
    maker = fold.canonical(data.giver_id)
    fold.supports[noted.fact.stream.id] = Support(
        support_id=noted.fact.stream.id, partnership_id=data.partnership_id, category=data.category, giver_id=maker,
        basis=data.basis or "exchange", posted=posted("offer", maker, noted, data.available_until, None),
    )  # fmt: skip


def requested(fold: Fold, noted: Noted) -> None:
    data = noted.fact.data
    maker = fold.canonical(data.receiver_id)
    fold.supports[noted.fact.stream.id] = Support(
        support_id=noted.fact.stream.id, partnership_id=data.partnership_id, category=data.category, receiver_id=maker,
        confidential=bool(data.confidential), posted=posted("request", maker, noted, data.needed_by, data.arising_from),
    )  # fmt: skip


def posted(kind: Any, maker: str, noted: Noted, until: Any, arising_from: Any) -> Posted:
    data = noted.fact.data
    addressed = data.open_to.organisation_id
    return Posted(kind, maker, noted.on, data.amount.minutes or 0, until, noted.fact.event_id, addressed, arising_from)


def posting_withdrawn(fold: Fold, noted: Noted) -> None:
    fold.of(noted).posting_withdrawn_on = noted.on


def agreed(fold: Fold, noted: Noted) -> None:
    fact, data = noted.fact, noted.fact.data
    support = fold.supports.get(fact.stream.id)
    if support is None:
        support = fold.supports[fact.stream.id] = Support(
            support_id=fact.stream.id, partnership_id=data.partnership_id, category=data.category
        )
    support.giver_id, support.receiver_id = fold.canonical(data.giver_id), fold.canonical(data.receiver_id)
    support.basis, support.confidential = data.basis, support.confidential or bool(data.confidential)
    answers = None if data.answers is None else data.answers.support_id
    minutes = data.amount.minutes or 0
    support.agreed = Agreed(
        noted.on, data.starts_on, data.ends_on, minutes, data.basis, data.aim_id, answers, fact.event_id
    )


def variation_proposed(fold: Fold, noted: Noted) -> None:
    fold.proposed[noted.fact.stream.id, noted.fact.data.variation_id] = noted


def variation_agreed(fold: Fold, noted: Noted) -> None:
    support, fact = fold.of(noted), noted.fact
    proposal = fold.proposed[fact.stream.id, fact.data.variation_id].fact
    data = proposal.data
    minutes = None if data.amount is None else data.amount.minutes
    events = (proposal.event_id, fact.event_id)
    support.variations.append(Varied(noted.on, data.starts_on, data.ends_on, minutes, data.basis, events))
    support.basis = data.basis or support.basis
    support.confidential = support.confidential if data.confidential is None else data.confidential


def visit_missed(fold: Fold, noted: Noted) -> None:
    fact, data = noted.fact, noted.fact.data
    missed = Missed(noted.on, data.amount.minutes or 0, data.because, fold.voice(noted), fact.event_id)
    fold.of(noted).missed.append(missed)


def delivered(fold: Fold, noted: Noted) -> None:
    fact, data = noted.fact, noted.fact.data
    support = fold.supports.get(fact.stream.id)
    if support is None:
        support = fold.supports[fact.stream.id] = Support(
            support_id=fact.stream.id, partnership_id=data.partnership_id, category=data.category,
            giver_id=fold.canonical(data.giver_id), receiver_id=fold.canonical(data.receiver_id),
            basis=data.basis or "exchange",
        )  # fmt: skip
    support.deliveries[data.delivery_id] = Delivery(
        delivery_id=data.delivery_id, support_id=fact.stream.id, giver_id=support.giver_id,
        receiver_id=support.receiver_id, delivered_on=data.delivered_on, minutes=data.amount.minutes or 0,
        basis=support.basis, people=data.people or (), imported=bool(data.imported), occasion_id=data.occasion_id,
        recorded_at=fact.recorded_at, position=noted.position, event_id=fact.event_id, actor=fact.actor,
    )  # fmt: skip


def stepped(kind: StepKind) -> Callable[[Fold, Noted], None]:
    def step(fold: Fold, noted: Noted) -> None:
        fold.delivery(noted).steps.append(step_of(kind, noted, fold.voice(noted)))

    return step


def step_of(kind: StepKind, noted: Noted, voice: str | None, minutes: int | None = None) -> Step:
    fact = noted.fact
    independence = getattr(fact.data, "independence", None)
    return Step(kind, noted.on, fact.recorded_at, noted.position, fact.event_id, voice, minutes, independence)


def settlement_proposed(fold: Fold, noted: Noted) -> None:
    fold.proposed[noted.fact.stream.id, noted.fact.data.settlement_id] = noted


def dispute_settled(fold: Fold, noted: Noted) -> None:
    fact = noted.fact
    proposal = fold.proposed[fact.stream.id, fact.data.settlement_id]
    minutes = proposal.fact.data.amount.minutes or 0
    fold.delivery(proposal).steps.append(step_of("settled", noted, fold.voice(noted), minutes))


def outcome_recorded(fold: Fold, noted: Noted) -> None:
    fact, data = noted.fact, noted.fact.data
    outcome = Outcome(
        noted.on, data.impact, fold.voice(noted), data.aim_id, data.saving_pence, noted.position, fact.event_id
    )
    fold.of(noted).outcomes.append(outcome)


def completed(fold: Fold, noted: Noted) -> None:
    fold.of(noted).ending = Ending("completed", noted.on, noted.fact.event_id)


def cancelled(fold: Fold, noted: Noted) -> None:
    fold.of(noted).ending = Ending("cancelled", noted.on, noted.fact.event_id)


def entry_withdrawn(fold: Fold, noted: Noted) -> None:
    support, event_id = fold.of(noted), noted.fact.data.event_id
    support.missed = [one for one in support.missed if one.event_id != event_id]
    support.outcomes = [one for one in support.outcomes if one.event_id != event_id]


STEPS: Final[dict[type, Callable[[Fold, Noted], None]]] = {
    said.Offered: offered,
    said.Requested: requested,
    said.OfferWithdrawn: posting_withdrawn,
    said.RequestWithdrawn: posting_withdrawn,
    said.Agreed: agreed,
    said.VariationProposed: variation_proposed,
    said.VariationAgreed: variation_agreed,
    said.VisitMissed: visit_missed,
    said.Delivered: delivered,
    said.DeliveryConfirmed: stepped("confirmed"),
    said.ConfirmationWithdrawn: stepped("confirmation_withdrawn"),
    said.DeliveryDisputed: stepped("disputed"),
    said.SettlementProposed: settlement_proposed,
    said.DisputeSettled: dispute_settled,
    said.DeliveryAttested: stepped("attested"),
    said.DeliveryReversed: stepped("reversed"),
    said.OutcomeRecorded: outcome_recorded,
    said.Completed: completed,
    said.Cancelled: cancelled,
    said.EntryWithdrawn: entry_withdrawn,
}
