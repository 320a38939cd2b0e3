"""The rows of the reciprocity view: entries, what was agreed, and what is proposed and waits for a yes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis, Independence
from projections.tables import Table

EntryKind = Literal["delivery", "brought_forward", "disposal"]
ProposalKind = Literal["basis", "settlement", "opening", "residual"]


class Entry(NamedTuple):
    """So many minutes from a giver to a receiver, in one state, over one rectangle of two times.

    It is known from the position `known_from` up to the one before `known_until`, and holds for the business dates
    from `effective_from` up to the day before `effective_until`. `business_on` is the delivery's day, or the day on
    which an opening position or a disposal was agreed. `minutes` is what counts in this state, `said_minutes` what the
    giver recorded; `people` are those of the giver who came, as far as they are named, in order of id. Once reversed,
    `was` is the status before. `position` and `recorded_at` are those of the fact that makes it a line of a statement
    (the delivery, its reversal, the last yes), `status_position` that of the fact that gave it this status; `events`
    are all its facts, in order.
    """

    known_from: int
    part: int
    known_until: int
    effective_from: date
    effective_until: date
    kind: EntryKind
    giver_id: str
    receiver_id: str
    partnership_id: str | None
    minutes: int
    said_minutes: int
    basis: Basis
    status: DeliveryStatus
    was: DeliveryStatus | None
    independence: Independence | None
    imported: bool
    business_on: date
    support_id: str | None
    delivery_id: str | None
    category: str | None
    disposal: str | None
    people: list[str]
    position: int
    recorded_at: datetime
    status_position: int
    events: list[str]


class Agreement(NamedTuple):
    """What the deliveries of an agreed support take from it; `basis` holds for those recorded from now on."""

    support_id: str
    giver_id: str
    receiver_id: str
    partnership_id: str | None
    category: str
    basis: Basis


class Proposal(NamedTuple):
    """Something one side proposed and others have to accept; which members are filled depends on its kind.

    `day` is the latest business date of what was said so far; `awaits` counts the yeses that are missing.
    """

    stream_id: str
    kind: ProposalKind
    proposal_id: str
    giver_id: str | None
    receiver_id: str | None
    minutes: int | None
    basis: Basis | None
    delivery_id: str | None
    disposal: str | None
    to_id: str | None
    day: date
    awaits: int
    events: list[str]


ENTRIES: Final = Table(
    "reciprocity_entry", Entry, key=("known_from", "part"), changing=("known_until",), live="known_until"
)
AGREEMENTS: Final = Table("reciprocity_agreement", Agreement, key=("support_id",), changing=("basis",))
PROPOSALS: Final = Table(
    "reciprocity_proposal", Proposal, key=("stream_id", "kind", "proposal_id"), changing=("day", "awaits", "events")
)
