"""What each fact of a support means, in a sentence for people. Free text is never told here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact
from ledger.domain.review import facts as review
from ledger.domain.support import facts as said
from ledger.domain.values import Amount
from projections.audit.telling import words_of
from projections.wording import amount, day, listing

IMPACTS: Final = {
    -1: "it set things back",
    0: "no effect seen",
    1: "an effect is emerging",
    2: "an effect is evident",
    3: "an effect is embedded",
}
MISSED: Final = {
    "giver_away": "the giver was away",
    "receiver_away": "the receiver was away",
    "illness": "illness",
    "weather": "the weather",
    "inspection": "an inspection",
    "other": "another reason",
}
BASES: Final = {"exchange": "in exchange", "gift": "as a gift", "paid": "paid", "funded": "funded"}


class Words(NamedTuple):
    """A sentence, the minutes it is about, and the delivery."""

    says: str
    minutes: int | None = None
    delivery_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Teller:
    """Tells the facts of one stream in order; it remembers what later ones name. `name` gives an id's name."""

    name: Callable[[str], str]
    finding_id: str | None = None
    deliveries: dict[str, said.Delivered] = field(default_factory=dict)
    proposals: dict[str, Any] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    def tell(self, fact: AnyFact) -> Words | None:
        """The words for a fact; None for one that says nothing about this chain."""
        telling = TELLINGS.get(type(fact.data))
        return None if telling is None else telling(self, fact)

    def who(self, fact: AnyFact) -> str:
        return "The ledger" if fact.voice is None else self.name(fact.voice)

    def given(self, delivery_id: str) -> str:
        """A delivery in words: `2 h given on Mon 7 Sep 2026`."""
        delivery = self.deliveries[delivery_id]
        return f"{long(delivery.amount)} given on {day(delivery.delivered_on)}"


def long(given: Amount) -> str:
    return amount(given.minutes or 0)


def offered(teller: Teller, fact: AnyFact) -> Words:
    data: said.Offered = fact.data
    says = f"{teller.name(data.giver_id)} offered {long(data.amount)} of {words_of(data.category)}: {data.summary}"
    return Words(says, data.amount.minutes)


def requested(teller: Teller, fact: AnyFact) -> Words:
    data: said.Requested = fact.data
    until = "" if data.needed_by is None else f", needed by {day(data.needed_by)}"
    says = f"{teller.name(data.receiver_id)} asked for {long(data.amount)} of {words_of(data.category)}{until}"
    return Words(says, data.amount.minutes)


def withdrawn(what: str) -> Callable[[Teller, AnyFact], Words]:
    return lambda teller, fact: Words(f"{teller.who(fact)} took the {what} back; what was agreed of it goes on")


def interest_shown(teller: Teller, fact: AnyFact) -> Words:
    data: said.InterestShown = fact.data
    says = f"{teller.name(data.organisation_id)} showed interest in {long(data.amount)}"
    return Words(says, data.amount.minutes)


def agreed(teller: Teller, fact: AnyFact) -> Words:
    data: said.Agreed = fact.data
    sides = f"{teller.name(data.giver_id)} gives {teller.name(data.receiver_id)}"
    when = f"from {day(data.starts_on)} to {day(data.ends_on)}"
    return Words(f"Both agreed: {sides} {long(data.amount)}, {when}, {BASES[data.basis]}", data.amount.minutes)


def variation_proposed(teller: Teller, fact: AnyFact) -> Words:
    data: said.VariationProposed = fact.data
    teller.proposals[data.variation_id] = data
    minutes = None if data.amount is None else data.amount.minutes
    return Words(f"{teller.who(fact)} proposed a change: {listing([*changes(data)])}", minutes)


def changes(data: said.VariationProposed) -> Iterator[str]:
    """What a variation would change."""
    if data.amount is not None:
        yield f"{long(data.amount)} in all"
    days: tuple[tuple[str, date | None], ...] = (("from", data.starts_on), ("to", data.ends_on))
    yield from (f"{word} {day(on)}" for word, on in days if on is not None)
    if data.basis is not None:
        yield BASES[data.basis]
    if data.confidential is not None:
        yield "to be kept confidential" if data.confidential else "no longer confidential"


def variation_agreed(teller: Teller, fact: AnyFact) -> Words:
    proposed: said.VariationProposed = teller.proposals[fact.data.variation_id]
    minutes = None if proposed.amount is None else proposed.amount.minutes
    return Words(f"{teller.who(fact)} agreed to the change: {listing([*changes(proposed)])}", minutes)


def visit_missed(teller: Teller, fact: AnyFact) -> Words:
    data: said.VisitMissed = fact.data
    teller.entries[fact.event_id] = "the missed visit"
    says = f"A visit of {long(data.amount)} did not take place ({MISSED[data.because]}), {teller.who(fact)} says"
    return Words(says, data.amount.minutes)


def delivered(teller: Teller, fact: AnyFact) -> Words:
    data: said.Delivered = fact.data
    teller.deliveries[data.delivery_id] = data
    says = f"{teller.who(fact)} recorded {teller.given(data.delivery_id)}, not yet confirmed"
    return Words(says, data.amount.minutes, data.delivery_id)


def answered(says: str) -> Callable[[Teller, AnyFact], Words]:
    """What was said to a delivery; `says` has places for who said it and for what was given."""

    def told(teller: Teller, fact: AnyFact) -> Words:
        delivery_id = fact.data.delivery_id
        given = teller.given(delivery_id)
        minutes = teller.deliveries[delivery_id].amount.minutes
        return Words(says.format(who=teller.who(fact), given=given), minutes, delivery_id)

    return told


def disputed(teller: Teller, fact: AnyFact) -> Words:
    data: said.DeliveryDisputed = fact.data
    accepted = data.amount_accepted
    more = "" if accepted is None else f"; it would accept {long(accepted)}"
    minutes = teller.deliveries[data.delivery_id].amount.minutes
    return Words(f"{teller.who(fact)} queried {teller.given(data.delivery_id)}{more}", minutes, data.delivery_id)


def settlement_proposed(teller: Teller, fact: AnyFact) -> Words:
    data: said.SettlementProposed = fact.data
    teller.proposals[data.settlement_id] = data
    says = f"{teller.who(fact)} proposed to count {long(data.amount)} of {teller.given(data.delivery_id)}"
    return Words(says, data.amount.minutes, data.delivery_id)


def dispute_settled(teller: Teller, fact: AnyFact) -> Words:
    proposed: said.SettlementProposed = teller.proposals[fact.data.settlement_id]
    says = f"{teller.who(fact)} agreed: {long(proposed.amount)} of {teller.given(proposed.delivery_id)} count"
    return Words(says, proposed.amount.minutes, proposed.delivery_id)


def delivery_reversed(teller: Teller, fact: AnyFact) -> Words:
    data: said.DeliveryReversed = fact.data
    from_then = f"it counts no longer from {day(data.effective_on)} on"
    minutes = teller.deliveries[data.delivery_id].amount.minutes
    says = f"{teller.who(fact)} took back {teller.given(data.delivery_id)}: {from_then}"
    return Words(says, minutes, data.delivery_id)


def outcome_recorded(teller: Teller, fact: AnyFact) -> Words:
    teller.entries[fact.event_id] = "the outcome"
    return Words(f"{teller.who(fact)} says what came of it: {IMPACTS[fact.data.impact]}")


def ended(says: str) -> Callable[[Teller, AnyFact], Words]:
    return lambda teller, fact: Words(f"{teller.who(fact)} {says}")


def entry_withdrawn(teller: Teller, fact: AnyFact) -> Words:
    return Words(f"{teller.who(fact)} took back {teller.entries[fact.data.event_id]} it had recorded")


def review_completed(teller: Teller, fact: AnyFact) -> Words | None:
    for finding in fact.data.findings:
        if finding.finding_id == teller.finding_id:
            return Words(f"A peer review led by {teller.who(fact)} found something about {finding.area}")
    return None


def review_answered(teller: Teller, fact: AnyFact) -> Words | None:
    for finding in fact.data.findings:
        if finding.finding_id == teller.finding_id:
            return Words(f"{teller.who(fact)} {'accepted' if finding.accepted else 'did not accept'} the finding")
    return None


TELLINGS: Final[dict[type, Callable[[Teller, AnyFact], Words | None]]] = {
    review.Completed: review_completed,
    review.Answered: review_answered,
    said.Offered: offered,
    said.Requested: requested,
    said.OfferWithdrawn: withdrawn("offer"),
    said.RequestWithdrawn: withdrawn("request"),
    said.InterestShown: interest_shown,
    said.Agreed: agreed,
    said.VariationProposed: variation_proposed,
    said.VariationAgreed: variation_agreed,
    said.VisitMissed: visit_missed,
    said.Delivered: delivered,
    said.DeliveryConfirmed: answered("{who} confirmed {given}: it counts"),
    said.ConfirmationWithdrawn: answered("{who} took back its confirmation of {given}"),
    said.DeliveryDisputed: disputed,
    said.SettlementProposed: settlement_proposed,
    said.DisputeSettled: dispute_settled,
    said.DeliveryAttested: answered("{who} attested {given}, unanswered so far: it counts in no balance"),
    said.DeliveryReversed: delivery_reversed,
    said.OutcomeRecorded: outcome_recorded,
    said.Completed: ended("ended it as done"),
    said.Cancelled: ended("ended it before it was done"),
    said.EntryWithdrawn: entry_withdrawn,
}
