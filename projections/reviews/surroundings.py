"""What a review is seen against: who was partner of whom, who was of one trust, and which days counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.domain.calendar.counting import TermCalendar, nearest
from ledger.domain.calendar.state import CalendarState, calendar_stream_id
from ledger.domain.calendar.state import evolve as evolve_calendar
from projections.asking import Asking
from projections.directory.queries import KNOWN, Aliases
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.reviews.records import PeerReview


class Span(NamedTuple):
    """Part of a partnership or a trust from `since` up to the day before `until`."""

    whole_id: str
    since: date
    until: date

    def covers(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Surroundings:
    """By organisation, under the id it is read as: its partnerships and trusts over time, and its term calendar."""

    partnerships: Mapping[str, Collection[Span]]
    trusts: Mapping[str, Collection[Span]]
    calendars: Mapping[str, TermCalendar]

    def outside(self, review: PeerReview, partnership_id: str | None = None) -> bool:
        """Whether its lead came from outside: no partner, on the day, of the partnership that the review names, else
        of the one given; where there is neither, of no partnership in which the reviewed was a partner."""
        leads = self._on(self.partnerships, review.lead_id, review.day)
        within = review.partnership_id or partnership_id
        if within is not None:
            return within not in leads
        return leads.isdisjoint(self._on(self.partnerships, review.reviewed_id, review.day))

    def of_the_same_trust(self, review: PeerReview) -> list[str]:
        """The reviewing organisations that were in one trust with the reviewed on the day of the review."""
        own = self._on(self.trusts, review.reviewed_id, review.day)
        return sorted(one for one in review.reviewer_ids if not own.isdisjoint(self._on(self.trusts, one, review.day)))

    def were_partners(self, partnership_id: str, organisations: Collection[str], day: date) -> bool:
        """Whether one of the organisations was a partner of a partnership on a day."""
        return any(partnership_id in self._on(self.partnerships, one, day) for one in organisations)

    def _on(self, spans: Mapping[str, Collection[Span]], organisation_id: str, day: date) -> set[str]:
        return {span.whole_id for span in spans.get(organisation_id, ()) if span.covers(day)}


def surroundings_of(asking: Asking, organisations: Iterable[str], read_as: Aliases) -> Surroundings:
    """What is known of these organisations at the question's position."""
    ids = sorted({one for each in organisations for one in read_as.registrations(each)})
    partners = (
        "SELECT organisation_id, partnership_id, since, until FROM directory_membership"
        f" WHERE organisation_id = ANY (%(ids)s::uuid[]) AND state = 'partner' AND {KNOWN}"
    )
    trusts = (
        "SELECT organisation_id, trust_id, since, until FROM directory_trust_span"
        f" WHERE organisation_id = ANY (%(ids)s::uuid[]) AND {KNOWN}"
    )
    return Surroundings(
        _spans(asking, partners, ids, read_as), _spans(asking, trusts, ids, read_as), _calendars(asking, ids, read_as)
    )


def _spans(asking: Asking, statement: str, ids: Collection[str], read_as: Aliases) -> Mapping[str, Collection[Span]]:
    found: dict[str, list[Span]] = {}
    parameters = asking.question.parameters | {"ids": list(ids)}
    for organisation_id, whole_id, since, until in asking.connection.execute(statement, parameters):
        found.setdefault(read_as.canonical(organisation_id), []).append(Span(whole_id, since, until))
    return found


def _calendars(asking: Asking, ids: Collection[str], read_as: Aliases) -> Mapping[str, TermCalendar]:
    """By organisation: its own terms, else those of its local authority, else the ledger's, year by year."""
    rows = asking.connection.execute(
        "SELECT organisation_id, local_authority FROM directory_organisation"
        f" WHERE organisation_id = ANY (%(ids)s::uuid[]) AND {KNOWN}",
        asking.question.parameters | {"ids": list(ids)},
    )
    scopes = {one: [scope for scope in (one, authority, "ledger") if scope] for one, authority in rows}
    keys = {f"stream:{calendar_stream_id(scope)}" for several in scopes.values() for scope in several}
    facts = facts_with(asking, sorted(keys))
    found: dict[str, TermCalendar] = {}
    for one in sorted(scopes):
        states = [_terms(facts[f"stream:{calendar_stream_id(scope)}"]) for scope in scopes[one]]
        found.setdefault(read_as.canonical(one), nearest(states))
    return found


def _terms(notes: Iterable[Noted]) -> CalendarState | None:
    state: CalendarState | None = None
    for noted in notes:
        state = evolve_calendar(state, noted.fact)
    return state
