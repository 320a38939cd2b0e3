"""Follow-through: whether what was agreed is also delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from projections.evidence.supports import Missed, Support
from projections.health.dimension import Dimension, each_once
from projections.health.look import Look

BENCHMARK: Final = Fraction(368, 412)
"""Reviews carried out of those planned in a published reciprocal review pool: 0.893."""

EXCUSED: Final = frozenset({"receiver_away", "illness", "weather", "inspection"})
"""Why a visit may be missed that the giver need not make up; `giver_away` and `other` are not among them."""


class Promise(NamedTuple):
    """One agreement whose last agreed end has come: minutes agreed, excused, and delivered by then."""

    support: Support
    agreed: int
    excused: int
    delivered: int
    missed: tuple[Missed, ...]

    @property
    def kept(self) -> Fraction:
        """Delivered out of what was left to deliver, at most 1; and 1 where nothing was left."""
        left = self.agreed - self.excused
        return Fraction(1) if left <= 0 else min(Fraction(1), Fraction(self.delivered, left))


def follow_through(look: Look) -> Dimension:
    """The mean over exchange agreements whose last agreed end lies in the last 365 days.

    Cancelled ones are out, and those that ended with a removal or the closing before their end.
    """
    promises = [promised(one, look.day) for one in ended(look)]
    counted = {
        "agreements": len(promises),
        "agreed_minutes": sum(one.agreed for one in promises),
        "excused_minutes": sum(one.excused for one in promises),
        "delivered_minutes": sum(one.delivered for one in promises),
        "missed": missed_by(promises),
        "benchmark": BENCHMARK,
    }
    if not promises:
        why = "no agreement came to its end in the last 365 days"
        return Dimension(name="follow_through", f=None, why=why, counted=counted)
    f = sum((one.kept for one in promises), Fraction(0)) / len(promises)
    event_ids = each_once(event_id for one in promises for event_id in facts_of_promise(one, look.day))
    return Dimension(name="follow_through", f=f, counted=counted, event_ids=event_ids)


def ended(look: Look) -> Iterator[Support]:
    for support in look.agreements:
        terms = support.terms_on(look.day)
        if terms is None or not look.covers(terms.ends_on):
            continue
        ending = support.ended_by(look.day)
        if (ending is None or ending.kind != "cancelled") and not ended_from_outside(look, support, terms.ends_on):
            yield support


def ended_from_outside(look: Look, support: Support, ends_on: date) -> bool:
    """Whether it was still open when a side was removed or the partnership closed, on its last day or before."""
    ends = [one.on for one in look.partnership.leavings if one.removed and one.organisation_id in support.sides()]
    closing = look.partnership.closing
    if closing is not None:
        ends.append(closing.on)
    agreed_on = ends_on if support.agreed is None else support.agreed.on
    return any(
        agreed_on <= on <= min(ends_on, look.day) and (support.ending is None or support.ending.on > on) for on in ends
    )


def promised(support: Support, day: date) -> Promise:
    terms = support.terms_on(day)
    if terms is None:
        raise ValueError(f"support {support.support_id} is not agreed by {day}")
    missed = tuple(one for one in support.missed if one.on <= day and is_excused(support, one, day))
    delivered = sum(one.standing_minutes(day) for one in support.given_by(min(day, terms.ends_on)))
    return Promise(support, terms.minutes, minutes_missed(missed), delivered, missed)


def is_excused(support: Support, missed: Missed, day: date) -> bool:
    """Whether a missed visit takes away from what was agreed: for an excused reason, and not followed by a variation,
    by which both sides have said what is agreed since."""
    followed = any(missed.on <= one.on <= day for one in support.variations)
    return missed.because in EXCUSED and not followed


def minutes_missed(missed: Sequence[Missed]) -> int:
    """The minutes of the visits; where both sides record the same day, the longer account of it, not both."""
    accounts: dict[date, dict[str | None, int]] = {}
    for one in missed:
        by_voice = accounts.setdefault(one.on, {})
        by_voice[one.voice] = by_voice.get(one.voice, 0) + one.minutes
    return sum(max(by_voice.values()) for by_voice in accounts.values())


def missed_by(promises: Sequence[Promise]) -> list[dict[str, int | str | None]]:
    """The excused visits by the organisation that recorded them."""
    found: dict[str | None, list[int]] = {}
    for promise in promises:
        for one in promise.missed:
            found.setdefault(one.voice, []).append(one.minutes)
    return [
        {"organisation_id": voice, "visits": len(minutes), "minutes": sum(minutes)}
        for voice, minutes in sorted(found.items(), key=lambda pair: pair[0] or "")
    ]


def facts_of_promise(promise: Promise, day: date) -> Iterator[str]:
    terms = promise.support.terms_on(day)
    if terms is not None:
        yield from terms.event_ids
        for delivery in promise.support.given_by(min(day, terms.ends_on)):
            yield from delivery.event_ids(day)
    yield from (one.event_id for one in promise.missed)
