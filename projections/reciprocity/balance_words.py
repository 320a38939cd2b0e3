"""What a balance says. It is neither good nor bad: it says which way support goes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from projections.reciprocity.measures import DEFAULT_TOLERANCE
from projections.wording import amount

LABELS: Final[Mapping[str, str]] = {
    "given": "given",
    "received": "got",
    "net": "given, less got",
    "claimed": "given, not yet confirmed",
    "claimed_received": "got, not yet confirmed",
    "disputed": "given, queried",
    "disputed_received": "got, queried",
    "attested": "given, vouched for by a coordinator",
    "attested_received": "got, vouched for by a coordinator",
    "gifts_given": "given as a gift",
    "gifts_received": "got as a gift",
    "paid_given": "given, paid for",
    "paid_received": "got, paid for",
    "funded_given": "given, funded",
    "funded_received": "got, funded",
    "gifts_claimed": "given as a gift, not yet confirmed",
    "paid_claimed": "given, paid for, not yet confirmed",
    "funded_claimed": "given, funded, not yet confirmed",
    "brought_forward": "agreed from before the ledger",
    "disposed": "agreed about what stood",
    "turnover": "given and got together",
    "standing": "what stands, with all that was agreed about the past",
}
"""The minutes of a balance as people read them."""


def in_words(balance_index: Mapping[str, Any] | None) -> str:
    """Which way support goes, by a balance index as it is printed."""
    if balance_index is None:
        return "too early to say"
    index = Fraction(balance_index["fraction"])
    if abs(index) <= DEFAULT_TOLERANCE:
        return "about even"
    return "gives more than it gets" if index > 0 else "gets more than it gives"


def net_in_words(balance: Mapping[str, Any]) -> str:
    """The same with its amount: `about even, 45 min more got than given`."""
    net, words = balance["net_minutes"], in_words(balance["balance_index"])
    if net == 0:
        return words
    return f"{words}, {difference(net)}"


def difference(net_minutes: int) -> str:
    """A net that is not 0: `45 min more got than given`."""
    return f"{amount(abs(net_minutes))} more " + ("given than got" if net_minutes > 0 else "got than given")
