"""The chain of a support, as the doors print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from projections.board.queries import Left
from projections.chain.measures import Figures, delivery_to_json
from projections.chain.telling import Words
from projections.evidence.deliveries import Delivery
from projections.evidence.supports import Support
from projections.question import Header
from projections.working import Working, workings_to_json

Way = Literal["answers", "answered_by", "same_posting", "same_occasion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing that was said: `on` is its business date, `recorded_on` the day on which it was recorded."""

    fact: AnyFact
    on: date
    recorded_on: date
    words: Words

    def to_json(self) -> dict[str, Any]:
        fact, words = self.fact, self.words
        found = {
            "type": fact.type,
            "stream_id": fact.stream.id,
            "on": self.on.isoformat(),
            "recorded_on": self.recorded_on.isoformat(),
            "voice_id": fact.voice,
            "says": words.says,
            "minutes": words.minutes,
            "delivery_id": words.delivery_id,
            "event_id": fact.event_id,
            "position": fact.position,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another support that belongs beside it, and how."""

    way: Way
    support_id: str
    giver_id: str | None
    receiver_id: str | None
    category: str
    agreed_minutes: int | None

    @property
    def ids(self) -> Iterator[str]:
        return (one for one in (self.giver_id, self.receiver_id) if one is not None)

    def to_json(self) -> dict[str, Any]:
        members = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """`links` are the streams it is made of; of those `withheld` (confidential, and not this reader's) nothing is told
    but how many minutes passed, `withheld_minutes`. `left` is what is left of its offer or request; days of recording
    are those of `zone`."""

    header: Header
    links: Sequence[str]
    withheld: frozenset[str]
    support: Support
    figures: Figures
    left: Left | None
    elements: Sequence[Element]
    deliveries: Sequence[Delivery]
    siblings: Sequence[Sibling]
    working: Sequence[Working] | None
    zone: ZoneInfo
    withheld_minutes: int
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        body = self._withheld() if self.support.support_id in self.withheld else self._whole()
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        shown = {one for one in ids_of(body) if one in self.names}
        return self.header.to_json({one: self.names[one] for one in sorted(shown)}, **body)

    def _withheld(self) -> dict[str, Any]:
        return {
            "id": self.support.support_id,
            "category": "other",
            "confidential": True,
            "confirmed_minutes": self.withheld_minutes,
            "elements": [],
            "deliveries": [],
            "siblings": [],
        }

    def _whole(self) -> dict[str, Any]:
        support, as_of = self.support, self.header.question.as_of
        about = {
            "id": support.support_id,
            "partnership_id": support.partnership_id,
            "category": support.category,
            "giver_id": support.giver_id or None,
            "receiver_id": support.receiver_id or None,
            "confidential": support.confidential or None,
        }
        left = {} if self.left is None else self.left.to_json()
        return {name: value for name, value in about.items() if value is not None} | {
            **self.figures.to_json(),
            **left,
            **({"withheld_minutes": self.withheld_minutes} if self.withheld else {}),
            "elements": [one.to_json() for one in self.elements],
            "deliveries": [delivery_to_json(one, as_of, self.zone) for one in self.deliveries],
            "siblings": [one.to_json() for one in self.siblings],
        }


def ids_of(value: Any) -> Iterator[str]:
    """Every id in an answer, wherever it stands."""
    match value:
        case dict():
            for name, inner in value.items():
                if isinstance(inner, str) and name.endswith("_id"):
                    yield inner
                else:
                    yield from ids_of(inner)
        case list():
            for inner in value:
                yield from ids_of(inner)
