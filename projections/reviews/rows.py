"""The rows of the reviews view. Each is known from the position `known_from` on, and never changes."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from projections.tables import Table


class Review(NamedTuple):
    """A peer review as it was scheduled; `reviewer_ids` are the reviewing organisations, in order, the lead's too."""

    review_id: str
    known_from: int
    reviewed_id: str
    reviewer_ids: list[str]
    lead_id: str
    moderator_id: str | None
    partnership_id: str | None
    framework_id: str | None
    planned_on: date


class Party(NamedTuple):
    """An organisation that takes part in a review: reviewed, reviewing, leading or moderating."""

    organisation_id: str
    review_id: str
    known_from: int


class Opened(NamedTuple):
    """An organisation to which the reviewed organisation opened the report, or more of it."""

    organisation_id: str
    review_id: str
    known_from: int


class Arising(NamedTuple):
    """A request for support that arose from a finding."""

    support_id: str
    review_id: str
    finding_id: str
    known_from: int


REVIEWS: Final = Table("reviews_review", Review, key=("review_id",))
PARTIES: Final = Table("reviews_party", Party, key=("organisation_id", "review_id"))
OPENED: Final = Table("reviews_opened", Opened, key=("organisation_id", "review_id", "known_from"))
ARISING: Final = Table("reviews_arising", Arising, key=("support_id",))
