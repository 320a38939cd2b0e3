"""Random things that anybody may try to say about support; most of them are refused, and that is the point."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from ledger.domain.fact import Speaker
from ledger.posted import Posted
from tests.story import Village, person, said

SCHOOLS = ("Northfield", "Ashfield", "Elm Park")
HOUR = {"quantity": "1", "unit": "hour"}
SECRET = "because it is so"
DELIVERIES, OTHERS = ("d1", "d2"), ("o1", "o2")
RECEIVERS = ("requested", "delivery_confirmed", "confirmation_withdrawn", "delivery_disputed", "dispute_settled")
NEXT = {
    "claimed": ("delivery_confirmed", "delivery_disputed", "delivery_disputed", "delivery_attested"),
    "attested": ("delivery_confirmed", "delivery_disputed"),
    "confirmed": ("confirmation_withdrawn", "delivery_reversed"),
    "disputed": ("settlement_proposed", "dispute_settled", "dispute_settled", "delivery_confirmed"),
    "settled": ("delivery_reversed", "delivery_confirmed"),
}


@dataclass
class Voices:
    """Who may try to speak: two members for each school, machines for several, and the trust that coordinates."""

    village: Village
    dice: random.Random
    speakers: list[Speaker] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    partnership: str | None = None

    @classmethod
    def of(cls, village: Village, dice: random.Random, partnership: str | None = None) -> Voices:
        ids = [village.ids[name] for name in SCHOOLS]
        members = [person("member", one) for one in ids for _ in range(2)]
        machines = [person("client", *ids[:2]), person("client", *ids)]
        return cls(village, dice, [*members, *machines, village.coordinator("Harbour")], partnership=partnership)

    def claim(self) -> tuple[Speaker, Posted]:
        """Somebody's claim about a stream that exists, or that begins with it."""
        speaker = self.dice.choice(self.speakers)
        if not self.streams or self.dice.random() < 0.15:
            posted = self.dice.choice([self.delivered_alone, self.requested])()
        else:
            posted = self.about(self.dice.choice(self.streams))
        return speaker, self.on_behalf(speaker, posted)

    def likely(self) -> tuple[Speaker, Posted]:
        """A claim about the newest stream by one of its own sides, so that long stories come about."""
        posted = self.sensible(self.streams[-1]) if self.streams else self.delivered_alone()
        side = "receiver_id" if posted.type.removeprefix("support.") in RECEIVERS else "giver_id"
        state = self.village.ledger.state("support", posted.subject) if posted.subject else None
        named = getattr(state, side, None) or getattr(state, "addressed_to", None) or posted.data.get(side)
        own = [one for one in self.speakers if one.organisations == {named}]
        return self.dice.choice(own if own and self.dice.random() < 0.7 else self.speakers), posted

    def sensible(self, stream: str) -> Posted:
        """What could be said next of a delivery that waits for it, if there is one."""
        state = self.village.ledger.state("support", stream)
        if hasattr(state, "addressed_to") and self.dice.random() < 0.7:
            return self.agreed(stream)
        waiting = {key: one.status for key, one in getattr(state, "deliveries", {}).items() if one.status in NEXT}
        if not waiting or self.dice.random() < 0.3:
            return self.about(stream)
        delivery = self.dice.choice(sorted(waiting))
        name = self.dice.choice(NEXT[waiting[delivery]])
        if name == "dispute_settled":
            return said("support.dispute_settled", stream, settlement_id=self.dice.choice(OTHERS))
        return said(f"support.{name}", stream, delivery_id=delivery, **self.texts()[name])

    def on_behalf(self, speaker: Speaker, posted: Posted) -> Posted:
        if speaker.role == "member" or self.dice.random() < 0.1:
            return posted
        return replace(posted, recordedfor=self.village.ids[self.dice.choice(SCHOOLS)])

    def two(self) -> tuple[str, str]:
        giver, receiver = self.dice.sample(SCHOOLS, 2)
        return self.village.ids[giver], self.village.ids[receiver]

    def within(self) -> dict[str, str]:
        """Half of it in the partnership, if there is one."""
        return {} if self.partnership is None or self.dice.random() < 0.5 else {"partnership_id": self.partnership}

    def today(self) -> str:
        return self.village.ledger.today().isoformat()

    def delivered_alone(self) -> Posted:
        giver, receiver = self.two()
        sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths"} | self.within()
        return said("support.delivered", delivery_id="d1", amount=HOUR, delivered_on=self.today(), **sides)

    def requested(self) -> Posted:
        giver, receiver = self.two()
        to = {"to": "organisation", "organisation_id": giver}
        amount = {"quantity": "3", "unit": "day"}
        return said("support.requested", receiver_id=receiver, category="maths", need=SECRET, amount=amount, open_to=to)

    def about(self, stream: str) -> Posted:
        claims: list[Callable[[str], Posted]] = [self.answer, self.answer, self.answer, self.proposal, self.agreed]
        return self.dice.choice(claims)(stream)

    def answer(self, stream: str) -> Posted:
        """What is said of one delivery."""
        texts = self.texts()
        name = self.dice.choice([*texts, "delivery_confirmed", "delivered"])
        return said(f"support.{name}", stream, delivery_id=self.dice.choice(DELIVERIES), **texts[name])

    def texts(self) -> dict[str, dict[str, Any]]:
        """By the event, what it says beside the delivery."""
        return {
            "delivered": {"amount": HOUR, "delivered_on": self.today()},
            "delivery_confirmed": {},
            "confirmation_withdrawn": {"reason": SECRET},
            "delivery_disputed": {"reason": SECRET},
            "delivery_attested": {"evidence": SECRET},
            "delivery_reversed": {"reason": SECRET, "effective_on": self.today()},
            "settlement_proposed": {
                "settlement_id": self.dice.choice(OTHERS),
                "amount": {"quantity": self.dice.choice(["0", "0.5", "1", "2"]), "unit": "hour"},
                "reason": SECRET,
            },
        }

    def proposal(self, stream: str) -> Posted:
        """What one side proposes and the other agrees to, and what either may note."""
        other = self.dice.choice(OTHERS)
        claims = [
            said("support.dispute_settled", stream, settlement_id=other),
            said("support.variation_proposed", stream, variation_id=other, basis="gift", reason=SECRET),
            said("support.variation_agreed", stream, variation_id=other),
            said("support.outcome_recorded", stream, impact=2, evidence=SECRET, assessed_on=self.today()),
            said("support.completed", stream, reason=SECRET),
        ]
        return self.dice.choice(claims)

    def agreed(self, stream: str) -> Posted:
        """A yes to a request, in the words of the request."""
        state = self.village.ledger.state("support", stream)
        maker, other = getattr(state, "maker_id", None), getattr(state, "addressed_to", None)
        giver, receiver = (other, maker) if maker and other else self.two()
        return said(
            "support.agreed",
            stream,
            giver_id=giver,
            receiver_id=receiver,
            category="maths",
            amount={"quantity": "2", "unit": "day"},
            starts_on=self.today(),
            ends_on=(self.village.ledger.today() + timedelta(days=200)).isoformat(),
            basis="exchange",
            **({} if getattr(state, "partnership_id", None) is None else {"partnership_id": state.partnership_id}),
        )
