"""What is left of a fact for those who may not have all of it, type by type and member by member: pure.

A type that is in none of these tables is shown to those alone who have the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from ledger.domain.fact import AnyFact
from ledger.domain.review import facts as review
from ledger.domain.support import facts as said
from ledger.visibility import WITHHELD, Report, View

OTHER: Final = "other"
"""The category under which confidential support is told to all but its sides."""

TO_ALL_PARTNERS: Final = frozenset({"partnership", "pool"})

PRICE: Final = ("paid_by", "pence_per_day")

PARTNERS_MISS: Final[Mapping[str, tuple[str, ...]]] = {
    "partnership.formed": (),
    "partnership.partner_invited": (),
    "partnership.partner_accepted": (),
    "partnership.partner_declined": (),
    "partnership.purpose_revised": (),
    "partnership.terms_revised": (),
    "partnership.aim_added": (),
    "partnership.aim_met": (),
    "partnership.aim_dropped": (),
    "partnership.coordinator_changed": (),
    "partnership.review_scheduled": (),
    "partnership.reviewed": ("ratings", "instrument", "items"),
    "partnership.meeting_held": (),
    "partnership.notice_given": ("point_id",),
    "partnership.notice_rescinded": (),
    "partnership.opening_position_proposed": (),
    "partnership.opening_position_agreed": (),
    "partnership.residual_proposed": (),
    "partnership.residual_agreed": (),
    "partnership.partner_left": (),
    "partnership.closed": (),
    "partnership.entry_withdrawn": (),
    "support.offered": ("people",),
    "support.requested": ("arising_from",),
    "support.offer_withdrawn": (),
    "support.request_withdrawn": (),
    "support.agreed": PRICE,
    "support.variation_proposed": PRICE,
    "support.variation_agreed": (),
    "support.visit_missed": (),
    "support.delivered": ("people",),
    "support.delivery_confirmed": (),
    "support.confirmation_withdrawn": (),
    "support.delivery_disputed": (),
    "support.settlement_proposed": (),
    "support.dispute_settled": (),
    "support.delivery_attested": (),
    "support.delivery_reversed": (),
    "support.outcome_recorded": ("saving_pence",),
    "support.completed": (),
    "support.cancelled": (),
    "support.entry_withdrawn": (),
}
"""By stored name, the members that others of the partnership do not get, beside every sealed text."""


def reduced(fact: AnyFact, view: View, about: Any, own: Collection[str]) -> AnyFact | None:
    """What is left of a fact in this view, its texts being opened or withheld already; None where nothing is.

    `about` is the state of its support or the Report of its review; `own` are the reader's organisations. What a client
    called it (source, id, correlation, causation) goes with what is left out: these are free text.
    """
    if view.is_whole:
        return fact
    data = REDUCE[view.how](fact, view, about, own)
    if data is None:
        return None
    return replace(fact, data=data, source="", client_event_id="", correlation_id=None, causation_id=None)


def for_partners(fact: AnyFact, _view: View, _about: Any, _own: Collection[str]) -> Any:
    misses = PARTNERS_MISS.get(fact.type)
    if misses is None:
        return None
    data = replace(fact.data, **dict.fromkeys(misses))
    if isinstance(data, said.Offered) and data.open_to.to not in TO_ALL_PARTNERS:
        data = replace(data, summary=WITHHELD, paid_by=None, pence_per_day=None)
    if isinstance(data, said.Agreed) and data.answers is not None:
        data = replace(data, answers=replace(data.answers, interest_id=None))
    return data


def in_confidence(fact: AnyFact, _view: View, about: Any, _own: Collection[str]) -> Any:
    reduce = CONFIDENTIAL.get(type(fact.data))
    return None if reduce is None else reduce(fact.data, about)


def asked_of_all(data: said.Requested, _support: Any) -> said.Requested | None:
    """A request is for those who may meet it."""
    if data.open_to.to not in TO_ALL_PARTNERS:
        return None
    return replace(data, category=OTHER, arising_from=None)


def asked_no_longer(data: said.RequestWithdrawn, support: Any) -> said.RequestWithdrawn | None:
    return data if support.to in TO_ALL_PARTNERS else None


def agreed(data: said.Agreed, _support: Any) -> said.Agreed:
    return replace(data, category=OTHER, aim_id=None, answers=None, paid_by=None, pence_per_day=None)


def delivered(data: said.Delivered, support: Any) -> said.Delivered:
    category = None if data.category is None else OTHER
    bare = replace(data, occasion_id=None, people=None, imported=None, category=category)
    return numbered(bare, support)  # type: ignore[no-any-return]  # the same kind comes back


def numbered(data: Any, support: Any) -> Any:
    """Data whose delivery and settlement go by their number in the support, not by what they were called there."""
    found: dict[str, str] = {}
    for member, letter, known in (
        ("delivery_id", "d", support.deliveries),
        ("settlement_id", "s", support.settlements),
    ):
        called = getattr(data, member, None)
        if called is not None:
            found[member] = f"{letter}{list(known).index(called) + 1}"
    return replace(data, **found)


CONFIDENTIAL: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    said.Requested: asked_of_all,
    said.RequestWithdrawn: asked_no_longer,
    said.Agreed: agreed,
    said.Delivered: delivered,
    said.DeliveryConfirmed: numbered,
    said.ConfirmationWithdrawn: numbered,
    said.SettlementProposed: numbered,
    said.DisputeSettled: numbered,
    said.DeliveryReversed: numbered,
}
"""What others learn of confidential support: what decides how many minutes passed between whom and when."""


def outlined(fact: AnyFact, _view: View, about: Report, _own: Collection[str]) -> Any:
    if isinstance(fact.data, review.Scheduled):
        return planned(fact.data)
    taken_back = isinstance(fact.data, review.EntryWithdrawn) and fact.data.event_id == about.state.scheduled.event_id
    return fact.data if taken_back else None


def planned(data: review.Scheduled) -> review.Scheduled:
    """Who reviews whom, and when; not which persons, nor in return for what."""
    reviewers = tuple(replace(one, person_id=None) for one in data.reviewers)
    return replace(data, reviewers=reviewers, support_id=None)


def opened_parts(fact: AnyFact, view: View, about: Report, own: Collection[str]) -> Any:
    """The report as the reviewed organisation opened it: of its completion that holds, the parts."""
    match fact.data:
        case review.Scheduled() as data:
            return planned(data)
        case review.Shared(with_=others) as data:
            with_ = tuple(one for one in others if one in own)
            return replace(data, with_=with_) if with_ else None
        case review.Completed() as data if view.parts and fact.event_id == completion(about):
            return replace(data, findings=findings(data.findings, view))
        case review.Answered() as data if "all" in view.parts:
            return data
        case review.Answered() as data if "summary" in view.parts:
            answers = tuple(replace(one, comment=None) for one in data.findings)
            return replace(data, response=WITHHELD, findings=answers)
        case review.Moderated() as data if "all" in view.parts:
            return data
        case review.Moderated() as data if "summary" in view.parts:
            return replace(data, comment=WITHHELD)
        case review.EntryWithdrawn(event_id=event_id) as data if event_id == about.state.scheduled.event_id:
            return replace(data, reason=WITHHELD)
    return None


def completion(about: Report) -> str | None:
    completed = getattr(about.state, "completed", None)
    return None if completed is None else str(completed.event_id)


def findings(found: tuple[review.Finding, ...], view: View) -> tuple[review.Finding, ...]:
    """All of them in a whole report; in a summary without texts; of strengths the evidence."""
    if "all" in view.parts:
        return found
    shown = []
    for one in found:
        strength = one.judgement == "strength" and "strengths" in view.parts
        if strength or "summary" in view.parts:
            shown.append(replace(one, next_step=None, evidence=one.evidence if strength else None))
    return tuple(shown)


REDUCE: Final[Mapping[str, Callable[[AnyFact, View, Any, Collection[str]], Any]]] = {
    "partner": for_partners,
    "confidential": in_confidence,
    "outline": outlined,
    "report": opened_parts,
}
