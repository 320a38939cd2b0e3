"""How a claim becomes a fact: authority first, then what it names, then who speaks, then the stream's own rules."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.context import Context
from ledger.domain.credential.facts import Issued
from ledger.domain.fact import AnyClaim, AnyFact
from ledger.domain.marks import marked, named
from ledger.domain.organisation.facts import DetailsChanged, Registered
from ledger.domain.partnership.state import touched_by
from ledger.domain.refusals import UnknownOrganisation
from ledger.domain.streams import STREAMS
from ledger.domain.support.facts import Agreed, InterestShown
from ledger.domain.values import Uuid
from ledger.errors import FieldError
from ledger.voice import require_role, require_voice

ORGANISATION: Final = Uuid("organisation")
MAY_NAME_UNKNOWN: Final = frozenset({"organisation.registered", "credential.issued"})


def admit(state: Any, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact that the claim becomes. Raises a Refusal, or AlreadyRecorded for a harmless repeat."""
    row = require_role(claim.type, claim.speaker)
    if claim.type not in MAY_NAME_UNKNOWN:
        require_known(claim.data, context)
    rules = STREAMS[claim.stream.kind]
    partnership_id = rules.partnership(state) or getattr(claim.data, "partnership_id", None)
    require_voice(row, claim, rules.parties(state, claim, context), partnership_id, context)
    return rules.admit(state, claim, context)


def require_known(data: Any, context: Context) -> None:
    """Passes when the ledger knows every organisation that is named. Raises UnknownOrganisation."""
    errors, ids = [], []
    for pointer, mark, organisation_id in marked(data):
        if mark == ORGANISATION and context.organisation(organisation_id) is None:
            ids.append(organisation_id)
            errors.append(FieldError(pointer, "unknown-organisation", "names an organisation the ledger does not know"))
    if errors:
        raise UnknownOrganisation(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors), ids=tuple(ids))


def keys_of(state: Any, fact: AnyFact) -> tuple[str, ...]:
    """The keys a fact touches, sorted; `state` is that of its stream after the fact."""
    rules = STREAMS[fact.stream.kind]
    organisations = named(fact.data, "organisation") | rules.concerned(state)
    if fact.voice is not None:
        organisations.add(fact.voice)
    if fact.stream.kind == "partnership":
        organisations |= touched_by(state, fact.data)
    if fact.stream.kind == "organisation":
        organisations.add(fact.stream.id)
    keys = {f"stream:{fact.stream.id}", *(f"organisation:{one}" for one in organisations)}
    partnership_id = fact.stream.id if fact.stream.kind == "partnership" else rules.partnership(state)
    if partnership_id is not None and not isinstance(fact.data, InterestShown):  # an interest is for the maker alone
        keys.add(f"partnership:{partnership_id}")
    if isinstance(fact.data, Agreed) and fact.data.answers is not None:
        keys.add(f"stream:{fact.data.answers.support_id}")
    if isinstance(fact.data, Issued) and fact.data.person_id is not None:
        keys.add(f"person:{fact.data.person_id}")
    if isinstance(fact.data, Registered | DetailsChanged):
        keys |= {f"identifier:{one.scheme}:{one.value}" for one in fact.data.identifiers or ()}
    return tuple(sorted(keys))
