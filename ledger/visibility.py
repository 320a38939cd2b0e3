"""Who sees what, worked out when reading: the fact keys within a speaker's reach, and how much of each fact it has.

What one fact is to one reader is a `View`, decided here and nowhere else; `ledger.reducing` carries it out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, NamedTuple, Protocol

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.marks import each_secret
from ledger.domain.partnership.facts import Closed, Formed, PartnerAccepted, PartnerLeft, Reviewed
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import RoleForbidden
from ledger.domain.review.facts import EntryWithdrawn, Parts, Shared
from ledger.domain.review.state import ReviewState, concerned

WITHHELD = "[withheld]"


PARTNERSHIP: Final = "partnership:"
ORGANISATION: Final = "organisation:"


class Met(NamedTuple):
    """The partnerships and the peer reviews whose facts name somebody, by id."""

    partnerships: Mapping[str, PartnershipState]
    reviews: Mapping[str, ReviewState]


class Span(NamedTuple):
    """From the position of a joining to that of the leaving."""

    first: int
    last: int


Spans = Mapping[str, tuple[Span, ...]]


class Directory(Protocol):
    """The states that visibility is worked out from, as they are now."""

    def met_by(self, organisations: Collection[str]) -> Met: ...

    def schools_of(self, trust_id: str) -> frozenset[str]: ...

    def memberships(self, partnerships: Collection[str], organisations: Collection[str]) -> Spans: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What a speaker sees: the facts that touch one of `keys` (None: all), and texts of what touches `text_keys`.

    `invited` are the partnerships to which somebody of its reach is invited: it may look into them as well, though it
    sees only those of their facts that name it. `former` are the keys of partnerships that it was in, with the spans
    of positions in which it was; `reports` the keys of the streams of reviews that were opened to it. `own` are the
    keys of its organisations. Whose sight it is: `principal`, and whether an auditor's (`audits`).
    """

    keys: frozenset[str] | None
    text_keys: frozenset[str]
    invited: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    former: Spans = field(default_factory=dict)
    reports: frozenset[str] = frozenset()
    principal: str = ""
    audits: bool = False

    def sees(self, touched: frozenset[str]) -> bool:
        return self.keys is None or not self.keys.isdisjoint(touched)

    @property
    def touching(self) -> frozenset[str] | None:
        """Every key that a fact within sight may touch, those of former partnerships and opened reviews with them;
        None for all. What touches one of them is not always seen: `view_of` decides."""
        return None if self.keys is None else self.keys.union(self.former, self.reports)

    @property
    def partnerships(self) -> frozenset[str] | None:
        """The ids of the partnerships that a speaker may look into; None for every one."""
        if self.keys is None:
            return None
        own = (key.removeprefix(PARTNERSHIP) for key in self.keys if key.startswith(PARTNERSHIP))
        return self.invited.union(own)

    def opens(self, partnership_id: str) -> bool:
        """Whether a speaker may look into a partnership."""
        return self.sees(frozenset({f"{PARTNERSHIP}{partnership_id}"})) or partnership_id in self.invited

    def was_in(self, touched: frozenset[str], position: int) -> bool:
        """Whether a fact was recorded in a partnership while somebody of its reach was a partner."""
        spans = (span for key in touched & self.former.keys() for span in self.former[key])
        return any(span.first <= position <= span.last for span in spans)


def sight_of(speaker: Speaker, directory: Directory, today: date) -> Sight:
    """What a speaker sees today. Raises RoleForbidden for an admin, who reads no facts.

    A trust's auditor and coordinator see what the memberships of its present members cover.
    """
    if speaker.role == "admin":
        raise RoleForbidden("an admin reads no facts", role="admin", type="")
    audits = speaker.role == "auditor"
    if speaker.role == "ledger" or (audits and speaker.whole_ledger):
        return Sight(None, frozenset(), principal=speaker.principal, audits=audits)
    own = reach_of(speaker, directory)
    met = directory.met_by(own) if own else Met({}, {})
    found = met.partnerships
    run = {one for one, state in found.items() if is_run_by(speaker, state)}
    partner = {one for one, state in found.items() if any(state.active_on(each, today) for each in own)}
    invited = (one for one, state in found.items() if not own.isdisjoint(state.members.invitations))
    former = [one for one in found.keys() - run - partner if was_partner(found[one], own)]
    keys = keys_for(ORGANISATION, own)
    return Sight(
        keys | keys_for(PARTNERSHIP, run | partner),
        frozenset() if audits else keys | keys_for(PARTNERSHIP, run),
        frozenset(invited),
        own=keys,
        former=directory.memberships(former, own) if former else {},
        reports=keys_for("stream:", [one for one, state in met.reviews.items() if is_opened_to(own, state)]),
        principal=speaker.principal,
        audits=audits,
    )


def reach_of(speaker: Speaker, directory: Directory) -> frozenset[str]:
    """The organisations whose facts a speaker sees: those it speaks for, and the present members of its trust."""
    if speaker.role == "auditor":
        return frozenset() if speaker.trust is None else directory.schools_of(speaker.trust) | {speaker.trust}
    if speaker.role != "coordinator":
        return speaker.organisations
    return speaker.organisations.union(*(directory.schools_of(one) for one in speaker.organisations))


def is_run_by(speaker: Speaker, state: PartnershipState) -> bool:
    return speaker.role == "coordinator" and state.coordinator_id in speaker.organisations


def was_partner(state: PartnershipState, organisations: frozenset[str]) -> bool:
    return any(span.until is not None for one in organisations for span in state.members.spans.get(one, ()))


def is_opened_to(organisations: frozenset[str], state: ReviewState) -> bool:
    return not organisations.isdisjoint(getattr(state, "shared_with", frozenset()))


def spans_of(facts: Sequence[AnyFact], organisations: Collection[str]) -> tuple[Span, ...]:
    """When, by position, one of these organisations was a partner and is no longer; from the joinings and leavings of
    one partnership, in order."""
    since: dict[str, int] = {}
    found: list[Span] = []
    for fact in facts:
        match fact.data:
            case Formed(partners=partners):
                since |= {one.organisation_id: fact.position for one in partners if one.at_once}
            case PartnerAccepted(organisation_id=joined):
                since[joined] = fact.position
            case PartnerLeft(organisation_id=left) if left in since:
                found += [Span(since.pop(left), fact.position)] if left in organisations else []
            case Closed():
                found += [Span(first, fact.position) for one, first in since.items() if one in organisations]
                since = {}
    return tuple(found)


def keys_for(kind: str, ids: Collection[str]) -> frozenset[str]:
    return frozenset(f"{kind}{one}" for one in ids)


PUBLIC_KINDS: Final = frozenset({"organisation", "framework", "calendar"})
OWN_TYPES: Final = frozenset({"organisation.assessed", "organisation.departed"})


def is_public(fact: AnyFact) -> bool:
    """What everybody signed in may see: the directory, frameworks, calendars; not how far a school has come."""
    return fact.stream.kind in PUBLIC_KINDS and fact.type not in OWN_TYPES


def withheld(fact: AnyFact, role: str) -> AnyFact:
    """A fact without its free text; without a partner's ratings as well, unless an auditor reads it."""
    data = each_secret(fact.data, lambda *_: WITHHELD)
    if isinstance(data, Reviewed) and role != "auditor":
        data = replace(data, ratings=None, instrument=None, items=None)
    return replace(fact, data=data)


How = Literal["whole", "public", "partner", "confidential", "report", "outline"]


@dataclass(frozen=True, slots=True)
class View:
    """How much of a fact a reader has, and whether its texts are opened.

    `whole`: all of it. `public`: all but its texts, which is everybody's. `partner`: what others of the partnership may
    know. `confidential`: that minutes passed. `report`: the `parts` of a peer review that were opened. `outline`: that
    a peer review is planned.
    """

    how: How
    texts: bool = False
    parts: frozenset[Parts] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether a reader may have it as it was recorded, its texts sealed."""
        return self.how in ("whole", "public")


WHOLE: Final = View("whole", texts=True)
SEALED: Final = View("whole")
PUBLIC: Final = View("public")
PARTNER: Final = View("partner")
CONFIDENTIAL: Final = View("confidential")
OUTLINE: Final = View("outline")


class Report(NamedTuple):
    """A peer review as it stands, and to whom which parts of its report are opened."""

    state: ReviewState
    opened: Mapping[str, frozenset[Parts]]

    def parts_for(self, own: frozenset[str]) -> frozenset[Parts]:
        return frozenset().union(*(self.opened.get(key.removeprefix(ORGANISATION), frozenset()) for key in own))


def report_of(state: ReviewState, facts: Sequence[AnyFact]) -> Report:
    """What was opened of a review; taking its completion back closes it again."""
    opened: dict[str, frozenset[Parts]] = {}
    for fact in facts:
        if isinstance(fact.data, Shared):
            opened |= {one: opened.get(one, frozenset()) | {fact.data.parts} for one in fact.data.with_}
        elif isinstance(fact.data, EntryWithdrawn):
            opened = {}
    return Report(state, opened)


def view_of(fact: AnyFact, touched: frozenset[str], sight: Sight, about: Any) -> View | None:
    """What a fact is to a reader; None where it is not within sight. `touched` are those keys of the sight that the
    fact touches; `about` is the state of its support, the Report of its review, else None."""
    if isinstance(about, Report):
        return view_of_review(fact, touched, sight, about)
    by_itself = not sight.audits and (fact.actor == sight.principal or not touched.isdisjoint(sight.own))
    seen = sight.sees(touched) or sight.was_in(touched, fact.position)
    if getattr(about, "confidential", False) and (sight.audits or sight.keys is not None) and not by_itself:
        return CONFIDENTIAL if seen else None
    if not seen:
        return PUBLIC if is_public(fact) else None
    if sight.keys is None or sight.audits:
        return SEALED
    return WHOLE if by_itself or not touched.isdisjoint(sight.text_keys) else PARTNER


def view_of_review(fact: AnyFact, touched: frozenset[str], sight: Sight, report: Report) -> View | None:
    """The report is the reviewed organisation's own: the two sides, the moderator and the coordinator of the
    partnership that it names read it; others what was opened to them, or that it is planned."""
    if sight.keys is None:
        return SEALED
    texts = not sight.audits
    own = not keys_for(ORGANISATION, concerned(report.state)).isdisjoint(sight.own)
    if own or (texts and any(key in sight.text_keys and key.startswith(PARTNERSHIP) for key in touched)):
        return WHOLE if texts else SEALED
    parts = report.parts_for(sight.own)
    if parts or not touched.isdisjoint(sight.own):
        return View("report", texts, parts)
    return OUTLINE if sight.sees(touched) or sight.was_in(touched, fact.position) else None
