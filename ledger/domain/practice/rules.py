"""What may be said of a practice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.domain.categories import require_category
from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.practice.facts import Adopted, Assured, Returned, Shared
from ledger.domain.practice.state import PracticeState
from ledger.domain.refusals import AlreadySaid, AlreadyThere, NotThere
from ledger.domain.trusts import same_trust
from ledger.errors import Refusal


class OwnPractice(Refusal):
    """An organisation neither adopts nor assures its own practice. Fields: `organisation_id`."""

    code = "own-practice"
    title = "This is the organisation's own practice"


class SameTrust(Refusal):
    """Who assures a practice stands outside its author's trust. Fields: `organisation_id`, `trust_id`."""

    code = "same-trust"
    title = "Somebody outside the author's trust has to say this"


def parties(
    state: PracticeState | None, claim: AnyClaim, context: Context
) -> Mapping[str, frozenset[str]]:  # one signature for all streams
    match claim.data:
        case Shared(organisation_id=author):
            return {"author": frozenset({author})}
        case Assured(assured_by=assessor):
            return {"assessor": frozenset({assessor})}
        case Adopted(organisation_id=adopter):
            return {"adopter": frozenset({adopter})}
    return {"adopter": frozenset() if state is None else frozenset(state.adopters)}


def admit(state: PracticeState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if isinstance(claim.data, Shared):
        return admit_shared(state, claim.data, claim.stream.id, context)
    if state is None:
        raise NotThere(stream_kind="practice", id=claim.stream.id)
    match claim.data:
        case Assured() as data:
            return admit_assured(state, data, context)
        case Adopted() as data:
            return admit_adopted(state, data, context)
        case Returned() as data:
            return data  # that the voice is an adopter's was asked before
    raise TypeError(f"{claim.type} is no event of a practice")


def admit_shared(state: PracticeState | None, data: Shared, practice_id: str, context: Context) -> Shared:
    if state is not None:
        raise AlreadyThere(stream_kind="practice", id=practice_id)
    require_category(data.category, context)
    return data


def admit_assured(state: PracticeState, data: Assured, context: Context) -> Assured:
    if data.assured_by == state.author_id:
        raise OwnPractice(organisation_id=data.assured_by)
    trust_id = same_trust(context, data.assured_by, state.author_id, context.today)
    if trust_id is not None:
        raise SameTrust(organisation_id=data.assured_by, trust_id=trust_id)
    return data


def admit_adopted(state: PracticeState, data: Adopted, context: Context) -> Adopted:
    if data.organisation_id == state.author_id:
        raise OwnPractice(organisation_id=data.organisation_id)
    if data.organisation_id in state.adopters:
        raise AlreadySaid("this organisation adopted it before", id=data.organisation_id)
    context.happened(data.on, "/data/on")
    return data
