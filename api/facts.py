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
        """Those of the facts that the reader sees, as CloudEvents, each as far as the reader may have it: every door
        that prints facts prints them so.

        `root` leads the address of their schemas; `as_stored` leaves the data of what the reader has whole in the
        schema it was recorded in, free text still sealed. The client's own words for a fact (`clientsource`,
        `clientid`, `correlationid`, `causationid`) are for those who have it whole.
        """
        shown = self._ledger.shown(facts, reader)
        self._learn({fact.actor for fact in shown})
        stored = self._stored([fact for fact in shown if fact.client_event_id], root) if as_stored else {}
        return [self._event(fact, root) | stored.get(fact.position, {}) for fact in shown]

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
            "authtype": self._kinds.get(fact.actor, "unknown"),
            "authid": fact.actor,
            "voice": fact.voice,
            "recordedfor": fact.recorded_for,
            "correlationid": fact.correlation_id,
            "causationid": fact.causation_id,
            "clientsource": fact.source or None,
            "clientid": fact.client_event_id or None,
            "datacontenttype": "application/json",
            "dataschema": schema_address(root, fact.type, fact.schema),
            "data": shape.write(fact.data),
        }
        return {name: value for name, value in event.items() if value is not None}

    def _stored(self, facts: list[AnyFact], root: str) -> dict[int, dict[str, Any]]:
        """By position, the data as they were recorded."""
        records = self._ledger.store.records([fact.position for fact in facts])
        found = {}
        for fact in facts:
            record = orjson.loads(records[fact.position])
            schema = schema_address(root, fact.type, record["schema"])
            found[fact.position] = {"dataschema": schema, "data": record["data"]}
        return found

    def _learn(self, principals: set[str]) -> None:
        """Finds out what kind of principal each is: a person, a machine, or the ledger itself."""
        unknown = principals - self._kinds.keys()
        if not unknown:
            return
        found = self._ledger.states_of("credential", unknown)
        with self._lock:
            if len(self._kinds) + len(unknown) > MOST_REMEMBERED:
                self._kinds = {NIL: "system"}
            self._kinds |= {one: auth_type(found.get(one)) for one in unknown}


def auth_type(state: Any) -> str:
    if not isinstance(state, CredentialInForce | CredentialRevoked):
        return "unknown"
    return "service_account" if state.issued.role == "client" else "user"


def schema_address(root: str, type_name: str, schema: int) -> str:
    return f"{root}/v1/schemas/{type_name}/{schema}"
