"""What would go together: an offer and a request, with the reasons. Pure; schools are never ranked, reasons are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from projections.audit.telling import words_of
from projections.board.queries import Belonging, Open
from projections.tables import FOREVER
from projections.wording import amount, day

RULE_VERSION: Final = "board/1"

WEIGHTS: Final = {
    "same_category": 1,
    "enough_left": 3,
    "part_of_it": 1,
    "free_in_time": 2,
    "no_day_set": 1,
    "meant_for_it": 3,
    "same_partnership": 1,
    "same_phase": 1,
    "same_region": 1,
    "good_before": 2,
    "evens_balance": 2,
    "new_pair": 1,
}
"""How much each reason weighs; the order of matches is by their sum."""


class Reason(NamedTuple):
    """Why two go together: a stable code, and a sentence for people."""

    code: str
    says: str

    @property
    def weight(self) -> int:
        return WEIGHTS[self.code]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "says": self.says, "weight": self.weight}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An offer that could meet a request. `anonymous`: the reader is not shown whose request it is."""

    offer: Open
    request: Open
    anonymous: bool
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Heaviest first, then most reasons, then the smallest ids."""
        return -self.weight, -len(self.reasons), self.offer.support_id, self.request.support_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What reasons are looked up in, for makers as they are read: names; `good` are the givers whose support of the
    category had a good outcome; `passed` are the minutes given by (giver, receiver), of all that ever passed between
    two of which the reader `knows` what passed."""

    names: Mapping[str, str]
    good: Collection[str]
    passed: Mapping[tuple[str, str], int]
    met: Collection[frozenset[str]]
    knows: Collection[frozenset[str]]


def goes_together(offer: Open, request: Open, belonging: Belonging) -> bool:
    """Whether an offer could meet a request: same category, in time, each open to the other's maker."""
    return (
        offer.category == request.category
        and offer.maker_id != request.maker_id
        and (offer.starts_on or date.min) <= request.ends_on
        and is_open_to(offer, request.maker_id, belonging)
        and is_open_to(request, offer.maker_id, belonging)
    )


def is_open_to(posting: Open, organisation_id: str, belonging: Belonging) -> bool:
    """Whether an organisation may answer: it is addressed, or belongs to whom it is open to; where a partnership is
    named it is a partner."""
    named = posting.partnership_id
    if named is not None and named not in belonging.partnerships.get(organisation_id, ()):
        return False
    match posting.open_to:
        case "organisation":
            return posting.addressed_id == organisation_id
        case "trust":
            trusts = belonging.trusts.get(organisation_id, set())
            return not trusts.isdisjoint(belonging.trusts.get(posting.maker_id, set()))
    return True


def matched(offer: Open, request: Open, anonymous: bool, grounds: Grounds) -> Match:
    """The pair with its reasons. Of an anonymous request only what the pool shows is a reason."""
    reasons = [*reasons_seen(offer, request)]
    if not anonymous:
        reasons += reasons_of_amount(offer, request)
        reasons += reasons_of_makers(offer, request, grounds)
    if offer.maker_id in grounds.good:
        category = words_of(offer.category)
        giver = grounds.names.get(offer.maker_id, offer.maker_id)
        reasons.append(Reason("good_before", f"{giver} has given {category} before, and its effect was seen"))
    ordered = sorted(reasons, key=lambda reason: list(WEIGHTS).index(reason.code))
    return Match(offer=offer, request=request, anonymous=anonymous, reasons=tuple(ordered))


def reasons_seen(offer: Open, request: Open) -> Iterator[Reason]:
    """What everybody may see: category, days, phase, region."""
    yield Reason("same_category", f"Both are {offer.category.replace('_', ' ')}")
    free = "Free" if offer.starts_on is None else f"Free from {day(offer.starts_on)}"
    if request.ends_on != FOREVER:
        yield Reason("free_in_time", f"{free}; needed by {day(request.ends_on)}")
    else:
        yield Reason("no_day_set", f"{free}; no day is set for the need")
    if offer.phase is not None and offer.phase == request.phase:
        yield Reason("same_phase", f"Both schools are {offer.phase.replace('_', ' ')}")
    if offer.region is not None and offer.region == request.region:
        yield Reason("same_region", f"Both schools are in {offer.region.replace('_', ' ')}")


def reasons_of_amount(offer: Open, request: Open) -> Iterator[Reason]:
    left, asked = amount(offer.minutes_left), amount(request.minutes_left)
    if offer.minutes_left >= request.minutes_left:
        yield Reason("enough_left", f"{left} left of the offer, enough for the {asked} asked for")
    else:
        yield Reason("part_of_it", f"{left} left of the offer, part of the {asked} asked for")


def reasons_of_makers(offer: Open, request: Open, grounds: Grounds) -> Iterator[Reason]:
    """What speaks for these two: what passed between them is told only to those whose own affair it is."""
    giver, receiver = (grounds.names.get(one, one) for one in (offer.maker_id, request.maker_id))
    if offer.addressed_id == request.maker_id or request.addressed_id == offer.maker_id:
        yield Reason("meant_for_it", "One of the two is addressed to the other school")
    if offer.partnership_id is not None and offer.partnership_id == request.partnership_id:
        yield Reason("same_partnership", "Both count in the same partnership")
    pair = frozenset({offer.maker_id, request.maker_id})
    if pair not in grounds.knows:
        return
    back = grounds.passed.get((request.maker_id, offer.maker_id), 0)
    net = back - grounds.passed.get((offer.maker_id, request.maker_id), 0)
    if net > 0:
        yield Reason("evens_balance", f"{receiver} has given {giver} {amount(net)} more than it got back")
    if pair not in grounds.met:
        yield Reason("new_pair", f"{giver} and {receiver} have not supported each other yet")
