"""The rows of the board: offers and requests over two times, the steps behind them, and what is told by outcomes."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from ledger.domain.support.facts import Audience, Basis
from projections.tables import Table

Kind = Literal["offer", "request"]
PostingState = Literal["open", "used_up", "withdrawn", "taken"]
StepKind = Literal[
    "posted", "withdrawn", "taken", "agreed", "proposed", "varied", "delivered", "reversed", "cancelled"
]  # fmt: skip


class Posting(NamedTuple):
    """An offer or a request in one state, over one rectangle of two times.

    It is known from the position `known_from` up to the one before `known_until`, and holds for the business dates
    from `effective_from` up to the day before `effective_until`. It runs out after the day `ends_on` (FOREVER where
    none is named), which is looked at when it is asked for. `minutes_left` is the amount less what agreements took of
    it; `addressed_id` the one organisation it is open to; `review_id` and `finding` are what a request arises from.
    `position` is that of its first fact; `events` are the facts it rests on, in order.
    """

    support_id: str
    known_from: int
    known_until: int
    effective_from: date
    effective_until: date
    kind: Kind
    state: PostingState
    minutes: int
    minutes_left: int
    maker_id: str
    partnership_id: str | None
    category: str
    open_to: Audience
    addressed_id: str | None
    starts_on: date | None
    ends_on: date
    basis: Basis | None
    paid_by: str | None
    pence_per_day: int | None
    named: bool
    confidential: bool
    summary: str | None
    review_id: str | None
    finding: str | None
    position: int
    events: list[str]


class Step(NamedTuple):
    """One fact of what became of an offer or request.

    `support_id` is the offer or request, `agreement_id` the stream in which it was said: itself, or an agreement that
    answers it. `word` is the id of the delivery or of the variation, `day` the business date.
    """

    position: int
    support_id: str
    agreement_id: str
    kind: StepKind
    day: date
    word: str | None
    minutes: int | None
    event_id: str


class Sides(NamedTuple):
    """Who gives whom what in a support; once `confidential`, for ever."""

    support_id: str
    giver_id: str
    receiver_id: str
    category: str
    confidential: bool


class Outcome(NamedTuple):
    """What came of a support, in the words of one side, known until it is taken back."""

    known_from: int
    known_until: int
    support_id: str
    outcome_id: str
    by_receiver: bool
    impact: int
    assessed_on: date


class Occasion(NamedTuple):
    """A delivery on an occasion that served several receivers at once; `giver_id` is whose word it is."""

    known_from: int
    support_id: str
    giver_id: str
    occasion: str


POSTINGS: Final = Table(
    "board_posting",
    Posting,
    key=("support_id", "known_from", "effective_from"),
    changing=("known_until",),
    live="known_until",
)
STEPS: Final = Table("board_step", Step, key=("position",))
SIDES: Final = Table("board_sides", Sides, key=("support_id",), changing=("confidential",))
OUTCOMES: Final = Table("board_outcome", Outcome, key=("known_from",), changing=("known_until",), live="known_until")
OCCASIONS: Final = Table("board_occasion", Occasion, key=("known_from",))

ALL: Final = (POSTINGS, STEPS, SIDES, OUTCOMES, OCCASIONS)
