"""What the members of a fact say together must make sense by itself."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain import shape
from ledger.domain.support import facts
from ledger.errors import ClaimMalformed
from tests.ledger.domain.support.stories import agreement, alone, delivery, minutes, offer, to
from tests.scenario import ref

VARIATION: dict[str, Any] = {"variation_id": "v1", "reason": "It helps"}

WRONG: list[tuple[type[Any], dict[str, Any], str]] = [
    (facts.Offered, offer(basis="paid"), "/data/paid_by"),
    (facts.Offered, offer(basis="gift", paid_by="Oakwood"), "/data/paid_by"),
    (facts.Offered, offer(pence_per_day=35_000), "/data/pence_per_day"),
    (facts.Offered, offer(available_until="2026-09-06"), "/data/available_until"),
    (facts.Offered, offer(open_to={"to": "organisation"}), "/data/open_to/organisation_id"),
    (facts.Offered, offer(open_to=to("oakwood") | {"to": "pool"}), "/data/open_to/organisation_id"),
    (facts.Agreed, agreement(receiver_id=ref("northfield")), "/data/receiver_id"),
    (facts.Agreed, agreement(ends_on="2026-09-06"), "/data/ends_on"),
    (facts.Agreed, agreement(basis="funded"), "/data/paid_by"),
    (facts.VariationProposed, VARIATION, "/data"),
    (facts.VariationProposed, VARIATION | {"basis": "paid"}, "/data/paid_by"),
    (facts.Delivered, alone(receiver_id=ref("northfield")), "/data/receiver_id"),
    (facts.Delivered, delivery(delivered_from="2026-09-02"), "/data/delivered_from"),
    (facts.Delivered, delivery(amount=minutes(60) | {"minutes": 60}), "/data/amount/minutes"),
    (facts.DeliveryConfirmed, {"delivery_id": "d1", "independence": "independent"}, "/data/independence"),
]


@pytest.mark.parametrize(("cls", "data", "pointer"), WRONG)
def test_members_that_contradict_each_other_are_refused(cls: type[Any], data: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ClaimMalformed) as caught:
        shape.read(cls, data)
    assert [error.pointer for error in caught.value.errors] == [pointer]
