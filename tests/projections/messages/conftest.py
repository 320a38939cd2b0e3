"""A partnership whose people get letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ledger.clock import SetClock
    from ledger.service import Ledger
    from tests.projections.inbox.desks import Desks


@pytest.fixture
def desks(ledger: Ledger, clock: SetClock) -> Desks:
    from tests.projections.inbox.desks import desks_of

    return desks_of(ledger, clock, review_every_days=200)
