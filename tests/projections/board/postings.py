"""Short words for stories of the board: who offers, who asks, and what is taken of it."""

from __future__ import annotations

from typing import Any

from ledger.domain.fact import AnyFact
from tests.projections.giving import Story
from tests.scenario import member, ref

POOL = {"to": "pool"}


def minutes(number: int) -> dict[str, str]:
    return {"quantity": str(number), "unit": "minute"}


def to(name: str) -> dict[str, str]:
    return {"to": "organisation", "organisation_id": ref(name)}


class Board(Story):
    """A story of Northfield, Oakwood and Ashfield, who offer and ask for mathematics."""

    def offered(self, maker: str, stream: str, number: int = 600, **more: Any) -> AnyFact:
        """An offer of so many minutes from 7 September 2026 on."""
        data: dict[str, Any] = {
            "giver_id": ref(maker),
            "category": "maths",
            "summary": "A specialist in fractions",
            "amount": minutes(number),
            "open_to": POOL,
            "available_from": "2026-09-07",
        }
        return self.when(member(maker), "support.offered", stream, **data | more)

    def requested(self, maker: str, stream: str, number: int = 240, **more: Any) -> AnyFact:
        """A request for so many minutes."""
        data: dict[str, Any] = {
            "receiver_id": ref(maker),
            "category": "maths",
            "need": "Fractions in year five",
            "amount": minutes(number),
            "open_to": POOL,
        }
        return self.when(member(maker), "support.requested", stream, **data | more)

    def took(self, giver: str, receiver: str, offer: str, number: int, stream: str) -> AnyFact:
        """The receiver shows interest in so many minutes of an offer, and the giver agrees in a stream of its own."""
        interest: dict[str, Any] = {"interest_id": stream, "organisation_id": ref(receiver), "amount": minutes(number)}
        self.when(member(receiver), "support.interest_shown", offer, **interest)
        answers = {"support_id": ref(offer), "interest_id": stream}
        return self.when(member(giver), "support.agreed", stream, **agreement(giver, receiver, number), answers=answers)

    def varied(self, proposer: str, other: str, stream: str, number: int) -> AnyFact:
        """Both sides agree on another amount."""
        variation: dict[str, Any] = {"variation_id": f"v{number}", "amount": minutes(number), "reason": "Plans changed"}
        self.when(member(proposer), "support.variation_proposed", stream, **variation)
        return self.when(member(other), "support.variation_agreed", stream, variation_id=f"v{number}")

    def delivered(self, giver: str, stream: str, number: int, on: str, delivery: str = "d1") -> AnyFact:
        """The giver's word of what it gave within an agreement."""
        data: dict[str, Any] = {"delivery_id": delivery, "amount": minutes(number), "delivered_on": on}
        return self.when(member(giver), "support.delivered", stream, **data)


def agreement(giver: str, receiver: str, number: int, **more: Any) -> dict[str, Any]:
    """So many minutes of mathematics in the autumn."""
    return {
        "giver_id": ref(giver),
        "receiver_id": ref(receiver),
        "category": "maths",
        "amount": minutes(number),
        "starts_on": "2026-09-10",
        "ends_on": "2026-12-18",
        "basis": "exchange",
    } | more


def story() -> Board:
    """Three schools on 1 September 2026."""
    board = Board()
    board.schools("northfield", "oakwood", "ashfield")
    return board
