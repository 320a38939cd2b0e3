"""The partnership that stories of reviews are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.clock import SetClock

if TYPE_CHECKING:
    from ledger.service import Ledger
    from tests.projections.reviews.harbour import Harbour


@pytest.fixture
def harbour(ledger: Ledger, clock: SetClock) -> Harbour:
    from tests.projections.reviews.harbour import Harbour

    return Harbour.of(ledger, clock)
