"""Given facts, when a claim, then the fact or a refusal: the form in which the domain's rules are tested.

The rules under test are the product's own, folded over states in memory; nothing of a rule is repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import pytest

from ledger.admission import admit, keys_of
from ledger.domain import shape
from ledger.domain.context import Context
from ledger.domain.fact import LEDGER, AnyFact, Claim, Fact, Role, Speaker, Stream
from ledger.domain.streams import STREAMS
from ledger.errors import Refusal
from ledger.eventstore.stored_names import STORED, stream_kind
from ledger.voice import TABLE, voice_of


def ref(name: str) -> str:
    """The id of a thing by the name the story gives it, such as `ref("northfield")`; a `urn:` is taken as it is."""
    return str(uuid5(NAMESPACE_URL, name if name.startswith("urn:") else f"urn:test:{name}"))


def member(name: str, *, principal: str = "", person: str | None = None) -> Speaker:
    """Somebody who speaks for one organisation, with a principal of its own unless one is named."""
    return speaker("member", name, principal=principal, person=person)


def coordinator(name: str, *, principal: str = "") -> Speaker:
    return speaker("coordinator", name, principal=principal)


def client(*names: str, principal: str = "machine") -> Speaker:
    return Speaker(principal=ref(principal), role="client", organisations=frozenset(map(ref, names)))


def speaker(role: Role, name: str, *, principal: str = "", person: str | None = None) -> Speaker:
    return Speaker(
        principal=ref(principal or f"{role} of {name}"),
        role=role,
        organisations=frozenset({ref(name)}),
        person_id=ref(person) if person else None,
    )


ADMIN = Speaker(principal=ref("admin"), role="admin")
AUDITOR = Speaker(principal=ref("auditor"), role="auditor", whole_ledger=True)


@dataclass
class Scenario:
    """A ledger in memory. `now` moves with `at(...)`; streams are named by words, `data` is what a client sends."""

    now: datetime = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    facts: list[AnyFact] = field(default_factory=list)
    states: dict[tuple[str, str], Any] = field(default_factory=dict)
    touched: dict[str, list[AnyFact]] = field(default_factory=dict)
    leaned: set[str] = field(default_factory=set)

    # What the rules may ask (ledger.domain.context.Lookup).
    def state(self, kind: str, stream_id: str) -> Any:
        self.leaned.add(f"stream:{stream_id}")
        return self.states.get((kind, stream_id))

    def streams_with_key(self, key: str, kind: str) -> tuple[str, ...]:
        found = (fact.stream.id for fact in self.touched.get(key, []) if fact.stream.kind == kind)
        return tuple(dict.fromkeys(found))

    def head(self) -> int:
        return len(self.facts)

    def lean(self, key: str) -> None:
        self.leaned.add(key)

    # What a story says.
    def at(self, moment: str) -> Self:
        """From here on it is this moment: a day (nine in the morning, UTC) or a full moment."""
        text = moment if "T" in moment else f"{moment}T09:00:00"
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return self

    def given(self, who: Speaker, type_name: str, stream: str, **data: Any) -> Self:
        """A fact of the past: it must be admissible like any other."""
        self.when(who, type_name, stream, **data)
        return self

    def when(self, who: Speaker, type_name: str, stream: str, /, *, for_: str | None = None, **data: Any) -> AnyFact:
        """The claim is made; answers the fact, or lets the Refusal through. `from_`, `with_` lose the underscore."""
        claim = self.claim(who, type_name, stream, for_, {name.rstrip("_"): value for name, value in data.items()})
        state = self.states.get((claim.stream.kind, claim.stream.id))
        admitted = admit(state, claim, self.context())
        return self.record(claim, admitted, state)

    def context(self) -> Context:
        """What the rules look at, now."""
        return Context(now=self.now, zone=ZoneInfo("Europe/London"), lookup=self)

    def claim(self, who: Speaker, type_name: str, stream: str, for_: str | None, data: dict[str, Any]) -> Claim[Any]:
        recorded_for = ref(for_) if for_ else None
        occurred = data.pop("occurred_at", None)
        return Claim(
            type=type_name,
            stream=Stream(stream_kind(type_name), ref(stream)),
            data=shape.read(STORED[type_name][0], data),
            occurred_at=datetime.fromisoformat(occurred) if occurred else self.now,
            speaker=who,
            voice=voice_of(TABLE[type_name], who, recorded_for),
            recorded_for=recorded_for,
        )

    def record(self, claim: Claim[Any], data: Any, state: Any) -> AnyFact:
        version = 1 + sum(fact.stream == claim.stream for fact in self.facts)
        fact = Fact(
            type=claim.type,
            schema=STORED[claim.type][1],
            stream=claim.stream,
            version=version,
            event_id=ref(f"event {len(self.facts) + 1}"),
            actor=claim.speaker.principal,
            voice=claim.voice,
            recorded_for=claim.recorded_for,
            occurred_at=claim.occurred_at,
            recorded_at=self.now,
            source="urn:test",
            client_event_id=str(len(self.facts) + 1),
            data=data,
            position=len(self.facts) + 1,
        )
        after = STREAMS[claim.stream.kind].evolve(state, fact)
        self.states[claim.stream.kind, claim.stream.id] = after
        self.facts.append(fact)
        for key in keys_of(after, fact):
            self.touched.setdefault(key, []).append(fact)
        return fact

    # Beginnings that most stories share.
    def schools(self, *names: str, trust: str | None = None, since: str = "2020-09-01") -> Self:
        """Registers schools (and their trust), joined since a day."""
        if trust is not None and ("organisation", ref(trust)) not in self.states:
            self.given(ADMIN, "organisation.registered", trust, name=trust.title(), kind="trust", identifiers=[])
        for name in names:
            self.given(ADMIN, "organisation.registered", name, name=name.title(), kind="school", identifiers=[])
            if trust is not None:
                self.given(ADMIN, "organisation.joined_trust", name, trust_id=ref(trust), on=since)
        return self

    def partnership(self, name: str, hub: str, *partners: str, accepted: bool = True, **more: Any) -> Self:
        """A partnership run by `hub` (registered when new), its partners invited and (unless told otherwise) in it."""
        if ("organisation", ref(hub)) not in self.states:
            self.given(ADMIN, "organisation.registered", hub, name=hub.title(), kind="hub", identifiers=[])
        self.given(coordinator(hub), "partnership.formed", name, **formed(hub, *partners, **more))
        today = self.now.date().isoformat()
        if accepted:
            for one in partners:
                said = {"organisation_id": ref(one), "on": today}
                if not self.states["partnership", ref(name)].active_on(ref(one), self.now.date()):
                    self.given(member(one), "partnership.partner_accepted", name, **said)
        return self


def formed(hub: str, *partners: str, **more: Any) -> dict[str, Any]:
    """What forms a partnership, with literal values that a story may replace."""
    return {
        "name": "Harbour Cluster",
        "purpose": "Better mathematics in every school",
        "aims": [
            {"aim_id": "maths", "statement": "Raise attainment", "success_measure": "+5 points", "due_on": "2027-07-01"}
        ],
        "partners": [{"organisation_id": ref(one), "role": "partner"} for one in partners],
        "coordinator_id": ref(hub),
        "terms": {},
        "starts_on": "2026-09-01",
    } | more


@contextmanager
def refused(refusal: type[Refusal], **fields: Any) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block must be refused in exactly this way, with these fields; gives what was caught, for its `errors`."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert type(caught.value) is refusal, repr(caught.value)
    assert {name: caught.value.fields.get(name) for name in fields} == fields


def changed(who: Speaker, **fields: Any) -> Speaker:
    return replace(who, **fields)


__all__ = ["ADMIN", "AUDITOR", "LEDGER", "Scenario", "changed", "client", "coordinator", "member", "ref", "refused"]
