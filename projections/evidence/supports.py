"""What the log says of one support: what was offered, agreed, varied, missed, delivered and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from ledger.domain.support.facts import ArisingFrom, Basis, MissedBecause
from projections.evidence.deliveries import Counted, Delivery, counted_of


class Posted(NamedTuple):
    """An offer or a request. `until` is the last day on which it may be taken up, None where it names none."""

    kind: Literal["offer", "request"]
    maker_id: str
    on: date
    minutes: int
    until: date | None
    event_id: str
    addressed_to: str | None
    arising_from: ArisingFrom | None


class Agreed(NamedTuple):
    """What was agreed first; `answers` is the offer or request in another stream that it takes up."""

    on: date
    starts_on: date
    ends_on: date
    minutes: int
    basis: Basis
    aim_id: str | None
    answers: str | None
    event_id: str


class Varied(NamedTuple):
    """A change both sides agreed; None stands for what stayed. `on` is the day of the second yes."""

    on: date
    starts_on: date | None
    ends_on: date | None
    minutes: int | None
    basis: Basis | None
    event_ids: tuple[str, str]


class Missed(NamedTuple):
    """A visit that did not take place, said by `voice`."""

    on: date
    minutes: int
    because: MissedBecause
    voice: str | None
    event_id: str


class Outcome(NamedTuple):
    """What came of it, said by one side on `on`; `impact` runs from -1 to 3."""

    on: date
    impact: int
    voice: str | None
    aim_id: str | None
    saving_pence: int | None
    position: int
    event_id: str


class Ending(NamedTuple):
    """The day on which it was completed or cancelled."""

    kind: Literal["completed", "cancelled"]
    on: date
    event_id: str


class Terms(NamedTuple):
    """What is agreed on a day, every variation by then in it."""

    starts_on: date
    ends_on: date
    minutes: int
    basis: Basis
    event_ids: tuple[str, ...]

    def varied(self, by: Varied) -> Terms:
        """These terms with a change in them."""
        return Terms(
            by.starts_on or self.starts_on,
            by.ends_on or self.ends_on,
            self.minutes if by.minutes is None else by.minutes,
            by.basis or self.basis,
            self.event_ids + by.event_ids,
        )


@dataclass(slots=True, kw_only=True)
class Support:
    """One support. `basis` is that of what is delivered from now on; entries that were withdrawn are left out.

    Without `agreed` it is an offer or a request, or one delivery that nobody agreed beforehand. `giver_id` and
    `receiver_id` are empty on the side that is not known yet. Nothing changes it once its facts are folded.
    """

    support_id: str
    partnership_id: str | None
    category: str
    giver_id: str = ""
    receiver_id: str = ""
    basis: Basis = "exchange"
    confidential: bool = False
    posted: Posted | None = None
    posting_withdrawn_on: date | None = None
    agreed: Agreed | None = None
    variations: list[Varied] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    ending: Ending | None = None
    _as_agreed: Terms | None = field(default=None, init=False, repr=False, compare=False)
    _counted: tuple[Counted, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def terms_on(self, day: date) -> Terms | None:
        """What is agreed on a day; None where nothing is by then."""
        agreed = self.agreed
        if agreed is None or agreed.on > day:
            return None
        if self._as_agreed is None:
            self._as_agreed = Terms(agreed.starts_on, agreed.ends_on, agreed.minutes, agreed.basis, (agreed.event_id,))
        terms = self._as_agreed
        for one in self.variations:
            if one.on <= day:
                terms = terms.varied(one)
        return terms

    def ended_by(self, day: date) -> Ending | None:
        """How it ended, where it had by a day."""
        return self.ending if self.ending is not None and self.ending.on <= day else None

    def is_open_on(self, day: date) -> bool:
        """Whether it is agreed on a day, neither completed nor cancelled."""
        return self.terms_on(day) is not None and self.ended_by(day) is None

    def given_by(self, day: date) -> list[Delivery]:
        """The deliveries whose day has come, reversed ones among them, in the order of recording."""
        return [one for one in self.deliveries.values() if one.delivered_on <= day]

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The deliveries that count on any day at all, in the order of recording; found once."""
        if self._counted is None:
            self._counted = tuple(counted_of(self.deliveries.values()))
        return self._counted

    def counted_by(self, day: date) -> list[Counted]:
        """The deliveries that count on a day, in the order of recording."""
        return [one for one in self.counted if one.on <= day and (one.until is None or day < one.until)]

    def sides(self) -> tuple[str, str]:
        return self.giver_id, self.receiver_id
