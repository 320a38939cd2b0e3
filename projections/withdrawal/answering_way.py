"""From a question to the way out of one partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.domain.calendar.facts import Term
from ledger.domain.refusals import NotThere
from projections.asking import Asking
from projections.directory.queries import names
from projections.question import Header
from projections.reader import PartnershipReader
from projections.reciprocity.flow import Ways
from projections.shares import to_json
from projections.withdrawal.answering import Known, known_points, notice_json
from projections.withdrawal.explaining import workings_of_way
from projections.withdrawal.points import RULE_VERSION
from projections.withdrawal.queries import terms_around
from projections.withdrawal.still_open import OpenDelivery, OpenPosting, OpenSupport, OwedReview
from projections.withdrawal.way_out import CHOICES, NEEDS, Leaving, WayOut, WithOne, way_out
from projections.working import Working, workings_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOutAnswer:
    """The way out as one reader may have it. `terms` are those of the academic year in which the earliest day falls."""

    header: Header
    known: Known
    way: WayOut
    terms: Sequence[Term] | None
    reader: PartnershipReader
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        way = self.way
        body: dict[str, Any] = {
            "organisation_id": way.organisation_id,
            "on": way.on.isoformat(),
            "leaving": self._leaving(way.leaving),
            "open": self._open(),
            "standing": [with_one_json(one, way.organisation_id) for one in way.standing],
            "depends": self._depends(),
            "lessons": {
                "supports_with_outcome": way.with_outcome,
                "supports_without_outcome": [one._asdict() for one in way.lessons],
            },
        }
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        return self.header.to_json(self.names, **body)

    def _leaving(self, leaving: Leaving) -> dict[str, Any]:
        notice, span, earliest = leaving.notice, leaving.span, leaving.earliest_on
        end, why = end_of_term(self.terms, earliest)
        whys = {} if earliest is not None else {"earliest_leaving_on": "no_partner"}
        until = None if span is None else span.until
        day = self.header.question.as_of
        return {
            "notice_days": leaving.notice_days,
            "allow_immediate": leaving.allow_immediate,
            "earliest_leaving_on": None if earliest is None else earliest.isoformat(),
            "end_of_term_on": None if end is None else end.isoformat(),
            "partner_since": None if span is None else span.since.isoformat(),
            **({"left_on": until.isoformat()} if until is not None and until <= day else {}),
            **({} if notice is None else {"notice": notice_json(self.known, notice, day)}),
            "why": whys | ({} if why is None else {"end_of_term_on": why}),
        }

    def _open(self) -> dict[str, Any]:
        found = self.way.open
        reviews = [
            one for one in found.reviews if one.names_partnership or self.reader.reads_of(self.way.organisation_id)
        ]
        return {
            "supports": [line_json(one) for one in found.supports],
            "postings": [line_json(one) for one in found.postings],
            "deliveries": [line_json(one) for one in found.deliveries],
            "reviews": [line_json(one) for one in reviews],
        }

    def _depends(self) -> dict[str, Any]:
        way = self.way
        return {
            "with": ways_json(way.ways),
            "without": ways_json(way.ways_without),
            "partners": [
                {"organisation_id": one.other_id, "minutes": one.minutes, "part": to_json(one.part)}
                for one in way.depends
            ],
        }


def what_leaving_takes(
    asking: Asking,
    partnership_id: str,
    reader: PartnershipReader,
    organisation_id: str,
    on: date | None,
    *,
    explain: bool = False,
) -> WayOutAnswer:
    """The way out of one partner as of the question's day, for notice given on `on` (that day). Raises NotThere."""
    known = known_points(asking, partnership_id)
    evidence, day = known.evidence, asking.question.as_of
    partner_id = evidence.canonical(organisation_id)
    if partner_id not in evidence.partnership.spans:
        raise NotThere(stream_kind="organisation", id=organisation_id)
    found = way_out(evidence, known.accounts, partner_id, day, on or day)
    earliest = found.leaving.earliest_on
    ids = {partnership_id, *evidence.partnership.spans, *known.accounts.inside}
    ids |= {one.to_id for one in evidence.partnership.residuals.values() if one.to_id is not None}
    known_names = names(asking.connection, ids, asking.question)
    return WayOutAnswer(
        header=asking.header(RULE_VERSION, partnership=partnership_id, organisation=partner_id),
        known=known,
        way=found,
        terms=None if earliest is None else terms_around(asking, partner_id, earliest),
        reader=reader,
        names=known_names,
        working=list(workings_of_way(found, known_names)) if explain else None,
    )


def end_of_term(terms: Sequence[Term] | None, on: date | None) -> tuple[date | None, str | None]:
    """The last day of the term in which a day falls, else why there is none."""
    if on is None:
        return None, "no_partner"
    if terms is None:
        return None, "no_calendar"
    end = next((term.ends_on for term in terms if term.starts_on <= on <= term.ends_on), None)
    return end, "between_terms" if end is None else None


def line_json(one: OpenSupport | OpenPosting | OpenDelivery | OwedReview) -> dict[str, Any]:
    return {name: printed(value) for name, value in one._asdict().items()}


def printed(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def with_one_json(one: WithOne, own_id: str) -> dict[str, Any]:
    """What stands with one other, the five things that may become of it, and what is proposed already."""
    return {
        "organisation_id": one.other_id,
        "standing_minutes": one.minutes,
        "choices": list(choices_json(one, own_id)) if one.minutes else [],
        "proposed": [
            {
                "proposal_id": residual.proposal_id, "disposal": residual.disposal, "minutes": residual.minutes,
                "debtor_id": residual.debtor_id, "creditor_id": residual.creditor_id, "awaits": list(awaits),
                **({} if residual.to_id is None else {"to_id": residual.to_id}),
            }
            for residual, awaits in one.waiting
        ],
        "event_ids": list(one.event_ids),
    }  # fmt: skip


def choices_json(one: WithOne, own_id: str) -> Iterator[dict[str, Any]]:
    for choice in CHOICES:
        needs = {"needs": NEEDS[choice]} if choice in NEEDS else {}
        yield {"disposal": choice, "must_agree": list(one.must_agree(own_id, choice)), **needs}


def ways_json(found: Ways) -> dict[str, Any]:
    """D, C and U; null, with the reason, where nothing is left of what was given."""
    why = {} if found.minutes else {"why": "nothing_confirmed"}
    return {
        "minutes": found.minutes,
        "two_way": to_json(found.two_way),
        "comes_round": to_json(found.comes_round),
        "one_way": to_json(found.one_way),
        **why,
    }
