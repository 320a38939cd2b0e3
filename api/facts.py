"""Facts as they go out: CloudEvents 1.0, their texts as far as the reader may read them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final

import orjson

from ledger.domain import shape
from ledger.domain.credential.state import CredentialInForce, CredentialRevoked
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.values import NIL, moment
from ledger.service import Ledger

MOST_REMEMBERED: Final = 10_000


class Printer:
    """Writes facts for readers. It remembers what kind of principal an actor is: that does not change."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._kinds: dict[str, str] = {NIL: "system"}

    def printed(
        self, facts: Iterable[AnyFact], reader: Speaker, root: str, *, as_stored: bool = False
    ) -> list[dict[str, Any]]:
        """The facts as CloudEvents. `root` leads the address of their schemas; `as_stored` leaves the data in the
        schema they were recorded in, free text still sealed."""
        facts = list(facts)
        if as_stored:
            return [self._event(fact, root) | self._stored(fact, root) for fact in facts]
        return [self._event(fact, root) for fact in self._ledger.opened(facts, reader)]

    def _event(self, fact: AnyFact, root: str) -> dict[str, Any]:
        event = {
            "specversion": "1.0",
            "id": fact.event_id,
            "source": self._ledger.origin,
            "type": fact.type,
            "subject": fact.stream.id,
            "time": moment(fact.occurred_at),
            "recordedtime": moment(fact.recorded_at),
            "sequence": f"{fact.position:020d}",
            "streamversion": fact.version,
            "authtype": self._kind(fact.actor),
            "authid": fact.actor,
            "voice": fact.voice,
            "recordedfor": fact.recorded_for,
            "correlationid": fact.correlation_id,
            "causationid": fact.causation_id,
            "clientsource": fact.source,
            "clientid": fact.client_event_id,
            "datacontenttype": "application/json",
            "dataschema": schema_address(root, fact.type, fact.schema),
            "data": shape.write(fact.data),
        }
        return {name: value for name, value in event.items() if value is not None}

    def _stored(self, fact: AnyFact, root: str) -> dict[str, Any]:
        record = orjson.loads(self._ledger.record(fact.event_id)[0])
        return {"dataschema": schema_address(root, fact.type, record["schema"]), "data": record["data"]}

    def _kind(self, principal: str) -> str:
        """The `authtype` of an actor: a person, a machine, or the ledger itself."""
        with self._lock:
            known = self._kinds.get(principal)
        if known is None:
            known = auth_type(self._ledger.state("credential", principal))
            with self._lock:
                if len(self._kinds) < MOST_REMEMBERED:
                    self._kinds[principal] = known
        return known


def auth_type(state: Any) -> str:
    if not isinstance(state, CredentialInForce | CredentialRevoked):
        return "unknown"
    return "service_account" if state.issued.role == "client" else "user"


def schema_address(root: str, type_name: str, schema: int) -> str:
    return f"{root}/v1/schemas/{type_name}/{schema}"
