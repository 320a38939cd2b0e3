"""Who is told of a person, and who by name: the person's organisation, and a coordinator in whose scope that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from api.states import shape_of
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.person.state import ErasedPerson, PersonState
from ledger.domain.refusals import NotThere
from ledger.domain.values import moment
from ledger.sealing import ERASED
from ledger.service import Ledger
from ledger.visibility import WITHHELD


@dataclass(frozen=True, slots=True)
class Seen:
    """A person within sight; `opens` says whether the reader is told the name."""

    person_id: str
    state: PersonState
    opens: bool


def seen_person(ledger: Ledger, who: Speaker, person_id: str) -> Seen:
    """Raises NotThere where there is nobody, or nobody for this reader; RoleForbidden for an admin."""
    state: PersonState | None = ledger.state("person", person_id)
    if state is None:
        raise NotThere(stream_kind="person", id=person_id)
    own = state.organisation_id in who.organisations
    opens = own or coordinates(ledger, who, state.organisation_id)
    if not (opens or ledger.may_see(who, person_id)):
        raise NotThere(stream_kind="person", id=person_id)
    return Seen(person_id, state, opens)


def coordinates(ledger: Ledger, who: Speaker, organisation_id: str) -> bool:
    """Whether the reader coordinates a partnership it is a partner of today, or its trust."""
    if who.role != "coordinator":
        return False
    run = ledger.sight(who).text_keys
    if f"organisation:{organisation_id}" in run:
        return True
    partnerships = ledger.partnerships_of(organisation_id).items()
    today = ledger.today()
    return any(f"partnership:{one}" in run and state.active_on(organisation_id, today) for one, state in partnerships)


def person_as_json(ledger: Ledger, who: Speaker, seen: Seen) -> dict[str, Any]:
    """The person as this reader may have it; its position is that of the ledger."""
    state = seen.state
    ended_on = {} if state.ended_on is None else {"ended_on": state.ended_on.isoformat()}
    organisation = ledger.organisation(state.organisation_id)
    return {
        "id": seen.person_id,
        "organisation_id": state.organisation_id,
        "role": state.role,
        "state": shape_of(state),
        "since": moment(state.since),
        **ended_on,
        "name": name_of(ledger, who, seen),
        "position": ledger.head(),
        "names": {} if organisation is None else {state.organisation_id: organisation.name},
    }


def name_of(ledger: Ledger, who: Speaker, seen: Seen) -> str:
    """The name as last said."""
    if isinstance(seen.state, ErasedPerson):
        return ERASED
    said: list[AnyFact] = [one for one in ledger.stream_events(seen.person_id) if getattr(one.data, "name", None)]
    if not seen.opens or not said:
        return WITHHELD
    # A coordinator reads it as the person's own organisation does: no other text of that organisation is opened.
    as_own = replace(who, role="member", organisations=frozenset({seen.state.organisation_id}))
    [opened] = ledger.opened(said[-1:], as_own)
    return str(opened.data.name)
