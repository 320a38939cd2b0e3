"""What the directory keeps of partnerships: names and days, the terms over time, who is in and since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson

from ledger.domain import shape
from ledger.domain.fact import AnyFact, Fact
from ledger.domain.partnership import facts as said
from ledger.domain.partnership.facts import PartnerRole
from ledger.domain.terms import TermsGiven, complete
from projections.directory.draft import Draft
from projections.directory.rows import Membership, MembershipState, Partnership, PartnershipTerms
from projections.tables import END, FOREVER


def formed(draft: Draft, fact: Fact[said.Formed]) -> None:
    data = fact.data
    draft.partnerships.open(
        Partnership(
            fact.stream.id, fact.position, END, data.name, data.coordinator_id, data.starts_on, data.ends_on, None
        )
    )
    _terms(draft, fact, data.terms, data.starts_on)
    for partner in data.partners:
        state: MembershipState = "partner" if partner.at_once else "invited"
        _open(draft, fact, partner.organisation_id, state, partner.role, data.starts_on)


def partner_invited(draft: Draft, fact: Fact[said.PartnerInvited]) -> None:
    data = fact.data
    _end_invitation(draft, fact, data.organisation_id)
    _open(draft, fact, data.organisation_id, "invited", data.role or "partner", data.on)


def partner_accepted(draft: Draft, fact: Fact[said.PartnerAccepted]) -> None:
    """A membership does not begin before its partnership does."""
    data = fact.data
    role = _end_invitation(draft, fact, data.organisation_id) or "partner"
    _open(draft, fact, data.organisation_id, "partner", role, max(data.on, draft.partnership(fact).starts_on))


def partner_declined(draft: Draft, fact: Fact[said.PartnerDeclined]) -> None:
    _end_invitation(draft, fact, fact.data.organisation_id)


def terms_revised(draft: Draft, fact: Fact[said.TermsRevised]) -> None:
    _terms(draft, fact, fact.data.terms, fact.data.effective_on)


def coordinator_changed(draft: Draft, fact: Fact[said.CoordinatorChanged]) -> None:
    _change(draft, fact, coordinator_id=fact.data.coordinator_id)


def partner_left(draft: Draft, fact: Fact[said.PartnerLeft]) -> None:
    _end_invitation(draft, fact, fact.data.organisation_id)
    _end_membership(draft, fact, fact.data.on, {fact.data.organisation_id})


def closed(draft: Draft, fact: Fact[said.Closed]) -> None:
    """Every membership ends with it, and nobody is invited any longer."""
    _change(draft, fact, closed_on=fact.data.on)
    everybody = {row.organisation_id for row in draft.memberships.live(fact.stream.id)}
    for organisation_id in sorted(everybody):
        _end_invitation(draft, fact, organisation_id)
    _end_membership(draft, fact, fact.data.on, everybody)


def _change(draft: Draft, fact: AnyFact, **changes: Any) -> None:
    draft.partnerships.put(draft.partnership(fact), fact.position, **changes)


def _terms(draft: Draft, fact: AnyFact, terms: TermsGiven, effective_on: date) -> None:
    """The terms in full, but for the sealed reason of their direction, which figures have no use for."""
    whole = complete(terms)
    if whole.intended is not None:
        whole = replace(whole, intended=replace(whole.intended, because=None))
    text = orjson.dumps(shape.write(whole), option=orjson.OPT_SORT_KEYS).decode()
    draft.terms.add(PartnershipTerms(fact.stream.id, fact.position, effective_on, text))


def _open(
    draft: Draft, fact: AnyFact, organisation_id: str, state: MembershipState, role: PartnerRole, since: date
) -> None:
    draft.memberships.open(Membership(fact.stream.id, organisation_id, fact.position, END, state, role, since, FOREVER))


def _end_invitation(draft: Draft, fact: AnyFact, organisation_id: str) -> PartnerRole | None:
    """The role of the invitation that is over, None where nobody was invited."""
    role: PartnerRole | None = None
    for row in draft.memberships.live(fact.stream.id):
        if row.organisation_id == organisation_id and row.state == "invited":
            draft.memberships.end(row, fact.position)
            role = row.role
    return role


def _end_membership(draft: Draft, fact: AnyFact, on: date, organisations: set[str]) -> None:
    for row in draft.memberships.live(fact.stream.id):
        if row.organisation_id in organisations and row.state == "partner" and row.until == FOREVER:
            draft.memberships.put(row, fact.position, until=on)


STEPS: Final[dict[str, Callable[[Draft, AnyFact], None]]] = {
    "partnership.formed": formed,
    "partnership.partner_invited": partner_invited,
    "partnership.partner_accepted": partner_accepted,
    "partnership.partner_declined": partner_declined,
    "partnership.terms_revised": terms_revised,
    "partnership.coordinator_changed": coordinator_changed,
    "partnership.partner_left": partner_left,
    "partnership.closed": closed,
}
