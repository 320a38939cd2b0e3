"""Events on their way to the ledger: each bears an id, so that to send it again is to ask what became of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import sleep
from typing import Any, Final

from api.calling.caller import Caller, object_of, target
from api.calling.errors import error_for, no_ledger
from api.calling.wire import Reply, Sent
from api.calling.words import Problem, Receipt

EVENTS: Final = "/v1/events"
ONE: Final = "application/cloudevents+json"
MANY: Final = "application/cloudevents-batch+json"
MOST_AT_ONCE: Final = 1000

Outcome = Receipt | Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to be posted (CloudEvents 1.0). `data` is what is said, by the names of the event's schema.

    `subject` is the stream; None begins one. `source` and `id` are the key of a repeat: keep both as they are.
    """

    type: str
    data: Mapping[str, Any]
    subject: str | None = None
    source: str | None = None
    id: str
    time: datetime | str | None = None
    recorded_for: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    expected_version: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The event as it is sent."""
        time = self.time.isoformat() if isinstance(self.time, datetime) else self.time
        members = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": time,
            "recordedfor": self.recorded_for,
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "expectedversion": self.expected_version,
            "data": dict(self.data),
        }
        return {name: value for name, value in members.items() if value is not None}


def event(type: str, data: Mapping[str, Any], *, id: str | None = None, **more: Any) -> NewEvent:  # noqa: A002  # CloudEvents' own names
    """An event with a random id of its own, unless one is given. `more` are further members of NewEvent."""
    return NewEvent(type=type, data=data, id=str(uuid.uuid4()) if id is None else id, **more)


class Posting:
    """Posts through a caller. What is sent again bears the same ids, so that nothing is recorded twice."""

    def __init__(self, caller: Caller, source: str | None) -> None:
        self._caller, self._source = caller, source

    def one(self, event: NewEvent) -> Receipt:
        """Raises ClientError."""
        reply = self._send(ONE, self._written(event))
        return receipt_of(object_of(reply), reply, replayed=reply.status == 200)

    def whole(self, events: Sequence[NewEvent]) -> list[Receipt]:
        """All of them, or none. Raises ClientError, whose `index` is the place of the refused one."""
        if not events:
            return []
        reply = self._send(MANY, [self._written(one) for one in events])
        outcomes = outcomes_of(reply, len(events))
        for outcome in outcomes:
            if isinstance(outcome, Problem):
                raise error_for(outcome)
        return [one for one in outcomes if isinstance(one, Receipt)]

    def each(self, events: Sequence[NewEvent]) -> list[Outcome]:
        """What became of each by itself; those that may do better later have been sent again. Raises ClientError
        where it is not known of any."""
        found: dict[int, Outcome] = {}
        left, number = list(range(len(events))), 0
        while left:
            number += 1
            reply = self._send(MANY, [self._written(events[place]) for place in left], atomic=False)
            found |= dict(zip(left, outcomes_of(reply, len(left)), strict=True))
            left = [place for place in left if may_do_better(found[place])]
            if left and (seconds := self._caller.patience.rest(number, 1.0)) is not None:
                sleep(seconds)
            elif left:
                break
        return [found[place] for place in range(len(events))]

    def check(self, events: Sequence[NewEvent]) -> None:
        """Asks every rule about these, and writes nothing. Raises ClientError, as posting them would."""
        if events:
            self._send(MANY, [self._written(one) for one in events], dry_run=True)

    def _written(self, event: NewEvent) -> dict[str, Any]:
        source = {} if self._source is None else {"source": self._source}
        return source | event.to_json()

    def _send(self, media_type: str, body: Any, **parameters: bool) -> Reply:
        headers = {"Content-Type": media_type, "Accept": "application/json, application/problem+json"}
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return self._caller.call(Sent("POST", target(EVENTS, parameters), headers, text))


def batched(events: Iterable[NewEvent], size: int) -> Iterator[list[NewEvent]]:
    """The events in lists of at most so many."""
    left = iter(events)
    while batch := list(islice(left, size)):
        yield batch


def may_do_better(outcome: Outcome) -> bool:
    return isinstance(outcome, Problem) and outcome.retryable


def receipt_of(told: Mapping[str, Any], reply: Reply, *, replayed: bool) -> Receipt:
    """Raises Broken."""
    try:
        return Receipt.read(told, replayed=replayed)
    except (KeyError, TypeError, ValueError):
        raise no_ledger(reply.status, "the answer to an event is no receipt") from None


def outcomes_of(reply: Reply, count: int) -> list[Outcome]:
    """What became of each event of a batch, in order. Raises Broken for an answer that says less or more."""
    try:
        results = object_of(reply)["results"]
        found = [outcome_of(one, reply) for one in results]
    except (KeyError, TypeError, ValueError):
        raise no_ledger(reply.status, "the answer to a batch says not what became of it") from None
    if len(found) != count:
        raise no_ledger(reply.status, f"{count} events were sent, and {len(found)} answered")
    return found


def outcome_of(result: Mapping[str, Any], reply: Reply) -> Outcome:
    """The receipt of a result, else its problem. Raises KeyError for neither."""
    if "receipt" in result:
        return receipt_of(result["receipt"], reply, replayed=result["status"] == 200)
    return Problem.read(result["problem"])
