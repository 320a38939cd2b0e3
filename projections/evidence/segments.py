"""Facts of a partnership once more, close together and ready to read: a thousand at a time instead of one by one.

The facts of one partnership lie all over a large log: to read two thousand of them is to look into a thousand pages. A
segment holds those between two positions without their texts and without what no view looks at. It is a copy, never
the truth: where there is none, or one of another form, the log is read, and the answer is the same.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, ClassVar, Final, cast

import msgspec
import psycopg

from ledger.domain.fact import AnyFact, Stream
from ledger.domain.marks import each_secret
from ledger.eventstore.stored_names import STORED
from projections.evidence.noted import Noted

LAYOUT: Final = 1


class Kept(msgspec.Struct, array_like=True, gc=False):
    """A fact as far as views look at one. In a segment `stream` is a number in its list of streams.

    It is not a dataclass for its speed alone: a question reads thousands, and the collector need not look at them.
    """

    type: ClassVar[str]
    position: int
    on: date
    stream: Any
    event_id: str
    actor: str
    voice: str | None
    occurred_at: datetime
    recorded_at: datetime
    data: Any


def kept_as(name: str, cls: type[Any]) -> type[Kept]:
    """The form of the facts of one type, told from the others by its name."""
    made = msgspec.defstruct(
        f"Kept_{name.replace('.', '_')}", [("data", cls)], bases=(Kept,), tag=name, array_like=True, gc=False
    )
    made.type = name  # type: ignore[attr-defined]  # declared by Kept, which the library's return type forgets
    return cast(type[Kept], made)


KEPT: Final[dict[str, type[Kept]]] = {name: kept_as(name, cls) for name, (cls, _) in STORED.items()}


class Segment(msgspec.Struct, array_like=True):
    streams: list[tuple[str, str]]
    facts: list[typing.Union[tuple(KEPT.values())]]  # type: ignore[valid-type]  # noqa: UP007  # made of a table


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Segment)


def form_of(types: Iterable[tuple[str, type[Any]]]) -> str:
    """A digest of all that decides how a segment reads: the layout, the types of facts, and their members."""
    told: list[str] = [str(LAYOUT), str(Kept.__struct_fields__)]
    known: set[type[Any]] = set()

    def tell(cls: type[Any]) -> None:
        if cls not in known:
            known.add(cls)
            for name, annotation in typing.get_type_hints(cls, include_extras=True).items():
                told.append(f"{cls.__qualname__} {name} {annotation}")
                for one in inside(annotation):
                    tell(one)

    for name, cls in types:
        told.append(f"{name} {cls.__qualname__}")
        tell(cls)
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def inside(annotation: Any) -> Iterator[type[Any]]:
    """The dataclasses that an annotation is made of."""
    if is_dataclass(annotation) and isinstance(annotation, type):
        yield annotation
    for part in typing.get_args(annotation):
        yield from inside(part)


FORM: Final = form_of((name, cls) for name, (cls, _) in STORED.items())


def written(notes: Sequence[Noted]) -> bytes:
    """The bytes of a segment that holds these facts, in order, their texts left out."""
    streams = list(dict.fromkeys(one.fact.stream for one in notes))
    numbers = {stream: number for number, stream in enumerate(streams)}
    return _ENCODER.encode(
        Segment([(one.kind, one.id) for one in streams], [kept(one, numbers[one.fact.stream]) for one in notes])
    )


def kept(noted: Noted, stream: int) -> Kept:
    fact = noted.fact
    return KEPT[fact.type](
        position=noted.position, on=noted.on, stream=stream, event_id=fact.event_id, actor=fact.actor,
        voice=fact.voice, occurred_at=fact.occurred_at, recorded_at=fact.recorded_at,
        data=each_secret(fact.data, lambda *_: ""),
    )  # fmt: skip


def read(body: bytes) -> list[Noted]:
    """The facts of a segment. They have the members of `Kept`: whatever else is asked for raises AttributeError."""
    segment = _DECODER.decode(body)
    streams = [Stream(*one) for one in segment.streams]
    facts = cast(list[Kept], segment.facts)
    for one in facts:
        one.stream = streams[one.stream]
    return [Noted(one.position, one.on, cast(AnyFact, one)) for one in facts]


def segments_of(
    connection: psycopg.Connection[Any], partnership_ids: Collection[str], known_at: int
) -> dict[str, list[Noted]]:
    """By partnership, the facts up to a position that its segments hold: all of them up to the last one given."""
    rows = connection.execute(_SEGMENTS, (sorted(partnership_ids), FORM, known_at), binary=True)
    found: dict[str, list[Noted]] = {}
    for partnership_id, last, body in rows:
        notes = read(body)
        if last > known_at:
            notes = [one for one in notes if one.position <= known_at]
        found.setdefault(str(partnership_id), []).extend(notes)
    return found


_SEGMENTS: Final = (
    "SELECT partnership_id, last, facts FROM evidence_segment"
    " WHERE partnership_id = ANY (%s::uuid[]) AND form = %s AND first <= %s ORDER BY partnership_id, first"
)
