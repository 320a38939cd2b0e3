"""What the log says of one delivery: the giver's word, and every step that was taken with it since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


class Course(NamedTuple):
    """What the steps of a delivery come to: all that its days ask of them, so that these are gone through once.

    `status` and `standing` (the minutes that stand of it) are those before `reversed_on`; `counted` are the minutes
    both sides have said yes to. `answered` is the receiver's first word on it that was not taken back, a confirmation
    or a dispute; `asked_at` since when that is waited for: its recording, or when an answer was taken back.
    """

    status: DeliveryStatus
    standing: int
    counted: int
    reversed_on: date | None
    answered: Step | None
    asked_at: datetime


@dataclass(slots=True, kw_only=True)
class Delivery:
    """`minutes` as the giver recorded them; `basis` that of the agreement when it was recorded.

    Steps stand in the order of recording. A delivery and all that says whether it counts take its `delivered_on`; only
    a reversal has a later day of its own. Nothing changes it once the facts of its scope are folded: from then on its
    `course` may be asked for.
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
    _course: Course | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def course(self) -> Course:
        """What its steps come to, worked out once."""
        if self._course is None:
            self._course = course_of(self)
        return self._course

    def is_reversed(self, as_of: date) -> bool:
        """Whether a reversal has taken effect by a day."""
        reversed_on = self.course.reversed_on
        return reversed_on is not None and reversed_on <= as_of

    def status(self, as_of: date) -> DeliveryStatus:
        return "reversed" if self.is_reversed(as_of) else self.course.status

    def counted_minutes(self, as_of: date) -> int:
        """The minutes both sides have said yes to by a day: 0 until confirmed or settled, and again once reversed."""
        return 0 if self.is_reversed(as_of) else self.course.counted

    def standing_minutes(self, as_of: date) -> int:
        """What stands of it, answered or not: a settlement's minutes where settled, none once reversed."""
        course = self.course
        return course.standing if course.reversed_on is None or as_of < course.reversed_on else 0

    def event_ids(self, as_of: date) -> list[str]:
        """Its fact and those of the steps that hold by a day."""
        return [self.event_id, *[step.event_id for step in self.steps if step.on <= as_of]]


def course_of(delivery: Delivery) -> Course:
    last, reversed_on, answered, asked_at = None, None, None, delivery.recorded_at
    for step in delivery.steps:
        if step.kind == "reversed":
            reversed_on = step.on if reversed_on is None else min(reversed_on, step.on)
            continue
        last = step
        if step.kind == "confirmation_withdrawn":
            answered, asked_at = None, step.recorded_at
        elif answered is None and step.kind in ("confirmed", "disputed"):
            answered = step
    status: DeliveryStatus = "claimed" if last is None else _BECOMES[last.kind]
    standing = delivery.minutes if last is None or last.minutes is None else last.minutes
    return Course(status, standing, standing if status in COUNTED else 0, reversed_on, answered, asked_at)


class Counted(NamedTuple):
    """A delivery that both sides said yes to in the end, with the minutes that count of it (more than none), from its
    day `on` to the day before `until`, that of its reversal."""

    delivery: Delivery
    minutes: int
    on: date
    until: date | None


def counted_of(deliveries: Iterable[Delivery]) -> Iterator[Counted]:
    """Those that count on any day at all."""
    for one in deliveries:
        minutes, until = one.course.counted, one.course.reversed_on
        if minutes > 0 and (until is None or one.delivered_on < until):
            yield Counted(one, minutes, one.delivered_on, until)
