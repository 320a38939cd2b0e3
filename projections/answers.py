"""The answers to the doors' questions, each with its own JSON. Minutes are whole, shares exact fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from projections.directory.succession import Identity
from projections.question import Header
from projections.reciprocity.measures import Balance
from projections.statement.measures import Line, Totals
from projections.statement.queries import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAnswer:
    """One balance: an organisation's, a pair's, or that of everybody together.

    `identities` are the other identities of the organisation it is of: each has a balance of its own.
    """

    header: Header
    balance: Balance
    names: Mapping[str, str]
    identities: Sequence[Identity] | None = None

    def to_json(self) -> dict[str, Any]:
        return self.header.to_json(self.names, **self.balance.to_json(), **identities_json(self.identities))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersAnswer:
    """A page of one organisation's balances with each other organisation it has an entry with, by id."""

    header: Header
    partners: Mapping[str, Balance]
    next: str
    has_more: bool
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return self.header.to_json(self.names, items=each(self.partners), next=self.next, has_more=self.has_more)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAnswer:
    """A partnership's or a trust's balances: each member's, the whole's, and who gave whom how much (confirmed).

    `outside` holds, for a trust, the confirmed exchange minutes that each member gave to and got from outside it.
    """

    header: Header
    members: Mapping[str, Balance]
    whole: Balance
    given: Mapping[tuple[str, str], int]
    names: Mapping[str, str]
    outside: Mapping[str, tuple[int, int]] | None = None

    def to_json(self) -> dict[str, Any]:
        pairs = [
            {"giver_id": giver, "receiver_id": receiver, "minutes": minutes}
            for (giver, receiver), minutes in self.given.items()
        ]
        members, whole = each(self.members), self.whole.to_json()
        if self.outside is not None:
            for member in members:
                member.update(edge(*self.outside.get(member["organisation_id"], (0, 0))))
            every = self.outside.values()
            whole |= edge(sum(given for given, _ in every), sum(got for _, got in every))
        return self.header.to_json(self.names, members=members, whole=whole, pairs=pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementAnswer:
    """A page of an account. `totals` are those of the whole window; `next` is where the next page starts.

    `identities` are the other identities of the organisation, each with an account of its own.
    """

    header: Header
    lines: Sequence[Line]
    totals: Totals
    next: str
    has_more: bool
    names: Mapping[str, str]
    identities: Sequence[Identity] = ()

    def to_json(self) -> dict[str, Any]:
        totals = self.totals
        return self.header.to_json(
            self.names,
            opening_minutes=totals.opening,
            gave_minutes=totals.moved.gave,
            got_minutes=totals.moved.got,
            closing_minutes=totals.closing,
            items=[line.to_json() for line in self.lines],
            next=self.next,
            has_more=self.has_more,
            **identities_json(self.identities),
        )


def identities_json(identities: Sequence[Identity] | None) -> dict[str, Any]:
    """The member `identities`; None where the answer is not of one organisation."""
    return {} if identities is None else {"identities": [one.to_json() for one in identities]}


def each(balances: Mapping[str, Balance]) -> list[dict[str, Any]]:
    return [{"organisation_id": one, **balance.to_json()} for one, balance in balances.items()]


def edge(given: int, received: int) -> dict[str, int]:
    return {"outside_given_minutes": given, "outside_received_minutes": received}


def place_text(place: Place | None) -> str:
    """Where a page ends, as a client hands it back; empty at the beginning."""
    return "" if place is None else f"{place.on.isoformat()}.{place.position}.{place.part}"


def read_place(text: str) -> Place | None:
    """The reverse of `place_text`. Raises ValueError."""
    if not text:
        return None
    on, position, part = text.split(".")
    return Place(date.fromisoformat(on), int(position), int(part))
