"""Every kind of stream with its functions: one table, so that nothing is looked up by name anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.calendar import rules as calendar_rules
from ledger.domain.calendar import state as calendar_state
from ledger.domain.context import Context
from ledger.domain.credential import rules as credential_rules
from ledger.domain.credential import state as credential_state
from ledger.domain.fact import AnyClaim, AnyFact
from ledger.domain.framework import rules as framework_rules
from ledger.domain.framework import state as framework_state
from ledger.domain.log import rules as log_rules
from ledger.domain.log import state as log_state
from ledger.domain.organisation import rules as organisation_rules
from ledger.domain.organisation import state as organisation_state
from ledger.domain.partnership import rules as partnership_rules
from ledger.domain.partnership import state as partnership_state
from ledger.domain.person import rules as person_rules
from ledger.domain.person import state as person_state
from ledger.domain.practice import rules as practice_rules
from ledger.domain.practice import state as practice_state
from ledger.domain.review import rules as review_rules
from ledger.domain.review import state as review_state
from ledger.domain.support import rules as support_rules
from ledger.domain.support import state as support_state


@dataclass(frozen=True, slots=True)
class StreamRules:
    """The functions of one kind of stream, all pure.

    `evolve(state, fact)` never refuses; `admit(state, claim, context)` gives the fact's data or raises a Refusal;
    `parties(state, claim, context)` says which organisations are which party; `concerned(state)` are the organisations
    that each fact of the stream concerns beside those it names; `partnership(state)` is the one it counts in.
    """

    evolve: Callable[[Any, AnyFact], Any]
    admit: Callable[[Any, AnyClaim, Context], Any]
    parties: Callable[[Any, AnyClaim, Context], Mapping[str, frozenset[str]]]
    concerned: Callable[[Any], frozenset[str]]
    partnership: Callable[[Any], str | None]


def rules_of(state: Any, rules: Any) -> StreamRules:
    return StreamRules(state.evolve, rules.admit, rules.parties, state.concerned, state.partnership)


STREAMS: Final[dict[str, StreamRules]] = {
    "organisation": rules_of(organisation_state, organisation_rules),
    "framework": rules_of(framework_state, framework_rules),
    "calendar": rules_of(calendar_state, calendar_rules),
    "partnership": rules_of(partnership_state, partnership_rules),
    "support": rules_of(support_state, support_rules),
    "review": rules_of(review_state, review_rules),
    "practice": rules_of(practice_state, practice_rules),
    "person": rules_of(person_state, person_rules),
    "log": rules_of(log_state, log_rules),
    "credential": rules_of(credential_state, credential_rules),
}
