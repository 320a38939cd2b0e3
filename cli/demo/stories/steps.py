"""Steps that the stories share: said on the very day a story needs, not on the day a school happens to sit down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cli.demo.deals import amount
from cli.demo.stage import Cluster, Organisation, Stage
from cli.demo.words import TOPICS
from ledger.domain.fact import Speaker


@dataclass(slots=True, kw_only=True)
class Bond:
    """One agreement between two schools; its steps are given as days back from today, each on a later day."""

    stage: Stage
    giver: Organisation
    receiver: Organisation
    cluster: Cluster | None
    category: str
    support: str
    last_on: date = date.min

    def delivered(
        self,
        name: str,
        on: int,
        noted: int,
        quantity: int | str,
        unit: str,
        *,
        role: str | None = None,
        by: Speaker | None = None,
        **more: Any,
    ) -> str:
        """`role` names the person of the giver who gave; `by` another voice of the giver."""
        people = None if role is None else [self.giver.people[role]]
        return self.say(
            noted, by or self.giver.voice, "support.delivered", delivery_id=name, amount=amount(quantity, unit),
            delivered_on=self.stage.weekday(self.stage.back(on)), **({"people": people} | more),
        )  # fmt: skip

    def confirmed(self, name: str, back: int, *, by: Speaker | None = None) -> str:
        """The receiver's yes; `by` another voice of the receiver, or its successor's."""
        return self.say(back, by or self.receiver.voice, "support.delivery_confirmed", delivery_id=name)

    def completed(self, back: int, reason: str | None = None) -> str:
        return self.say(back, self.receiver.voice, "support.completed", reason=reason)

    def outcome(self, back: int, impact: int, evidence: str) -> str:
        day = self.stage.weekday(self.stage.back(back))
        said = {"impact": impact, "evidence": evidence, "assessed_on": day}
        return self.say(back, self.receiver.voice, "support.outcome_recorded", **said)

    def say(self, back: int, who: Speaker, type_name: str, **data: Any) -> str:
        """Any step, on the first weekday after the one before."""
        day = self.stage.weekday(max(self.stage.back(back), self.last_on + timedelta(days=1)))
        self.last_on = day
        return self.stage.note(day, who, type_name, self.support, **data)


def agreed(
    stage: Stage,
    giver: str,
    receiver: str,
    cluster: Cluster | None,
    category: str,
    *,
    asked: int,
    quantity: int,
    unit: str,
    lasts: int = 120,
) -> Bond:
    """The receiver asks `asked` days ago, the giver agrees a few days later for so many days."""
    one, other = stage[giver], stage[receiver]
    bond = Bond(
        stage=stage, giver=one, receiver=other, cluster=cluster, category=category, support=stage.new_id("support")
    )
    partnership_id = None if cluster is None else cluster.id
    bond.say(
        asked, other.voice, "support.requested", receiver_id=other.id, partnership_id=partnership_id,
        category=category, need=TOPICS[category].need, amount=amount(quantity, unit),
        open_to={"to": "organisation", "organisation_id": one.id}, needed_by=stage.back(asked - lasts),
    )  # fmt: skip
    starts_on = stage.back(asked - 6)
    bond.say(
        asked - 4, one.voice, "support.agreed", giver_id=one.id, receiver_id=other.id, partnership_id=partnership_id,
        category=category, amount=amount(quantity, unit), starts_on=starts_on,
        ends_on=starts_on + timedelta(days=lasts), basis="exchange",
    )  # fmt: skip
    return bond


def alone(
    stage: Stage,
    giver: str,
    receiver: str,
    cluster: Cluster | None,
    category: str,
    *,
    on: int,
    noted: int,
    quantity: int | str,
    unit: str,
    by: Speaker | None = None,
    **more: Any,
) -> Bond:
    """Support that nobody agreed beforehand: one delivery `d1`."""
    one, other = stage[giver], stage[receiver]
    bond = Bond(
        stage=stage, giver=one, receiver=other, cluster=cluster, category=category, support=stage.new_id("support")
    )
    bond.delivered(
        "d1", on, noted, quantity, unit, by=by, giver_id=one.id, receiver_id=other.id,
        partnership_id=None if cluster is None else cluster.id, category=category, **more,
    )  # fmt: skip
    return bond


def office_day(stage: Stage, back: int) -> date:
    """The weekday on or after a day so many days ago."""
    return stage.weekday(stage.back(back))
