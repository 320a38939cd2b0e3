"""The stored record: a fact to its exact bytes and back, with upcasters for payloads of older schema versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from ledger.domain import shape
from ledger.domain.fact import AnyFact, Fact, Stream
from ledger.domain.values import moment
from ledger.eventstore.append import RECORDED_AT_PLACEHOLDER
from ledger.eventstore.stored_names import STORED
from ledger.integrity.canonical import encode

FORMAT: Final = 1
PLACEHOLDER: Final = RECORDED_AT_PLACEHOLDER.decode()
UNKNOWN_YET: Final = datetime(1, 1, 1, tzinfo=UTC)

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Final[dict[tuple[str, int], Upcaster]] = {}
"""By stored name and schema version: `data` of that version in, `data` of the next out. Only ever added to."""


class NewerThanThis(Exception):
    """A record was written by a newer version of this program. Fields: `type`, `schema`."""

    def __init__(self, type_name: str, schema: int) -> None:
        super().__init__(f"{type_name} in schema {schema} was written by a newer version of this program")
        self.type = type_name
        self.schema = schema


def record_of(fact: AnyFact) -> bytes:
    """The canonical bytes of a fact; while `recorded_at` is UNKNOWN_YET they hold the writer's placeholder."""
    optional = {
        "causation_id": fact.causation_id,
        "correlation_id": fact.correlation_id,
        "recorded_for": fact.recorded_for,
        "voice": fact.voice,
    }
    return encode(
        {
            "actor": fact.actor,
            "client_event_id": fact.client_event_id,
            "data": shape.write(fact.data),
            "event_id": fact.event_id,
            "format": FORMAT,
            "occurred_at": moment(fact.occurred_at),
            "recorded_at": PLACEHOLDER if fact.recorded_at == UNKNOWN_YET else moment(fact.recorded_at),
            "schema": fact.schema,
            "source": fact.source,
            "stream": {"id": fact.stream.id, "kind": fact.stream.kind},
            "type": fact.type,
            "version": fact.version,
        }
        | {name: value for name, value in optional.items() if value is not None}
    )


def decode(
    record: bytes,
    position: int,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    stored: Mapping[str, tuple[type[Any], int]] = STORED,
) -> AnyFact:
    """The fact that a record holds, its data in the newest schema. Raises NewerThanThis."""
    whole = orjson.loads(record)
    type_name, schema, data = whole["type"], whole["schema"], whole["data"]
    known = stored.get(type_name)
    if known is None or schema > known[1]:
        raise NewerThanThis(type_name, schema)
    cls, newest = known
    while schema < newest:
        data = upcasters[type_name, schema](data)
        schema += 1
    stream, get = whole["stream"], whole.get
    # Its slots are filled past `__init__`, as `shape.restore` does: a question may decode thousands of facts.
    fact = Fact.__new__(Fact)
    _type(fact, type_name)
    _schema(fact, schema)
    _stream(fact, Stream(stream["kind"], stream["id"]))
    _version(fact, whole["version"])
    _event_id(fact, whole["event_id"])
    _actor(fact, whole["actor"])
    _voice(fact, get("voice"))
    _recorded_for(fact, get("recorded_for"))
    _occurred_at(fact, datetime.fromisoformat(whole["occurred_at"]))
    _recorded_at(fact, datetime.fromisoformat(whole["recorded_at"]))
    _source(fact, whole["source"])
    _client_event_id(fact, whole["client_event_id"])
    _correlation_id(fact, get("correlation_id"))
    _causation_id(fact, get("causation_id"))
    _data(fact, shape.restore(cls, data))
    _position(fact, position)
    return fact


def _setter(name: str) -> Callable[[AnyFact, Any], None]:
    setter: Callable[[AnyFact, Any], None] = Fact.__dict__[name].__set__
    return setter


_type, _schema, _stream, _version = map(_setter, ("type", "schema", "stream", "version"))
_event_id, _actor, _voice, _recorded_for = map(_setter, ("event_id", "actor", "voice", "recorded_for"))
_occurred_at, _recorded_at, _source = map(_setter, ("occurred_at", "recorded_at", "source"))
_client_event_id, _correlation_id = map(_setter, ("client_event_id", "correlation_id"))
_causation_id, _data, _position = map(_setter, ("causation_id", "data", "position"))
