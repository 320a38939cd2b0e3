"""Balances: what an organisation, a pair or a whole scope gave and got, and what follows from it. Pure arithmetic.

Minutes are whole; shares are exact fractions. The formulas are those of the page on reciprocity in the docs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis, Independence
from projections.reciprocity.rows import EntryKind
from projections.shares import far_apart, share, to_json

RULE_VERSION: Final = "reciprocity/1"
DEFAULT_TOLERANCE: Final = Fraction(1, 3)
"""Beyond it one side gets more than twice what it gives; a partnership's terms override it."""

COUNTED: Final = frozenset({"confirmed", "settled"})
_BESIDE: Final = {"gift": "gifts", "paid": "paid", "funded": "funded"}


class Sum(NamedTuple):
    """The minutes of the entries that agree in all of this, from one giver to one receiver."""

    giver_id: str
    receiver_id: str
    kind: EntryKind
    basis: Basis
    status: DeliveryStatus
    independence: Independence | None
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Whole minutes, none negative but what was disposed of and brought forward, which say which way.

    `…_received` are the other side's word; claimed gifts, paid and funded minutes are the giver's, whatever their
    state, as long as nobody has confirmed them.
    """

    given: int = 0
    received: int = 0
    independent_given: int = 0
    independent_received: int = 0
    claimed: int = 0
    claimed_received: int = 0
    disputed: int = 0
    disputed_received: int = 0
    attested: int = 0
    attested_received: int = 0
    gifts_given: int = 0
    gifts_received: int = 0
    paid_given: int = 0
    paid_received: int = 0
    funded_given: int = 0
    funded_received: int = 0
    gifts_claimed: int = 0
    paid_claimed: int = 0
    funded_claimed: int = 0
    brought_forward: int = 0
    disposed: int = 0


def tally(sums: Iterable[Sum], own: Collection[str] | None = None) -> Minutes:
    """The minutes of the organisation with these ids (several, where it was registered twice); None is everybody.

    What passed between two registrations of one organisation counts nowhere.
    """
    found: Counter[str] = Counter()
    for row in sums:
        gives, gets = (True, True) if own is None else (row.giver_id in own, row.receiver_id in own)
        if own is not None and gives and gets:
            continue
        if gives:
            found.update(dict(_given(row)))
        if gets:
            found.update(dict(_received(row)))
    return Minutes(**found)


def _given(row: Sum) -> Iterator[tuple[str, int]]:
    if row.kind != "delivery":
        yield _moved(row), row.minutes
    elif row.basis != "exchange":
        yield _BESIDE[row.basis] + ("_given" if row.status in COUNTED else "_claimed"), row.minutes
    elif row.status in COUNTED:
        yield "given", row.minutes
        if row.independence == "independent":
            yield "independent_given", row.minutes
    else:
        yield row.status, row.minutes


def _received(row: Sum) -> Iterator[tuple[str, int]]:
    if row.kind != "delivery":
        yield _moved(row), -row.minutes
    elif row.basis != "exchange":
        if row.status in COUNTED:
            yield f"{_BESIDE[row.basis]}_received", row.minutes
    elif row.status in COUNTED:
        yield "received", row.minutes
        if row.independence == "independent":
            yield "independent_received", row.minutes
    else:
        yield f"{row.status}_received", row.minutes


def _moved(row: Sum) -> str:
    return "brought_forward" if row.kind == "brought_forward" else "disposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The figures of one organisation, pair or whole scope. `both_ways` asks for the concordance of both sides' giving.

    `tolerance_ratio` is the share of the turnover beyond which the balance is a warning.
    """

    minutes: Minutes
    both_ways: bool = False
    tolerance_ratio: Fraction = DEFAULT_TOLERANCE

    @property
    def net(self) -> int:
        return self.minutes.given - self.minutes.received

    @property
    def turnover(self) -> int:
        return self.minutes.given + self.minutes.received

    @property
    def standing(self) -> int:
        """What is open when everything agreed about the past is taken into account."""
        return self.net + self.minutes.brought_forward + self.minutes.disposed

    @property
    def balance_index(self) -> Fraction | None:
        """B = net / turnover, from −1 (only gets) to 1 (only gives); None where nothing passed."""
        return share(self.net, self.turnover)

    @property
    def exchange_ratio(self) -> Fraction | None:
        """F = given / received = (1 + B) / (1 − B); None where nothing was received."""
        return share(self.minutes.given, self.minutes.received)

    @property
    def independent_index(self) -> Fraction | None:
        """B on the minutes that two independent sides have both said."""
        given, received = self.minutes.independent_given, self.minutes.independent_received
        return share(given - received, given + received)

    @property
    def concordance(self) -> Fraction | None:
        """Confirmed minutes out of all unreversed ones of what was given (both ways, for a pair)."""
        m = self.minutes
        confirmed, unanswered = m.given, m.claimed + m.disputed + m.attested
        if self.both_ways:
            confirmed += m.received
            unanswered += m.claimed_received + m.disputed_received + m.attested_received
        return share(confirmed, confirmed + unanswered)

    @property
    def warnings(self) -> tuple[str, ...]:
        """`gets_beyond_tolerance` where B < −ratio, `gives_beyond_tolerance` where B > ratio."""
        index = self.balance_index
        if index is None or abs(index) <= self.tolerance_ratio:
            return ()
        return ("gives_beyond_tolerance",) if index > 0 else ("gets_beyond_tolerance",)

    def to_json(self) -> dict[str, Any]:
        """Every figure by name; what cannot be told is null, with the reason under `why`."""
        shares = {
            "balance_index": self.balance_index,
            "exchange_ratio": self.exchange_ratio,
            "concordance": self.concordance,
        }
        why = {name: _WHY[name] for name, value in shares.items() if value is None}
        independent = self._independent_json()
        return {
            **self._minutes_json(),
            **{name: to_json(value) for name, value in shares.items()},
            **({"why": why} if why else {}),
            **({"independent": independent} if independent else {}),
            "warnings": list(self.warnings),
        }

    def _minutes_json(self) -> dict[str, int]:
        every = {
            f"{each.name}_minutes": getattr(self.minutes, each.name)
            for each in fields(Minutes)
            if not each.name.startswith("independent")
        }
        return every | {
            "net_minutes": self.net,
            "turnover_minutes": self.turnover,
            "standing_minutes": self.standing,
        }

    def _independent_json(self) -> dict[str, Any] | None:
        """The same on independent minutes, where it makes a difference of more than 0.1 to B."""
        if not far_apart(self.balance_index, self.independent_index):
            return None
        given, received = self.minutes.independent_given, self.minutes.independent_received
        return Balance(minutes=Minutes(given=given, received=received))._confirmed_json()

    def _confirmed_json(self) -> dict[str, Any]:
        shares = {"balance_index": self.balance_index, "exchange_ratio": self.exchange_ratio}
        why = {name: _WHY[name] for name, value in shares.items() if value is None}
        return {
            "given_minutes": self.minutes.given,
            "received_minutes": self.minutes.received,
            "net_minutes": self.net,
            "turnover_minutes": self.turnover,
            **{name: to_json(value) for name, value in shares.items()},
            **({"why": why} if why else {}),
        }


_WHY: Final = {
    "balance_index": "nothing_confirmed",
    "exchange_ratio": "nothing_received",
    "concordance": "nothing_given",
}


def given_matrix(sums: Iterable[Sum]) -> dict[tuple[str, str], int]:
    """w: the confirmed exchange minutes that each giver gave each receiver, by (giver, receiver)."""
    found: Counter[tuple[str, str]] = Counter()
    for row in sums:
        if row.kind == "delivery" and row.basis == "exchange" and row.status in COUNTED:
            found[row.giver_id, row.receiver_id] += row.minutes
    return {pair: minutes for pair, minutes in sorted(found.items()) if minutes}
