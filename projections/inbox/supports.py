"""What a support needs somebody for: an answer to an offer, a yes to a change, a promise that falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.domain.support import facts as said
from ledger.domain.support.shapes import Agreed, Interest, Offer, Offered, Posted, TwoSided, Variation
from ledger.domain.support.state import SupportState, evolve
from projections.asking import Asking
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.inbox.desk import Desk
from projections.inbox.items import SOON, Action, Item, called
from projections.wording import amount, day


@dataclass(frozen=True)
class Spoken:
    """A support as it stands, and the facts by what they name: a delivery, variation, settlement or interest."""

    support_id: str
    state: SupportState
    facts: Mapping[tuple[type, str], Noted]
    first: Noted
    taken: frozenset[str]
    agreed: Noted | None

    def noted(self, kind: type, word: str) -> Noted:
        return self.facts[kind, word]


def spoken_supports(asking: Asking, ids: Iterable[str]) -> Iterator[Spoken]:
    """These supports as known at the question's position."""
    keys = [f"stream:{one}" for one in ids]
    for key, notes in facts_with(asking, keys).items():
        support_id = key.removeprefix("stream:")
        if notes and notes[0].fact.stream.id == support_id:
            yield spoken(support_id, notes)


def spoken(support_id: str, notes: Iterable[Noted]) -> Spoken:
    state: Any = None
    facts: dict[tuple[type, str], Noted] = {}
    own = [one for one in notes if one.fact.stream.id == support_id]
    for noted in own:
        state = evolve(state, noted.fact)
        word = word_of(noted.fact.data)
        if word is not None:
            facts[type(noted.fact.data), word] = noted
    answers = (one.fact.data.answers for one in notes if isinstance(one.fact.data, said.Agreed))
    taken = {one.interest_id for one in answers if one is not None and one.support_id == support_id and one.interest_id}
    agreed = next((each for each in own if isinstance(each.fact.data, said.Agreed)), None)
    return Spoken(support_id, state, facts, own[0], frozenset(taken), agreed)


def word_of(data: Any) -> str | None:
    """What a fact names, inside its stream."""
    for name in ("settlement_id", "variation_id", "interest_id", "delivery_id"):
        found: str | None = getattr(data, name, None)
        if found is not None:
            return found
    return None


def support_items(desk: Desk, one: Spoken) -> Iterator[Item]:
    """What waits for the reader in a support, its deliveries apart."""
    state = one.state
    if isinstance(state, Posted):
        if state.is_offer_or_request_open and not state.has_run_out(desk.day):
            yield from addressed(desk, one, state)
            yield from interests(desk, one, state)
    else:
        yield from variations(desk, one, state)
        yield from promises(desk, one, state)


def posting_data(state: Posted, other_id: str, **more: Any) -> dict[str, Any]:
    """What is known of an agreement that takes up an offer or meets a request."""
    giver, receiver = (state.maker_id, other_id) if isinstance(state, Offered) else (other_id, state.maker_id)
    data = {"giver_id": giver, "receiver_id": receiver, "category": state.category}
    if state.partnership_id is not None:
        data["partnership_id"] = state.partnership_id
    return data | more


def addressed(desk: Desk, one: Spoken, state: Posted) -> Iterator[Item]:
    """An offer or request addressed to the reader alone."""
    own = None if state.addressed_to is None else desk.mine.get(state.addressed_to)
    if own is None or state.addressed_to is None:
        return
    offer = isinstance(state, Offered)
    what = f"{amount(state.minutes)} ({state.category.replace('_', ' ')})"
    yield Item(
        kind="offer" if offer else "request",
        key=one.support_id,
        organisation_id=own,
        partnership_id=state.partnership_id,
        since=one.first.on,
        due=state.until,
        says=f"{called(state.maker_id)} {'offers' if offer else 'asks'} {called(own)} {'' if offer else 'for '}{what}.",
        action=Action(
            type="support.agreed", subject=one.support_id, voice=own, data=posting_data(state, state.addressed_to)
        ),
        event_ids=(one.first.fact.event_id,),
        counterpart_id=state.maker_id,
        minutes=state.minutes,
        why_not=desk.another(state.actor),
    )


def interests(desk: Desk, one: Spoken, state: Posted) -> Iterator[Item]:
    """Who would take up the reader's offer, or meet its request, and was not taken at its word yet."""
    own = desk.mine.get(state.maker_id)
    for interest_id, interest in state.interests.items() if own is not None else ():
        if interest_id in one.taken or own is None:
            continue
        noted = one.noted(said.InterestShown, interest_id)
        does = "would take up" if isinstance(state, Offered) else "would give"
        answers = {"support_id": one.support_id, "interest_id": interest_id}
        yield Item(
            kind="interest",
            key=f"{one.support_id}:{interest_id}",
            organisation_id=own,
            partnership_id=state.partnership_id,
            since=noted.on,
            due=state.until,
            says=f"{called(interest.organisation_id)} {does} {amount(interest.minutes)} of what {called(own)}"
            f" {'offers' if isinstance(state, Offered) else 'asked for'} ({state.category.replace('_', ' ')}).",
            action=Action(
                type="support.agreed",
                subject=None,
                voice=own,
                data=posting_data(state, interest.organisation_id, basis=basis_of(state, interest), answers=answers),
            ),
            event_ids=(one.first.fact.event_id, noted.fact.event_id),
            counterpart_id=interest.organisation_id,
            minutes=interest.minutes,
            why_not=desk.another(interest.actor),
        )


def basis_of(state: Posted, interest: Interest) -> str:
    """The giver's word: that of the offer, or that of whoever would meet the request."""
    return state.basis if isinstance(state, Offer) else interest.basis


def variations(desk: Desk, one: Spoken, state: TwoSided) -> Iterator[Item]:
    """Changes that the other side proposes, while they may still be agreed."""
    for variation_id, variation in state.variations.items():
        if not variation.open or not (isinstance(state, Agreed) or variation.only_confidence):
            continue
        own, other = answering_side(desk, state, variation.voice)
        if own is not None:
            noted = one.noted(said.VariationProposed, variation_id)
            yield Item(
                kind="variation",
                key=f"{one.support_id}:{variation_id}",
                organisation_id=own,
                partnership_id=state.partnership_id,
                since=noted.on,
                due=None,
                says=f"{called(other)} proposes to change what it agreed with {called(own)}: {changes(variation)}.",
                action=Action(
                    type="support.variation_agreed", subject=one.support_id, voice=own,
                    data={"variation_id": variation_id},
                ),
                event_ids=(noted.fact.event_id,),
                counterpart_id=other,
                minutes=variation.minutes,
                why_not=desk.another(variation.actor),
            )  # fmt: skip


def answering_side(desk: Desk, state: TwoSided, voice: str) -> tuple[str | None, str]:
    """The reader's organisation that has to say yes to what `voice` proposed, and the other side."""
    giver, receiver = state.sides
    proposer = desk.said_by(voice)
    for own, other in ((giver, receiver), (receiver, giver)):
        if own in desk.mine and voice != own and (proposer is None or proposer != desk.mine[own]):
            return desk.mine[own], other
    return None, receiver


def changes(variation: Variation) -> str:
    """What would be different, in a few words."""
    found = [] if variation.minutes is None else [f"the amount to {amount(variation.minutes)}"]
    found += [] if variation.starts_on is None else [f"the first day to {day(variation.starts_on)}"]
    found += [] if variation.ends_on is None else [f"the last day to {day(variation.ends_on)}"]
    found += [] if variation.payment is None else [f"the basis to {variation.payment.basis}"]
    if variation.confidential is not None:
        found.append("to keep it confidential" if variation.confidential else "to keep it confidential no longer")
    return ", ".join(found)


def promises(desk: Desk, one: Spoken, state: TwoSided) -> Iterator[Item]:
    """What the reader agreed to give, has not wholly given, and should have by a day that is near or past."""
    own = desk.mine.get(state.giver_id)
    if own is None or not isinstance(state, Agreed):
        return
    agreement, left = state.agreement, state.agreement.minutes - state.delivered_minutes
    if left <= 0 or agreement.ends_on - SOON > desk.day:
        return
    yield Item(
        kind="promise",
        key=one.support_id,
        organisation_id=own,
        partnership_id=state.partnership_id,
        since=max(agreement.starts_on, agreement.ends_on - SOON),
        due=agreement.ends_on,
        says=f"{called(own)} agreed to give {called(state.receiver_id)} {amount(agreement.minutes)} by"
        f" {day(agreement.ends_on)}; {amount(left)} of it has not been recorded yet.",
        action=Action(type="support.delivered", subject=one.support_id, voice=own),
        event_ids=() if one.agreed is None else (one.agreed.fact.event_id,),
        counterpart_id=state.receiver_id,
        minutes=left,
    )
