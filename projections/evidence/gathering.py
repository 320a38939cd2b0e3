"""Everything the measures of one partnership look at, gathered from the log as it was known, and kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from ledger.domain.calendar.counting import TermCalendar, nearest
from ledger.domain.calendar.state import calendar_stream_id
from ledger.domain.calendar.state import evolve as evolve_calendar
from ledger.domain.fact import AnyFact
from ledger.domain.organisation import facts as organisation
from ledger.domain.partnership.facts import Formed
from ledger.domain.person.facts import RoleEnded
from ledger.domain.refusals import NotThere
from ledger.domain.review.facts import Scheduled
from ledger.eventstore.stored_names import STORED
from projections.asking import Asking
from projections.directory.queries import aliases
from projections.evidence.fold_partnership import fold_partnership
from projections.evidence.fold_support import fold_supports
from projections.evidence.noted import Noted
from projections.evidence.partnerships import Partnership
from projections.evidence.reading import facts_of_partnership, facts_with, last_of_partnership
from projections.evidence.supports import Support
from projections.reviews.queries import reviews_of
from projections.reviews.records import PeerReview, fold_review

Change = Literal["closed", "succeeded", "joined_trust", "left_trust"]


class Changed(NamedTuple):
    """Something that changed an organisation itself; `other_id` is its successor or the trust."""

    organisation_id: str
    kind: Change
    on: date
    other_id: str | None
    event_id: str


class RoleEnd(NamedTuple):
    """A person's role ended on a day."""

    person_id: str
    on: date
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All facts up to `known_at` that the measures of a partnership look at; dates are left to the measures.

    `supports` are those that name the partnership; `peer_reviews` those that name it, and those that name none and in
    which a present or former partner takes part. `calendars` by partner, by coordinator and by who leads a peer
    review; `zone` is the ledger's. `last_position` is that of the last fact in it, `facts` how many they are. What is
    worked out of it may be remembered under its `key`, which says all about it.
    """

    partnership: Partnership
    supports: Mapping[str, Support]
    peer_reviews: tuple[PeerReview, ...]
    changes: tuple[Changed, ...]
    role_ends: tuple[RoleEnd, ...]
    calendars: Mapping[str, TermCalendar]
    canonical: Callable[[str], str]
    zone: ZoneInfo
    last_position: int
    facts: int
    key: Hashable = None
    answer_limits: dict[int, date] = field(default_factory=dict)
    """By the position of a delivery, the last day on which an answer to it is in time, once it was worked out."""

    def day_of(self, moment: datetime) -> date:
        """The day of a moment, from which deadlines that bind somebody else are counted."""
        return moment.astimezone(self.zone).date()

    def calendar_of(self, organisation_id: str) -> TermCalendar:
        """The term calendar of an organisation that acts or is measured."""
        return self.calendars[organisation_id]

    def calendar_on(self, day: date) -> TermCalendar:
        """The calendar for the whole partnership: its coordinator's."""
        return self.calendars[self.partnership.coordinator_on(day)]


def evidence_of(asking: Asking, partnership_id: str) -> Evidence:
    """The evidence of a partnership as the ledger knows it at the question's position.

    Raises NotThere where it did not know the partnership yet, FactDoesNotFit.
    """
    last = last_of_partnership(asking, partnership_id)
    if not last:
        raise NotThere(stream_kind="partnership", id=partnership_id)
    own = cache(lambda: facts_of_partnership(asking, partnership_id))
    partners, people = asking.memory.worked(
        ("named", partnership_id, last), lambda: (_organisations(own()), _people(own()))
    )
    around = _around(asking, partners, people)
    last = max(last, *(notes[-1].position for notes in around.values() if notes))
    beside = sum(map(len, around.values()))
    read_as = aliases(asking.connection, asking.question)
    key = ("evidence", partnership_id, last, beside, tuple(sorted(read_as.read_as.items())))

    def make() -> Evidence:
        return fold_evidence(own(), around, read_as.canonical, asking.zone, last, len(own()) + beside, key)

    return asking.memory.worked(key, make, lambda evidence: evidence.facts)


def _around(asking: Asking, partners: set[str], people: set[str]) -> Mapping[str, tuple[Noted, ...]]:
    """By key, the facts of the streams beside: partners, coordinators, their calendars, people, peer reviews."""
    reviews = reviews_of(asking.connection, sorted(partners), asking.question.known_at)
    own_reviews = facts_with(asking, [f"stream:{one}" for one in reviews])
    organisations = partners | _leads(own_reviews.values())
    ids = sorted({*organisations, *people, *map(calendar_stream_id, (*organisations, "ledger"))})
    found = {**own_reviews, **facts_with(asking, [f"stream:{one}" for one in ids])}
    authorities = {_authority(found[f"stream:{one}"]) for one in organisations} - {None}
    more = [f"stream:{calendar_stream_id(str(one))}" for one in sorted(map(str, authorities))]
    return found | dict(facts_with(asking, more))


def _organisations(own: Iterable[Noted]) -> set[str]:
    """Every organisation that is, was or might become a partner or the coordinator."""
    found: set[str] = set()
    for noted in own:
        data = noted.fact.data
        if type(data) is Formed:
            found.update(one.organisation_id for one in data.partners)
        for name in _naming(noted.fact.type):
            found.add(getattr(data, name))
    return found - {None}


@cache
def _naming(type_name: str) -> tuple[str, ...]:
    """The members of a type of fact that name a partner, or who might be one."""
    asked = ("giver_id", "receiver_id") if type_name.startswith("support.") else ("organisation_id", "coordinator_id")
    known = {member.name for member in fields(STORED[type_name][0])}
    return tuple(name for name in asked if name in known and (name != "receiver_id" or "giver_id" in known))


def _people(own: Iterable[Noted]) -> set[str]:
    """Everybody named in a delivery or an offer."""
    return {person for noted in own for person in getattr(noted.fact.data, "people", None) or ()}


def _leads(reviews: Iterable[Iterable[Noted]]) -> set[str]:
    """Who leads a peer review: by its calendar lateness is counted."""
    return {noted.fact.data.lead_id for notes in reviews for noted in notes if isinstance(noted.fact.data, Scheduled)}


def _authority(notes: Iterable[Noted]) -> str | None:
    """The local authority of an organisation, as last said."""
    said = [getattr(noted.fact.data, "local_authority", None) for noted in notes]
    return next((one for one in reversed(said) if one is not None), None)


def fold_evidence(
    own: Sequence[Noted],
    around: Mapping[str, tuple[Noted, ...]],
    canonical: Callable[[str], str],
    zone: ZoneInfo,
    last: int,
    count: int,
    key: Hashable = None,
) -> Evidence:
    """The evidence that facts make: `own` are those of the partnership, `around` by key those of the streams beside."""
    partnership = fold_partnership(own, canonical)
    beside = [noted for notes in around.values() for noted in notes]
    return Evidence(
        partnership=partnership,
        supports=fold_supports(own, canonical),
        peer_reviews=tuple(_peer_reviews(around, canonical)),
        changes=tuple(_changes(beside, canonical)),
        role_ends=tuple(_role_ends(beside)),
        calendars=_calendars(around, canonical),
        canonical=canonical,
        zone=zone,
        last_position=last,
        facts=count,
        key=key,
    )


def _peer_reviews(around: Mapping[str, tuple[Noted, ...]], canonical: Callable[[str], str]) -> Iterable[PeerReview]:
    for notes in around.values():
        if notes and notes[0].fact.stream.kind == "review":
            review = fold_review(notes, canonical)
            if review is not None:
                yield review


_CHANGES: dict[type, Change] = {
    organisation.Closed: "closed",
    organisation.Succeeded: "succeeded",
    organisation.JoinedTrust: "joined_trust",
    organisation.LeftTrust: "left_trust",
}


def _changes(beside: Iterable[Noted], canonical: Callable[[str], str]) -> Iterable[Changed]:
    for noted in beside:
        data: Any = noted.fact.data
        kind = _CHANGES.get(type(data))
        if kind is not None:
            other = getattr(data, "successor_id", getattr(data, "trust_id", None))
            yield Changed(canonical(noted.fact.stream.id), kind, noted.on, other, noted.fact.event_id)


def _role_ends(beside: Iterable[Noted]) -> Iterable[RoleEnd]:
    for noted in beside:
        if isinstance(noted.fact.data, RoleEnded):
            yield RoleEnd(noted.fact.stream.id, noted.on, noted.fact.event_id)


def _calendars(around: Mapping[str, tuple[Noted, ...]], canonical: Callable[[str], str]) -> Mapping[str, TermCalendar]:
    """By organisation: its own terms, else those of its local authority, else those of the ledger, year by year."""
    found: dict[str, TermCalendar] = {}
    for key, notes in around.items():
        if notes and notes[0].fact.stream.kind == "organisation":
            one = key.removeprefix("stream:")
            scopes = (one, _authority(notes), "ledger")
            states = [_terms(around.get(f"stream:{calendar_stream_id(s)}", ())) for s in scopes if s is not None]
            found.setdefault(canonical(one), nearest(states))
    return found


def _terms(notes: Iterable[Noted]) -> Any:
    state: Any = None
    facts: list[AnyFact] = [noted.fact for noted in notes]
    for fact in facts:
        state = evolve_calendar(state, fact)
    return state
