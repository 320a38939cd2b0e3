"""A point at which a partner may leave: an offer to think, with its reason and its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

from projections.shares import share, to_json

RULE_VERSION: Final = "withdrawal/1"

Kind = Literal[
    "review_due", "term_end", "break_date", "intended_end", "review_overdue", "purpose_met", "one_sided", "quiet",
    "health_low", "cosy", "disputes_open", "key_person_left", "structural",
]  # fmt: skip
State = Literal["upcoming", "open", "passed", "taken"]
Way = Literal["gives", "gets"]

OPENS_BEFORE: Final = timedelta(days=30)
"""How long before the last day for giving notice a dated point opens."""


class Standing(NamedTuple):
    """What stands between one organisation and others, and all that passed between them, in minutes."""

    standing: int
    turnover: int

    def to_json(self) -> dict[str, Any]:
        whole = max(self.turnover, abs(self.standing))
        return {
            "standing_minutes": self.standing,
            "turnover_minutes": self.turnover,
            "balance_index": to_json(share(self.standing, whole)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of one partner. `says` is its reason; `{id}` in it stands for the name of an organisation.

    `key` tells points of one kind apart; `kept_id` is the id by which a notice named it, where that is another one.
    `closes_on` is the last day, None while nobody can tell it; `notice_by` only where the point has a day of its own.
    `way` and `inside` belong to `one_sided`: which way, and what stands in the partnership. `elsewhere` is what stands
    over all support in the ledger, where that makes up for it: for the partner's own eyes, as `inside` then is.
    """

    kind: Kind
    partnership_id: str
    organisation_id: str
    key: str
    opens_on: date
    closes_on: date | None
    says: str
    event_ids: tuple[str, ...]
    notice_by: date | None = None
    state: State = "upcoming"
    earliest_leaving_on: date | None = None
    kept_id: str | None = None
    way: Way | None = None
    inside: Standing | None = None
    elsewhere: Standing | None = None

    @property
    def point_id(self) -> str:
        return self.kept_id or f"{self.kind}:{self.partnership_id}:{self.organisation_id}:{self.key}"

    def covers(self, day: date) -> bool:
        """Whether it lasts on a day, open or held up by what stands elsewhere."""
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


class Named(NamedTuple):
    """What a point's id says."""

    kind: str
    partnership_id: str
    organisation_id: str
    key: str


def named(point_id: str) -> Named | None:
    """The parts of an id; None where it has not four of them."""
    parts = point_id.split(":", 3)
    return Named(*parts) if len(parts) == 4 and all(parts) else None
