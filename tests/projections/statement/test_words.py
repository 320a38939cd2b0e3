"""Every line of an account has its words, and none of them is a code."""

from __future__ import annotations

from typing import get_args

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis
from projections.statement.measures import What
from projections.statement.words import BASIS, STATUS, WHAT, status_of


def test_every_code_has_words() -> None:
    assert set(get_args(DeliveryStatus)) == set(STATUS)
    assert set(get_args(What)) == set(WHAT)
    assert set(get_args(Basis)) == {"exchange", *BASIS}


def test_a_reversed_line_says_what_it_was() -> None:
    told = status_of({"basis": "gift", "status": "reversed", "was": "disputed"})
    assert told == f"{BASIS['gift']}, was {STATUS['disputed']}"
    assert status_of({"basis": "exchange", "status": "claimed"}) == STATUS["claimed"]
