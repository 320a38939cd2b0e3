"""A ledger on paper: the product's own rules over states in memory, quick enough for many programmes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.demo.run import Programme, filled
from ledger.admission import admit, keys_of
from ledger.claims import prepare
from ledger.domain.context import Context
from ledger.domain.fact import LEDGER, AnyFact, Fact, Speaker
from ledger.domain.streams import STREAMS
from ledger.eventstore.stored_names import STORED
from ledger.posted import Posted, Receipt
from ledger.posting import receipt_of

ZONE = ZoneInfo("Europe/London")


@dataclass
class Paper:
    """Implements ledger.domain.context.Lookup."""

    facts: list[AnyFact] = field(default_factory=list)
    states: dict[tuple[str, str], Any] = field(default_factory=dict)
    touched: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    versions: Counter[str] = field(default_factory=Counter)

    def state(self, kind: str, stream_id: str) -> Any:
        return self.states.get((kind, stream_id))

    def streams_with_key(self, key: str, kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for each, one in self.touched.get(key, ()) if each == kind))

    def lean(self, key: str) -> None:
        """Nobody else writes here."""

    def head(self) -> int:
        return len(self.facts)

    def tell(self, programme: Programme) -> None:
        """Records a whole programme. Raises the Refusal of whatever a rule forbids."""
        opened = {"origin": "paper.example", "vkey": "paper.example+00000000+AAAA", "zone": "Europe/London"}
        began = datetime.combine(programme.stage.first, datetime.min.time(), UTC)
        self.record(began, LEDGER, Posted(type="log.opened", data=opened, id="log.opened"))
        receipts: dict[str, Receipt] = {}
        for at, speaker, sitting in programme.stage.diary.sittings():
            last = self.head()
            for one in sitting:
                posted = replace(one, data=filled(one.data, receipts, last))
                receipts[one.id or ""] = receipt_of(self.record(at.astimezone(UTC), speaker, posted))

    def record(self, now: datetime, speaker: Speaker, posted: Posted) -> AnyFact:
        item = prepare(posted, speaker, now, b"key", 32_768)
        claim, stream = item.claim, item.claim.stream
        before = self.state(stream.kind, stream.id)
        data = admit(before, claim, Context(now=now, zone=ZONE, lookup=self))
        self.versions[stream.id] += 1
        position = len(self.facts) + 1
        fact: AnyFact = Fact(
            type=claim.type,
            schema=STORED[claim.type][1],
            stream=stream,
            version=self.versions[stream.id],
            event_id=f"00000000-0000-4000-8000-{position:012d}",
            actor=speaker.principal,
            voice=claim.voice,
            recorded_for=claim.recorded_for,
            occurred_at=claim.occurred_at,
            recorded_at=now,
            source=item.source,
            client_event_id=item.client_event_id,
            data=data,
            position=position,
        )
        after = STREAMS[stream.kind].evolve(before, fact)
        self.states[stream.kind, stream.id] = after
        self.facts.append(fact)
        for key in keys_of(after, fact):
            self.touched.setdefault(key, []).append((stream.kind, stream.id))
        return fact
