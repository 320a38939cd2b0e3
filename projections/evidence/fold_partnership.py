"""How the facts of a partnership's stream make its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from ledger.domain.partnership import facts as said
from ledger.domain.partnership.state import evolve
from projections.evidence.fitting import UNFIT, unfit
from projections.evidence.noted import Noted
from projections.evidence.partnerships import (
    Aim,
    Answer,
    Closing,
    Leaving,
    Meeting,
    Notice,
    Partnership,
    Residual,
    Review,
    Word,
)

Canonical = Callable[[str], str]


def fold_partnership(facts: Iterable[Noted], canonical: Canonical) -> Partnership:
    """The record of a partnership from the facts of its own stream, one at least, in order. Raises FactDoesNotFit.

    What was withdrawn is left out wherever it stood.
    """
    own = [noted for noted in facts if noted.fact.stream.kind == "partnership"]
    if not isinstance(own[0].fact.data, said.Formed):
        raise unfit(own[0], "a partnership begins with partnership.formed")
    withdrawn = {one.fact.data.event_id for one in own if isinstance(one.fact.data, said.EntryWithdrawn)}
    record = begun(own, canonical)
    for noted in own:
        step = STEPS.get(type(noted.fact.data))
        if step is not None and noted.fact.event_id not in withdrawn:
            try:
                step(record, noted, canonical)
            except UNFIT as error:
                raise unfit(noted, error) from error
    return record


def begun(own: list[Noted], canonical: Canonical) -> Partnership:
    state: Any = None
    for noted in own:
        state = evolve(state, noted.fact)
    first = own[0]
    spans: dict[str, Any] = {}
    for organisation_id, ones in state.members.spans.items():
        spans[canonical(organisation_id)] = (*spans.get(canonical(organisation_id), ()), *ones)
    record = Partnership(
        partnership_id=first.fact.stream.id, name=first.fact.data.name, purpose=state.purpose, state=state,
        spans=spans, formed=(first.on, first.fact.event_id),
    )  # fmt: skip
    record.coordinators.append((first.on, canonical(first.fact.data.coordinator_id)))
    record.terms_events.append((first.fact.data.starts_on, first.fact.event_id))
    for aim in first.fact.data.aims:
        record.aims[aim.aim_id] = aim_of(aim, first)
    return record


def aim_of(aim: said.Aim | said.AimAdded, noted: Noted) -> Aim:
    return Aim(
        aim_id=aim.aim_id, statement=aim.statement, success_measure=aim.success_measure, due_on=aim.due_on,
        added_on=noted.on, event_ids=[noted.fact.event_id],
    )  # fmt: skip


def aim_added(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    record.aims[noted.fact.data.aim_id] = aim_of(noted.fact.data, noted)


def aim_met(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    aim = record.aims[noted.fact.data.aim_id]
    aim.met_on = noted.on
    aim.event_ids.append(noted.fact.event_id)


def aim_dropped(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    aim = record.aims[noted.fact.data.aim_id]
    aim.dropped_on = noted.on
    aim.event_ids.append(noted.fact.event_id)


def terms_revised(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    record.terms_events.append((noted.on, noted.fact.event_id))


def coordinator_changed(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    record.coordinators.append((noted.on, canonical(noted.fact.data.coordinator_id)))


def review_scheduled(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    data = noted.fact.data
    review = record.reviews.setdefault(data.review_id, Review(review_id=data.review_id, due_on=data.due_on))
    review.due_on, review.scheduled_on, review.scheduled_by = data.due_on, noted.on, noted.fact.event_id


def reviewed(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    fact, data = noted.fact, noted.fact.data
    known = record.state.reviews.get(data.review_id)
    due_on = noted.on if known is None else known.due_on
    review = record.reviews.setdefault(data.review_id, Review(review_id=data.review_id, due_on=due_on))
    voice = canonical(fact.voice or "")
    answer = Answer(voice, noted.on, data.decision, data.ratings, data.items, noted.position, fact.event_id)
    review.answers.append(answer)


def meeting_held(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    data = noted.fact.data
    present, absent = tuple(map(canonical, data.present)), tuple(map(canonical, data.absent))
    record.meetings.append(Meeting(noted.on, present, absent, noted.fact.event_id))


def notice_given(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    fact, data = noted.fact, noted.fact.data
    notice = Notice(
        organisation_id=canonical(fact.voice or ""), given_on=noted.on, recorded_at=fact.recorded_at,
        leaves_on=data.leaves_on, point_id=data.point_id, position=noted.position, event_id=fact.event_id,
    )  # fmt: skip
    record.notices.append(notice)


def notice_rescinded(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    voice = canonical(noted.fact.voice or "")
    for notice in record.notices:
        if notice.organisation_id == voice and notice.rescinded_on is None:
            notice.rescinded_on = noted.on


def partner_left(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    fact, data = noted.fact, noted.fact.data
    record.leavings.append(Leaving(canonical(data.organisation_id), noted.on, bool(data.removed), fact.event_id))


def residual_proposed(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    data = noted.fact.data
    third = (data.to,) if data.disposal == "passed_on" and data.to is not None else ()
    touched = tuple(map(canonical, (data.debtor_id, data.creditor_id, *third)))
    record.residuals[data.proposal_id] = Residual(
        proposal_id=data.proposal_id, debtor_id=touched[0], creditor_id=touched[1], minutes=data.minutes,
        disposal=data.disposal, to_id=data.to, touched=touched, words=[word_of(noted, canonical)],
    )  # fmt: skip


def residual_agreed(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    record.residuals[noted.fact.data.proposal_id].words.append(word_of(noted, canonical))


def word_of(noted: Noted, canonical: Canonical) -> Word:
    return Word(canonical(noted.fact.voice or ""), noted.on, noted.fact.event_id)


def closed(record: Partnership, noted: Noted, canonical: Canonical) -> None:
    record.closing = Closing(noted.on, noted.fact.data.reason, noted.fact.event_id)


STEPS: Final[dict[type, Callable[[Partnership, Noted, Canonical], None]]] = {
    said.AimAdded: aim_added,
    said.AimMet: aim_met,
    said.AimDropped: aim_dropped,
    said.TermsRevised: terms_revised,
    said.CoordinatorChanged: coordinator_changed,
    said.ReviewScheduled: review_scheduled,
    said.Reviewed: reviewed,
    said.MeetingHeld: meeting_held,
    said.NoticeGiven: notice_given,
    said.NoticeRescinded: notice_rescinded,
    said.PartnerLeft: partner_left,
    said.ResidualProposed: residual_proposed,
    said.ResidualAgreed: residual_agreed,
    said.Closed: closed,
}
