"""Short words for stories of giving: who gave whom how long, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ledger.admission import admit
from ledger.domain.context import Context
from ledger.domain.fact import AnyFact, Speaker, Stream
from ledger.domain.log.state import LOG_STREAM_ID
from tests.scenario import Scenario, member, ref


class Story(Scenario):
    """A scenario whose schools give; a delivery is called `d1` in a support of its own unless told otherwise."""

    def gave(
        self,
        giver: str,
        receiver: str,
        minutes: int,
        on: str,
        support: str,
        partnership: str | None = None,
        **more: Any,
    ) -> AnyFact:
        """The giver's word of a delivery that nobody agreed beforehand."""
        within = {} if partnership is None else {"partnership_id": ref(partnership)}
        return self.when(
            member(giver),
            "support.delivered",
            support,
            delivery_id="d1",
            amount={"quantity": str(minutes), "unit": "minute"},
            delivered_on=on,
            giver_id=ref(giver),
            receiver_id=ref(receiver),
            **{"category": "maths", **within, **more},
        )

    def confirmed(self, receiver: str, support: str, delivery: str = "d1") -> AnyFact:
        """The receiver's yes."""
        return self.when(member(receiver), "support.delivery_confirmed", support, delivery_id=delivery)

    def exchanged(
        self,
        giver: str,
        receiver: str,
        minutes: int,
        on: str,
        support: str,
        partnership: str | None = None,
        **more: Any,
    ) -> None:
        """A delivery that its receiver confirms."""
        self.gave(giver, receiver, minutes, on, support, partnership, **more)
        self.confirmed(receiver, support)

    def disputed(self, receiver: str, support: str) -> AnyFact:
        """The receiver's no."""
        return self.when(
            member(receiver), "support.delivery_disputed", support, delivery_id="d1", reason="It was shorter"
        )

    def given_log(self, who: Speaker, type_name: str, **data: Any) -> AnyFact:
        """A fact of the log's own stream, which has its id from its name."""
        claim = self.claim(who, type_name, "log", None, data)
        claim = replace(claim, stream=Stream("log", LOG_STREAM_ID))
        state = self.states.get(("log", LOG_STREAM_ID))
        admitted = admit(state, claim, Context(now=self.now, zone=ZoneInfo("Europe/London"), lookup=self))
        return self.record(claim, admitted, state)

    def settled(self, giver: str, receiver: str, minutes: int, support: str) -> None:
        """The giver proposes what counts, the receiver agrees."""
        amount = {"quantity": str(minutes), "unit": "minute"}
        self.given(
            member(giver),
            "support.settlement_proposed",
            support,
            settlement_id="x1",
            delivery_id="d1",
            amount=amount,
            reason="Let us meet halfway",
        )
        self.given(member(receiver), "support.dispute_settled", support, settlement_id="x1")

    def reversed(self, giver: str, support: str, effective_on: str) -> AnyFact:
        """The giver takes it back from a day on."""
        return self.when(
            member(giver),
            "support.delivery_reversed",
            support,
            delivery_id="d1",
            reason="Recorded twice",
            effective_on=effective_on,
        )


def village(*more: str) -> Story:
    """Northfield, Ashfield and Brookside, in one partnership with their hub since 1 September 2026."""
    story = Story()
    story.schools("northfield", "ashfield", "brookside", *more)
    story.partnership("harbour", "hub", "northfield", "ashfield", "brookside", *more)
    story.at("2026-10-01")
    return story
