"""What the log says of one delivery: the giver's word, and every step that was taken with it since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis, Independence

StepKind = Literal["confirmed", "confirmation_withdrawn", "disputed", "settled", "attested", "reversed"]

COUNTED: Final = frozenset({"confirmed", "settled"})
_BECOMES: Final[dict[StepKind, DeliveryStatus]] = {
    "confirmed": "confirmed",
    "confirmation_withdrawn": "claimed",
    "disputed": "disputed",
    "settled": "settled",
    "attested": "attested",
    "reversed": "reversed",
}


class Step(NamedTuple):
    """`on` is the business date, `minutes` what a settlement came to (None elsewhere), `voice` whose word it is."""

    kind: StepKind
    on: date
    recorded_at: datetime
    position: int
    event_id: str
    voice: str | None
    minutes: int | None = None
    independence: Independence | None = None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """`minutes` as the giver recorded them; `basis` that of the agreement when it was recorded.

    Steps stand in the order of recording. A delivery and all that says whether it counts take its `delivered_on`; only
    a reversal has a later day of its own. Nothing changes it once the facts of its scope are folded.
    """

    delivery_id: str
    support_id: str
    giver_id: str
    receiver_id: str
    delivered_on: date
    minutes: int
    basis: Basis
    people: tuple[str, ...]
    imported: bool
    occasion_id: str | None
    recorded_at: datetime
    position: int
    event_id: str
    actor: str
    steps: list[Step] = field(default_factory=list)

    def last_step(self, as_of: date) -> Step | None:
        """The step that gave it its status on a day: its reversal once that has taken effect, else the latest."""
        last = None
        for step in self.steps:
            if step.kind == "reversed":
                if step.on <= as_of:
                    return step
            else:
                last = step
        return last

    def status(self, as_of: date) -> DeliveryStatus:
        step = self.last_step(as_of)
        return "claimed" if step is None else _BECOMES[step.kind]

    def counted_minutes(self, as_of: date) -> int:
        """The minutes both sides have said yes to by a day: 0 until confirmed or settled, and again once reversed."""
        step = self.last_step(as_of)
        if step is None or _BECOMES[step.kind] not in COUNTED:
            return 0
        return self.minutes if step.minutes is None else step.minutes

    def standing_minutes(self, as_of: date) -> int:
        """What stands of it, answered or not: a settlement's minutes where settled, none once reversed."""
        step = self.last_step(as_of)
        if step is None or step.kind != "reversed":
            return self.minutes if step is None or step.minutes is None else step.minutes
        return 0

    def event_ids(self, as_of: date) -> list[str]:
        """Its fact and those of the steps that hold by a day."""
        return [self.event_id, *(step.event_id for step in self.steps if step.on <= as_of)]

    @property
    def answered(self) -> Step | None:
        """The receiver's first word on it that was not taken back: a confirmation or a dispute."""
        return next((step for step in self._since_withdrawn() if step.kind in ("confirmed", "disputed")), None)

    @property
    def asked_at(self) -> datetime:
        """Since when an answer is waited for: its recording, or the moment at which one was taken back."""
        withdrawn = [step.recorded_at for step in self.steps if step.kind == "confirmation_withdrawn"]
        return withdrawn[-1] if withdrawn else self.recorded_at

    def _since_withdrawn(self) -> list[Step]:
        withdrawn = [index for index, step in enumerate(self.steps) if step.kind == "confirmation_withdrawn"]
        return self.steps[withdrawn[-1] + 1 :] if withdrawn else self.steps
