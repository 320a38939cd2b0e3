"""What a partnership needs somebody for: an invitation, a yes about the past, a review, a leaving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from ledger.domain.partnership import facts as said
from ledger.domain.partnership.proposals import Opening, Residual
from projections.asking import Asking
from projections.evidence.noted import Noted
from projections.evidence.partnerships import Partnership, Review
from projections.evidence.reading import facts_with
from projections.inbox.desk import Desk
from projections.inbox.items import SOON, Action, Item, called
from projections.wording import amount, day

JOINS_WITHIN: Final = timedelta(days=28)
"""How long after it was held a partner may still join a review that nobody announced."""

Said = Mapping[tuple[type, str], Noted]

DISPOSALS: Final = {
    "returned": "to give it back with other support",
    "passed_on": "to pass it on",
    "forgiven": "to let it be",
    "carried": "to carry it to another partnership",
}


def membership_items(asking: Asking, desk: Desk) -> Iterator[Item]:
    """What waits for the reader in the streams of its partnerships."""
    facts = facts_with(asking, [f"stream:{one}" for one in desk.records])
    for partnership_id, record in desk.records.items():
        words = said_in(facts[f"stream:{partnership_id}"])
        yield from invitations(desk, record, words)
        yield from openings(desk, record, words)
        yield from residuals(desk, record, words)
        yield from leavings(desk, record)
        yield from reviews(desk, record)


def said_in(notes: tuple[Noted, ...]) -> Said:
    """The facts of a partnership by what they name: an organisation that is invited, or a proposal."""
    found: dict[tuple[type, str], Noted] = {}
    for noted in notes:
        data: Any = noted.fact.data
        if isinstance(data, said.Formed):
            found |= {(said.PartnerInvited, one.organisation_id): noted for one in data.partners}
        elif isinstance(data, said.PartnerInvited):
            found[said.PartnerInvited, data.organisation_id] = noted
        elif isinstance(data, said.OpeningPositionProposed | said.ResidualProposed):
            found[type(data), data.proposal_id] = noted
    return found


def item_in(record: Partnership, own: str, action: tuple[str, Mapping[str, Any]] | None, **given: Any) -> Item:
    """An item of a partnership; `action` is the type and the data of the step to take in its stream."""
    step = None if action is None else Action(type=action[0], subject=record.partnership_id, voice=own, data=action[1])
    usual = {"organisation_id": own, "partnership_id": record.partnership_id, "due": None, "action": step}
    return Item(**usual | given)


def invitations(desk: Desk, record: Partnership, words: Said) -> Iterator[Item]:
    for organisation_id in record.state.members.invitations:
        own = desk.mine.get(organisation_id)
        noted = words.get((said.PartnerInvited, organisation_id))
        if own is not None and noted is not None:
            data = {"organisation_id": organisation_id, "on": max(desk.day, record.starts_on).isoformat()}
            yield item_in(
                record, own, ("partnership.partner_accepted", data),
                kind="invitation",
                key=f"{record.partnership_id}:{organisation_id}",
                since=noted.on,
                says=f"{called(record.coordinator_on(desk.day))} invites {called(own)} into"
                f" {called(record.partnership_id)}: {record.purpose}",
                event_ids=(noted.fact.event_id,),
                counterpart_id=record.coordinator_on(desk.day),
            )  # fmt: skip


def openings(desk: Desk, record: Partnership, words: Said) -> Iterator[Item]:
    """What one partner gave another before the ledger began, where the reader's yes is missing."""
    agreed = {one.sides for one in record.state.openings.values() if one.in_force}
    for proposal_id, opening in record.state.openings.items():
        own = next((one for one in sorted(opening.sides) if waits_for(desk, one, opening)), None)
        if own is None or opening.sides in agreed:
            continue
        noted, data = words[said.OpeningPositionProposed, proposal_id], opening.said
        yield item_in(
            record, desk.mine[own], ("partnership.opening_position_agreed", {"proposal_id": proposal_id}),
            kind="opening_position",
            key=f"{record.partnership_id}:{proposal_id}",
            since=noted.on,
            says=f"{called(opening.proposed.voice)} says that {called(data.giver_id)} gave {called(data.receiver_id)}"
            f" {amount(data.minutes)} from {day(data.since)} on, before it was recorded here.",
            event_ids=(noted.fact.event_id,),
            counterpart_id=data.giver_id if own == data.receiver_id else data.receiver_id,
            minutes=data.minutes,
            why_not=desk.another(opening.proposed.actor),
        )  # fmt: skip


def waits_for(desk: Desk, organisation_id: str, opening: Opening) -> bool:
    """Whether the reader speaks for this side, and not for the one that proposed it."""
    return organisation_id in desk.mine and desk.mine[organisation_id] != desk.mine.get(opening.proposed.voice)


def residuals(desk: Desk, record: Partnership, words: Said) -> Iterator[Item]:
    """What becomes of what is still open between two, where the reader's yes is missing."""
    for proposal_id, residual in record.state.residuals.items():
        for touched in residual.touched if not residual.in_force else ():
            if touched not in desk.mine or has_spoken(desk, residual, touched):
                continue
            noted, data = words[said.ResidualProposed, proposal_id], residual.said
            debtor, creditor = called(data.debtor_id), called(data.creditor_id)
            yield item_in(
                record, desk.mine[touched], ("partnership.residual_agreed", {"proposal_id": proposal_id}),
                kind="residual",
                key=f"{record.partnership_id}:{proposal_id}",
                since=noted.on,
                says=f"{called(residual.proposed.voice)} proposes what to do with {amount(data.minutes)} that {debtor}"
                f" got from {creditor} and did not give back: {DISPOSALS[data.disposal]}.",
                event_ids=(noted.fact.event_id,),
                counterpart_id=data.creditor_id if touched == data.debtor_id else data.debtor_id,
                minutes=data.minutes,
                why_not=desk.another(residual.proposed.actor, *(word.actor for word in residual.agreed)),
            )  # fmt: skip


def has_spoken(desk: Desk, residual: Residual, organisation_id: str) -> bool:
    own = desk.mine[organisation_id]
    return any(own == desk.mine.get(voice, voice) for voice in (residual.proposed.voice, *residual.agreed_by))


def leavings(desk: Desk, record: Partnership) -> Iterator[Item]:
    """A notice: for who runs the partnership one to know of, for its giver a day on which to say that it has left."""
    for notice in record.notices:
        if not notice.stands_on(desk.day) or not record.state.active_on(notice.organisation_id, desk.day):
            continue
        own = desk.mine.get(notice.organisation_id)
        given: dict[str, Any] = {
            "key": notice.event_id,
            "since": notice.given_on,
            "due": notice.leaves_on,
            "says": f"{called(notice.organisation_id)} gave notice on {day(notice.given_on)}: it leaves"
            f" {called(record.partnership_id)} on {day(notice.leaves_on)}.",
            "event_ids": (notice.event_id,),
        }
        if own is not None and notice.leaves_on <= desk.day:
            data = {"organisation_id": notice.organisation_id, "on": desk.day.isoformat()}
            yield item_in(record, own, ("partnership.partner_left", data), kind="leaving", **given)
        elif own is None and desk.runs(record.partnership_id):
            whose = record.coordinator_on(desk.day)
            yield item_in(record, whose, None, kind="notice", counterpart_id=notice.organisation_id, **given)


def reviews(desk: Desk, record: Partnership) -> Iterator[Item]:
    """The review of a partnership that is due, or that others held, where the reader's word is missing."""
    for organisation_id in sorted(set(desk.mine) & record.spans.keys()):
        if record.state.active_on(organisation_id, desk.day) and record.closed_by(desk.day) is None:
            for review in awaited(record, organisation_id, desk.day):
                yield review_item(desk, record, organisation_id, review)


def awaited(record: Partnership, organisation_id: str, on: date) -> Iterator[Review]:
    """Announced and due soon, or held by others; where none is announced, the next one once it is due."""
    for review in record.reviews.values():
        held_on = review.held_on(on)
        announced = review.scheduled_on is not None and review.scheduled_on <= on
        known = announced and review.due_on - SOON <= on if held_on is None else held_on + JOINS_WITHIN >= on
        if known and all(answer.voice != organisation_id for answer in review.answers):
            yield review
    due_on, review_id = record.next_review_due(on)
    if not record.waiting_reviews(on) and due_on - SOON <= on and (record.ends_on is None or due_on <= record.ends_on):
        yield Review(review_id=review_id, due_on=due_on)


def review_item(desk: Desk, record: Partnership, organisation_id: str, review: Review) -> Item:
    held_on, own = review.held_on(desk.day), desk.mine[organisation_id]
    what = f"The review of {called(record.partnership_id)}"
    says = f"{what} {'is' if review.due_on >= desk.day else 'was'} due on {day(review.due_on)}."
    if held_on is not None:
        says = f"{what} was held on {day(held_on)}; {called(own)} has not said its part yet."
    data = {"review_id": review.review_id} if review.review_id in record.reviews else {}
    scheduled = () if review.scheduled_by is None else (review.scheduled_by,)
    return item_in(
        record, own, ("partnership.reviewed", data),
        kind="partnership_review",
        key=f"{record.partnership_id}:{review.review_id}",
        since=held_on or review.scheduled_on or review.due_on - SOON,
        due=review.due_on if held_on is None else held_on + JOINS_WITHIN,
        says=says,
        event_ids=(*scheduled, *(answer.event_id for answer in review.answers_by(desk.day))),
    )  # fmt: skip
