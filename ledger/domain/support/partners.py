"""What a partnership that a support names asks of it: active partners, its terms, its aims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.domain.context import Context
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import NotAPartner, NotThere, OrganisationEnded, UnknownReference, require_sound
from ledger.domain.terms import DEFAULTS, Terms, priced
from ledger.domain.values import Amount
from ledger.errors import FieldError


def require_partnership(partnership_id: str, context: Context) -> PartnershipState:
    state = context.partnership(partnership_id)
    if state is None:
        raise NotThere(stream_kind="partnership", id=partnership_id)
    return state


def require_active(
    organisations: Iterable[str], partnership_id: str | None, days: Iterable[date], context: Context
) -> None:
    """Passes when each organisation is a partner on each day. Raises NotAPartner, or NotThere."""
    if partnership_id is None:
        return
    state, several = require_partnership(partnership_id, context), tuple(days)
    for organisation_id in organisations:
        if not all(state.active_on(organisation_id, day) for day in several):
            raise NotAPartner(organisation_id=organisation_id, partnership_id=partnership_id)


def require_going_on(organisations: Iterable[str], day: date, context: Context) -> None:
    """Passes when none of the organisations had closed or was succeeded by a day. Raises OrganisationEnded."""
    for organisation_id in organisations:
        state = context.organisation(organisation_id)
        if state is not None and state.ended_on(day):
            raise OrganisationEnded(organisation_id=organisation_id)


def terms_on(partnership_id: str | None, day: date, context: Context) -> Terms:
    """The terms in force for support: its partnership's, or the defaults where it names none."""
    if partnership_id is None:
        return DEFAULTS
    return require_partnership(partnership_id, context).terms_on(day)


def in_minutes(
    amount: Amount, partnership_id: str | None, day: date, context: Context, *, least: int = 1, pointer: str = "amount"
) -> tuple[Amount, int]:
    """The amount with its minutes by the tariff of a day, and these minutes. Raises ClaimMalformed."""
    whole = priced(amount, terms_on(partnership_id, day, context).tariff, f"/data/{pointer}", least)
    return whole, whole.minutes or 0


def require_aim(aim_id: str | None, partnership_id: str | None, context: Context) -> None:
    """Passes when the partnership has the aim. Raises UnknownReference, or ClaimUnsound where there is none."""
    if aim_id is None:
        return
    if partnership_id is None:
        detail = "belongs to support that counts in a partnership"
        require_sound([FieldError("/data/aim_id", "without-partnership", detail)])
    elif aim_id not in require_partnership(partnership_id, context).aims:
        raise UnknownReference("the partnership has no such aim", id=aim_id)


def require_people(people: tuple[str, ...] | None, context: Context) -> None:
    """Passes when each person was introduced and stands here once. Raises ClaimUnsound, UnknownReference."""
    several = people or ()
    if len(set(several)) < len(several):
        require_sound([FieldError("/data/people", "given-twice", "names somebody twice")])
    for person_id in several:
        if context.person(person_id) is None:
            raise UnknownReference("nobody was introduced under this id", id=person_id)
