"""From facts to the board. Pure: the same facts give the same rows, however they are cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.support import facts as said
from ledger.domain.values import Amount
from projections.board.draft import Draft
from projections.board.rows import ALL, Kind, Occasion, Outcome, Posting, Sides, Step, StepKind
from projections.tables import END, FOREVER, CannotApply, Changes, Loader
from projections.view import View

VERSION: Final = 1


def board_view(zone: ZoneInfo) -> View:
    """The view of what is offered and asked for; `zone` is the ledger's, in which days are counted."""
    return View(
        name="board",
        version=VERSION,
        types=frozenset(FOLDS),
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        indexes=files(__package__).joinpath("indexes.sql").read_text("utf-8"),
        tables=ALL,
        fold=partial(fold, zone=zone),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, zone: ZoneInfo) -> Changes:
    """What these facts, in order of position, do to the board that `loader` knows."""
    draft = Draft(facts, loader, zone)
    for fact in facts:
        FOLDS[fact.type](draft, fact)
    return draft.changes


def said_on(draft: Draft, fact: AnyFact) -> date:
    return fact.occurred_at.astimezone(draft.zone).date()


def minutes_of(amount: Amount, fact: AnyFact) -> int:
    if amount.minutes is None:
        raise CannotApply(f"{fact.event_id} says an amount without its minutes")
    return amount.minutes


def step_of(
    fact: AnyFact, support_id: str, kind: StepKind, day: date, *, word: str | None = None, minutes: int | None = None
) -> Step:
    return Step(fact.position, support_id, fact.stream.id, kind, day, word, minutes, fact.event_id)


def offered(draft: Draft, fact: Fact[said.Offered]) -> None:
    data = fact.data
    row = posted(draft, fact, "offer", data.giver_id)
    paid = row._replace(basis=data.basis or "exchange", paid_by=data.paid_by, pence_per_day=data.pence_per_day)
    until = data.available_until or FOREVER
    whole = paid._replace(starts_on=data.available_from, ends_on=until, named=True, summary=data.summary)
    draft.post(whole, step_of(fact, fact.stream.id, "posted", row.effective_from, minutes=row.minutes))


def requested(draft: Draft, fact: Fact[said.Requested]) -> None:
    data = fact.data
    row = posted(draft, fact, "request", data.receiver_id)
    row = row._replace(ends_on=data.needed_by or FOREVER, named=bool(data.named), confidential=bool(data.confidential))
    if data.arising_from is not None:
        row = row._replace(review_id=data.arising_from.review_id, finding=data.arising_from.finding_id)
    draft.post(row, step_of(fact, fact.stream.id, "posted", row.effective_from, minutes=row.minutes))


def posted(draft: Draft, fact: Fact[said.Offered] | Fact[said.Requested], kind: Kind, maker_id: str) -> Posting:
    """What an offer and a request have in common."""
    data = fact.data
    minutes = minutes_of(data.amount, fact)
    return Posting(
        support_id=fact.stream.id,
        known_from=fact.position,
        known_until=END,
        effective_from=said_on(draft, fact),
        effective_until=FOREVER,
        kind=kind,
        state="open",
        minutes=minutes,
        minutes_left=minutes,
        maker_id=maker_id,
        partnership_id=data.partnership_id,
        category=data.category,
        open_to=data.open_to.to,
        addressed_id=data.open_to.organisation_id,
        starts_on=None,
        ends_on=FOREVER,
        basis=None,
        paid_by=None,
        pence_per_day=None,
        named=False,
        confidential=False,
        summary=None,
        review_id=None,
        finding=None,
        position=fact.position,
        events=[fact.event_id],
    )


def withdrawn(draft: Draft, fact: Fact[said.OfferWithdrawn] | Fact[said.RequestWithdrawn]) -> None:
    draft.step(step_of(fact, fact.stream.id, "withdrawn", said_on(draft, fact)))


def agreed(draft: Draft, fact: Fact[said.Agreed]) -> None:
    """In the stream of the offer itself its one addressee takes it; in another it takes some of what is answered."""
    data, support_id = fact.data, fact.stream.id
    draft.pair(Sides(support_id, data.giver_id, data.receiver_id, data.category, bool(data.confidential)))
    day = min(said_on(draft, fact), data.starts_on)
    minutes = minutes_of(data.amount, fact)
    if draft.is_posting(support_id):
        draft.step(step_of(fact, support_id, "taken", day, minutes=minutes))
    elif data.answers is not None:
        draft.step(step_of(fact, data.answers.support_id, "agreed", day, minutes=minutes))


def variation_proposed(draft: Draft, fact: Fact[said.VariationProposed]) -> None:
    """Confidence holds as soon as one side asks for it."""
    data = fact.data
    if data.confidential:
        draft.keep_confidential(fact.stream.id)
    if data.amount is not None:
        minutes = minutes_of(data.amount, fact)
        answering(draft, fact, "proposed", said_on(draft, fact), word=data.variation_id, minutes=minutes)


def variation_agreed(draft: Draft, fact: Fact[said.VariationAgreed]) -> None:
    if draft.changes_amount(fact.stream.id, fact.data.variation_id):
        answering(draft, fact, "varied", said_on(draft, fact), word=fact.data.variation_id)


def delivered(draft: Draft, fact: Fact[said.Delivered]) -> None:
    data, support_id = fact.data, fact.stream.id
    if data.giver_id is not None and data.receiver_id is not None:
        draft.pair(Sides(support_id, data.giver_id, data.receiver_id, data.category or "other", False))
    if data.occasion_id is not None:
        giver_id = fact.voice or draft.sides(support_id).giver_id
        draft.occasion(Occasion(fact.position, support_id, giver_id, data.occasion_id))
    minutes = minutes_of(data.amount, fact)
    answering(draft, fact, "delivered", data.delivered_on, word=data.delivery_id, minutes=minutes)


def delivery_reversed(draft: Draft, fact: Fact[said.DeliveryReversed]) -> None:
    answering(draft, fact, "reversed", fact.data.effective_on, word=fact.data.delivery_id)


def cancelled(draft: Draft, fact: Fact[said.Cancelled]) -> None:
    answering(draft, fact, "cancelled", said_on(draft, fact))


def answering(
    draft: Draft, fact: AnyFact, kind: StepKind, day: date, *, word: str | None = None, minutes: int | None = None
) -> None:
    """A step of an agreement, where it answers an offer or request in another stream."""
    support_id = draft.answers(fact.stream.id)
    if support_id is not None and support_id != fact.stream.id:
        draft.step(step_of(fact, support_id, kind, day, word=word, minutes=minutes))


def outcome_recorded(draft: Draft, fact: Fact[said.OutcomeRecorded]) -> None:
    support_id = fact.stream.id
    by_receiver = fact.voice == draft.sides(support_id).receiver_id
    draft.outcome(
        Outcome(fact.position, END, support_id, fact.event_id, by_receiver, fact.data.impact, fact.data.assessed_on)
    )


def entry_withdrawn(draft: Draft, fact: Fact[said.EntryWithdrawn]) -> None:
    draft.take_back(fact.data.event_id, fact.position)


FOLDS: Final[dict[str, Callable[[Draft, AnyFact], None]]] = {
    "support.offered": offered,
    "support.requested": requested,
    "support.offer_withdrawn": withdrawn,
    "support.request_withdrawn": withdrawn,
    "support.agreed": agreed,
    "support.variation_proposed": variation_proposed,
    "support.variation_agreed": variation_agreed,
    "support.delivered": delivered,
    "support.delivery_reversed": delivery_reversed,
    "support.cancelled": cancelled,
    "support.outcome_recorded": outcome_recorded,
    "support.entry_withdrawn": entry_withdrawn,
}
