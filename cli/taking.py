"""Who takes the events that a command posts: the ledger on this machine, or one elsewhere. What either says of an event
is told in the same words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from api.calling.errors import ClientError, LimitReached, Unavailable, error_for
from api.client import Client, NewEvent, Problem, Receipt
from cli.failures import code_of_answer, exit_code, said_for, with_voice
from cli.opening import Said, ledger_here
from ledger.domain.fact import Speaker
from ledger.errors import Busy, Refusal
from ledger.posted import BatchRefused, Posted
from ledger.posted import Receipt as Held
from ledger.service import Ledger

T = TypeVar("T")
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that is in; `told` is its receipt as the API gives it."""

    position: int
    replayed: bool
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that is not in; `told` is the problem as the API gives it for the event alone, `exit_code` its kind."""

    code: str
    detail: str
    exit_code: int
    told: dict[str, Any]


Outcome = Taken | Refused | None
"""None: it was left out because of another one."""


class Taking(Protocol):
    """A ledger that takes events from whoever posts. `most_bytes` None: any number."""

    most_events: int
    most_bytes: int | None

    def whole(self, events: Sequence[Posted]) -> list[Outcome]:
        """All or none of them: what is said of each."""

    def each(self, events: Sequence[Posted]) -> Iterator[Outcome]:
        """What is said of each by itself."""

    def refused(self, refusal: Refusal) -> Refused:
        """What is said of an event that could not be read."""

    def position(self) -> int:
        """How far the ledger has come."""


class TakingHere:
    """The ledger on this machine."""

    most_bytes: int | None = None

    def __init__(self, ledger: Ledger, speaker: Speaker) -> None:
        self._ledger, self._speaker = ledger, speaker
        self.most_events = ledger.settings.max_batch

    def whole(self, events: Sequence[Posted]) -> list[Outcome]:
        try:
            receipts = patiently(lambda: self._ledger.post_batch(self._speaker, events))
        except BatchRefused as whole:
            index, refusal = whole.fields["index"], self.refused(whole.fields["refusal"])
            return [refusal if place == index else None for place in range(len(events))]
        except Busy as busy:
            return [self.refused(busy)] * len(events)
        return [taken(one) for one in receipts]

    def each(self, events: Sequence[Posted]) -> Iterator[Outcome]:
        for event in events:
            yield self._one(event)

    def refused(self, refusal: Refusal) -> Refused:
        return refused(refusal, with_voice(self._ledger, refusal))

    def position(self) -> int:
        return self._ledger.head()

    def _one(self, event: Posted) -> Outcome:
        try:
            return taken(patiently(lambda: self._ledger.post(self._speaker, event)))
        except Refusal as refusal:
            return self.refused(refusal)


class TakingThere:
    """A ledger elsewhere, whose client repeats what was lost by itself."""

    def __init__(self, client: Client, limits: Mapping[str, Any]) -> None:
        self._client, self._names = client, dict[str, str]()
        self.most_events = int(limits["max_batch"])
        self.most_bytes: int | None = int(limits["max_body_bytes"])

    def whole(self, events: Sequence[Posted]) -> list[Outcome]:
        try:
            return [taken_there(one) for one in self._client.post_batch([new(event) for event in events])]
        except ClientError as error:
            index = error.problem.index
            if index is not None:
                problem = self._alone(error.problem, index)
                return [problem if place == index else None for place in range(len(events))]
            if isinstance(error, Unavailable | LimitReached):
                return [alone(error.problem, None)] * len(events)
            raise

    def each(self, events: Sequence[Posted]) -> Iterator[Outcome]:
        try:
            found = list(self._client.post_each([new(event) for event in events], self.most_events))
        except (Unavailable, LimitReached) as error:
            yield from [alone(error.problem, None)] * len(events)
            return
        for index, outcome in enumerate(found):
            yield taken_there(outcome) if isinstance(outcome, Receipt) else self._alone(outcome, index)

    def refused(self, refusal: Refusal) -> Refused:
        return refused(refusal, refusal.detail)

    def position(self) -> int:
        return int(self._client.get("/v1/me")["position"])

    def _alone(self, problem: Problem, index: int) -> Refused:
        """A problem of one event; where it is one for the voice, with the name of the organisation that spoke."""
        found = alone(problem, index)
        voice = problem.told.get("voice")
        if voice is None:
            return found
        if voice not in self._names:
            self._names[voice] = str(self._client.get(f"/v1/organisations/{voice}")["name"])
        return replace(found, detail=said_for(problem.detail, self._names[voice]))


@contextmanager
def taking(said: Said) -> Iterator[Taking]:
    """The ledger that the options and the environment name, open until the block ends. Raises ClientError, Refusal."""
    if said.url is None:
        with ledger_here() as ledger:
            yield TakingHere(ledger, said.writer(ledger))
    else:
        from cli.there import POSTING_PATIENCE, client_there

        with client_there(said, said.url) as first:  # who is not there at all is not waited for as long
            limits = first.get("/v1/me")["limits"]
        with client_there(said, said.url, POSTING_PATIENCE) as client:
            yield TakingThere(client, limits)


def patiently(ask: Callable[[], T]) -> T:
    """The answer, asked for again while the ledger is busy: a repeat of what was written after all is harmless."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except Busy as busy:
            time.sleep(busy.retry_after_seconds)
    return ask()


def taken(receipt: Held) -> Taken:
    from api.resources.posting import receipt as told

    return Taken(receipt.position, receipt.replayed, told(receipt))


def taken_there(receipt: Receipt) -> Taken:
    return Taken(receipt.position, receipt.replayed, dict(receipt.told))


def refused(refusal: Refusal, detail: str) -> Refused:
    from api.problems import problem_of

    return Refused(refusal.code, detail, exit_code(refusal), problem_of(refusal))


def alone(problem: Problem, index: int | None) -> Refused:
    """A problem as it would be told of its event alone: a batch leads every pointer with the place in it, and names
    the event where the problem names no member."""
    told = {name: value for name, value in problem.told.items() if name != "index"}
    if index is not None:
        errors = [{**one, "pointer": one["pointer"].removeprefix(f"/{index}")} for one in told.get("errors", ())]
        told["errors"] = [one for one in errors if (one["pointer"], one["code"]) != ("", problem.code)]
    return Refused(problem.code, problem.detail, code_of_answer(error_for(problem)), told)


def new(event: Posted) -> NewEvent:
    """The event as the client sends it."""
    said = {name: value for name, value in asdict(event).items() if name in PLAIN}
    return NewEvent(
        **said,
        id=event.id or "",
        recorded_for=event.recordedfor,
        correlation_id=event.correlationid,
        causation_id=event.causationid,
        expected_version=event.expectedversion,
    )


PLAIN: Final = frozenset({"type", "data", "subject", "source", "time"})
