"""Decides prepared claims one after the other: expected version, rules, sealing, the record's bytes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.admission import admit, keys_of
from ledger.claims import ALWAYS_NEW, Prepared
from ledger.domain.context import Context
from ledger.domain.dates import business_date
from ledger.domain.fact import AnyFact, Fact
from ledger.domain.marks import named
from ledger.domain.streams import STREAMS
from ledger.eventstore.append import RECORD_BYTES_MAX, Draft, VaultKey
from ledger.eventstore.codec import UNKNOWN_YET, record_of
from ledger.eventstore.stored_names import STORED
from ledger.integrity.vault import Vault
from ledger.posted import TooLarge, VersionMoved
from ledger.sealing import Sealer
from ledger.states import Decision

REFERENCES: Final = ("organisation", "partnership", "support", "review", "framework", "person")


@dataclass(frozen=True, slots=True)
class Admitted:
    """An admitted claim, ready to be appended. `fact.recorded_at` is the moment of the decision, not the commit's."""

    fact: AnyFact
    draft: Draft
    vault_keys: tuple[VaultKey, ...]


@dataclass(frozen=True, slots=True)
class Decider:
    """What deciding needs beside the states."""

    vault: Vault
    zone: ZoneInfo
    categories: frozenset[str]

    def prefetch(self, items: list[Prepared], decision: Decision) -> None:
        """Reads what the claims name in one round trip; a stream that must be new is not looked for."""
        ids: set[str] = set()
        for item in items:
            if item.chosen or item.claim.type in ALWAYS_NEW:
                decision.assume_new(item.claim.stream.id)
            else:
                ids.add(item.claim.stream.id)
            ids |= named(item.claim.data, *REFERENCES)
        decision.prefetch(ids)

    def decide(self, item: Prepared, decision: Decision, now: datetime, *, dry: bool = False) -> Admitted | None:
        """The claim as a fact with its draft; later claims of the request see it. None when `dry`.

        Raises a Refusal, or AlreadyRecorded.
        """
        claim = item.claim
        known = decision.require_kind(claim.stream.kind, claim.stream.id)
        if item.expected_version is not None and item.expected_version != known.version:
            raise VersionMoved(
                f"expected version {item.expected_version}, the stream is at {known.version}",
                expected=item.expected_version,
                current=known.version,
            )
        context = Context(now=now, zone=self.zone, lookup=decision, categories=self.categories)
        data = admit(known.state, claim, context)
        event_id = str(uuid.uuid4())
        sealer = Sealer(self.vault, event_id, getattr(data, "person_id", None))
        fact = self._fact(item, data if dry else sealer.sealed(data), known.version + 1, event_id, now)
        after = STREAMS[claim.stream.kind].evolve(known.state, fact)
        keys = keys_of(after, fact)
        decision.admitted(fact, after, keys)
        return None if dry else Admitted(fact, self._draft(item, fact, after, keys), tuple(sealer.new_keys))

    def _fact(self, item: Prepared, data: Any, version: int, event_id: str, now: datetime) -> AnyFact:
        claim = item.claim
        return Fact(
            type=claim.type,
            schema=STORED[claim.type][1],
            stream=claim.stream,
            version=version,
            event_id=event_id,
            actor=claim.speaker.principal,
            voice=claim.voice,
            recorded_for=claim.recorded_for,
            occurred_at=claim.occurred_at,
            recorded_at=now,
            source=item.source,
            client_event_id=item.client_event_id or event_id,
            correlation_id=item.correlation_id,
            causation_id=item.causation_id,
            data=data,
        )

    def _draft(self, item: Prepared, fact: AnyFact, after: Any, keys: tuple[str, ...]) -> Draft:
        record = record_of(replace(fact, recorded_at=UNKNOWN_YET))
        if len(record) > RECORD_BYTES_MAX:
            raise TooLarge(f"the record is {len(record)} bytes; at most {RECORD_BYTES_MAX} are kept", bytes=len(record))
        return Draft(
            stream_id=fact.stream.id,
            version=fact.version,
            type=fact.type,
            record=record,
            keys=keys,
            idempotency_key=item.idempotency_key,
            content_mac=item.content_mac,
            stream_kind=fact.stream.kind,
            event_id=fact.event_id,
            actor=fact.actor,
            voice=fact.voice,
            business_on=business_date(after, fact, self.zone),
            correlation_id=fact.correlation_id,
        )
