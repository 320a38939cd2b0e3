"""A fact as the views of one scope hold it: with its position and the day on which it counts."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.domain.fact import AnyFact


class Noted(NamedTuple):
    """A fact, its position, and its business date."""

    position: int
    on: date
    fact: AnyFact
