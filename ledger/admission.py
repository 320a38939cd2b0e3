"""How a claim becomes a fact: authority first, then what it names, then who speaks, then the stream's own rules."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Annotated, Any, Final

from ledger.domain import shape
from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, AnyFact
from ledger.domain.organisation.facts import DetailsChanged, Registered
from ledger.domain.refusals import UnknownOrganisation
from ledger.domain.streams import STREAMS
from ledger.domain.support.facts import Agreed
from ledger.domain.values import Uuid
from ledger.errors import FieldError
from ledger.voice import require_role, require_voice

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
    errors, ids = [], []
    for pointer, organisation_id in organisations_at(data, "/data"):
        if context.organisation(organisation_id) is None:
            ids.append(organisation_id)
            errors.append(FieldError(pointer, "unknown-organisation", "names an organisation the ledger does not know"))
    if errors:
        raise UnknownOrganisation(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors), ids=tuple(ids))


def organisations_at(instance: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Each organisation id in an instance with its JSON pointer."""
    for name, member in shape.shape(type(instance)).members.items():
        yield from ids_at(member.annotation, getattr(instance, member.attribute), f"{pointer}/{name}")


def ids_at(annotation: Any, value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from ids_at(shape.without_items(annotation), part, f"{pointer}/{index}")
    elif is_dataclass(value):
        yield from organisations_at(value, pointer)
    elif (
        value is not None
        and typing.get_origin(annotation) is Annotated
        and annotation.__metadata__[0] == Uuid("organisation")
    ):
        yield pointer, value


def keys_of(state: Any, fact: AnyFact) -> tuple[str, ...]:
    """The keys a fact touches, sorted; `state` is that of its stream after the fact."""
    rules = STREAMS[fact.stream.kind]
    organisations = shape.named(fact.data, "organisation") | rules.concerned(state)
    if fact.voice is not None:
        organisations.add(fact.voice)
    if fact.stream.kind == "organisation":
        organisations.add(fact.stream.id)
    keys = {f"stream:{fact.stream.id}", *(f"organisation:{one}" for one in organisations)}
    partnership_id = fact.stream.id if fact.stream.kind == "partnership" else rules.partnership(state)
    if partnership_id is not None:
        keys.add(f"partnership:{partnership_id}")
    if isinstance(fact.data, Agreed) and fact.data.answers is not None:
        keys.add(f"stream:{fact.data.answers.support_id}")
    if isinstance(fact.data, Registered | DetailsChanged):
        keys |= {f"identifier:{one.scheme}:{one.value}" for one in fact.data.identifiers or ()}
    return tuple(sorted(keys))
