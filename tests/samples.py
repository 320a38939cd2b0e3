"""Instances of every kind of fact, drawn from the annotations: what the codec must carry, whatever it is."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ledger.domain import shape
from ledger.domain.fact import AnyFact, Fact, Stream
from ledger.domain.values import Items, Pattern, Range, Sealed, Secret, Text, Uuid
from ledger.eventstore.stored_names import STORED, stream_kind

UUIDS = st.uuids().map(str)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
CLEAR = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
SEALED = st.builds(Sealed, UUIDS, st.just("AAAAAAAAAAAAAAAA"), st.just("c2VhbGVk"))


def instances(cls: type[Any]) -> SearchStrategy[Any]:
    """Instances of a dataclass, optional members present or not; cross-member rules are not looked at."""
    given, defaults = {}, {field.name: field.default for field in fields(cls)}
    for member in shape.shape(cls).members.values():
        values = values_of(member.annotation)
        given[member.attribute] = values if member.required else st.just(defaults[member.attribute]) | values
    return st.builds(cls, **given)


def values_of(annotation: Any) -> SearchStrategy[Any]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, mark, *_ = typing.get_args(annotation)
        if isinstance(mark, Items):
            one = values_of(typing.get_args(inner)[0])
            return st.lists(one, min_size=mark.least, max_size=max(mark.least, min(mark.most, 3))).map(tuple)
        return of_mark(mark)
    if origin is Literal:
        return st.sampled_from(typing.get_args(annotation))
    if origin is tuple:
        return st.lists(values_of(typing.get_args(annotation)[0]), max_size=3).map(tuple)
    if is_dataclass(annotation) and isinstance(annotation, type):
        return instances(annotation)
    return {date: DAYS, datetime: MOMENTS, bool: st.booleans()}[annotation]


def of_mark(mark: Any) -> SearchStrategy[Any]:
    match mark:
        case Uuid():
            return UUIDS
        case Pattern(regex=regex):
            return st.from_regex(regex, fullmatch=True)
        case Text():
            return CLEAR
        case Secret():
            return SEALED
        case Range(least=least, most=most):
            return st.integers(least, most)
    raise TypeError(f"no sample for {mark!r}")


def facts() -> SearchStrategy[AnyFact]:
    """A fact of any kind."""
    return st.sampled_from(sorted(STORED)).flatmap(facts_of)


def facts_of(type_name: str) -> SearchStrategy[AnyFact]:
    cls, schema = STORED[type_name]
    return st.builds(
        Fact,
        type=st.just(type_name),
        schema=st.just(schema),
        stream=UUIDS.map(lambda stream_id: Stream(stream_kind(type_name), stream_id)),
        version=st.integers(1, 2**31),
        event_id=UUIDS,
        actor=UUIDS,
        voice=st.none() | UUIDS,
        recorded_for=st.none() | UUIDS,
        occurred_at=MOMENTS,
        recorded_at=MOMENTS,
        source=CLEAR,
        client_event_id=CLEAR,
        correlation_id=st.none() | CLEAR,
        causation_id=st.none() | CLEAR,
        data=instances(cls),
        position=st.integers(1, 2**31),
    )
