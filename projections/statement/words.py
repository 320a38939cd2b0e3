"""The lines of an account as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.support.deliveries import DeliveryStatus
from projections.statement.measures import What

WHAT: Final[Mapping[What, str]] = {
    "delivery": "support",
    "reversal": "taken back",
    "brought_forward": "from before the ledger",
    "disposal": "agreed about what stood",
}
STATUS: Final[Mapping[DeliveryStatus, str]] = {
    "claimed": "recorded, not yet confirmed",
    "confirmed": "confirmed",
    "disputed": "queried",
    "attested": "vouched for by a coordinator",
    "settled": "settled after a query",
    "reversed": "taken back",
}
BASIS: Final[Mapping[str, str]] = {"gift": "gift", "paid": "paid for", "funded": "funded"}
"""Support on any other ground than exchange, which is not named."""


def status_of(line: Mapping[str, Any]) -> str:
    """Where a line stands, or where stood what it takes back; with its basis where that is not exchange."""
    basis = [BASIS[line["basis"]]] if line["basis"] in BASIS else []
    taken_back = line["status"] == "reversed" and "was" in line
    stands = f"was {STATUS[line['was']]}" if taken_back else STATUS[line["status"]]
    return ", ".join((*basis, stands))
