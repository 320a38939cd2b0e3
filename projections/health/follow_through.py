"""Follow-through: whether what was agreed is also delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from projections.evidence.deliveries import Delivery
from projections.evidence.supports import Missed, Support, Terms
from projections.health.dimension import Dimension, Facts
from projections.health.look import Agreement, Look, facts_of

BENCHMARK: Final = Fraction(368, 412)
"""Reviews carried out of those planned in a published reciprocal review pool: 0.893."""

EXCUSED: Final = frozenset({"receiver_away", "illness", "weather", "inspection"})
"""Why a visit may be missed that the giver need not make up; `giver_away` and `other` are not among them."""


class Promise(NamedTuple):
    """One agreement whose last agreed end has come: minutes agreed, excused, and delivered by then."""

    terms: Terms
    excused: int
    deliveries: list[Delivery]
    delivered: int
    missed: list[Missed]

    @property
    def agreed(self) -> int:
        return self.terms.minutes

    @property
    def kept(self) -> tuple[int, int]:
        """Minutes delivered out of those that were left to deliver, at most all of them; 1 of 1 where none were."""
        left = self.agreed - self.excused
        return (1, 1) if left <= 0 or self.delivered >= left else (self.delivered, left)


def follow_through(look: Look) -> Dimension:
    """The mean over exchange agreements whose last agreed end lies in the last 365 days.

    Cancelled ones are out, and those that ended with a removal or the closing before their end.
    """
    promises = [promised(support, terms, look.day) for support, terms in ended(look)]
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
    f = sum_of(one.kept for one in promises) / len(promises)
    facts = Facts(lambda: (event_id for one in promises for event_id in facts_of_promise(one, look.day)))
    return Dimension(name="follow_through", f=f, counted=counted, facts=facts)


def sum_of(parts: Iterable[tuple[int, int]]) -> Fraction:
    """The sum of shares, each so many of so many: those of the same whole are added up as numbers first."""
    found: dict[int, int] = {}
    for of, whole in parts:
        found[whole] = found.get(whole, 0) + of
    return sum((Fraction(of, whole) for whole, of in found.items()), Fraction(0))


def ended(look: Look) -> Iterator[Agreement]:
    others = ends_from_outside(look)
    for support, terms in look.agreements:
        if look.first <= terms.ends_on <= look.day:
            ending = support.ended_by(look.day)
            is_cancelled = ending is not None and ending.kind == "cancelled"
            if not is_cancelled and not (others and was_ended(support, terms, min(terms.ends_on, look.day), others)):
                yield support, terms


def ends_from_outside(look: Look) -> list[tuple[str | None, date]]:
    """On which day whose support ended with a removal; everybody's (None) with the closing."""
    closing = look.partnership.closing
    removed = [(one.organisation_id, one.on) for one in look.partnership.leavings if one.removed]
    return [*removed, *([] if closing is None else [(None, closing.on)])]


def was_ended(support: Support, terms: Terms, last: date, ends: Iterable[tuple[str | None, date]]) -> bool:
    """Whether it was still open when a side was removed or the partnership closed, on its last day or before."""
    agreed_on = terms.ends_on if support.agreed is None else support.agreed.on
    return any(
        agreed_on <= on <= last and (support.ending is None or support.ending.on > on)
        for whose, on in ends if whose is None or whose in support.sides()
    )  # fmt: skip


def promised(support: Support, terms: Terms, day: date) -> Promise:
    missed = [one for one in support.missed if one.on <= day and is_excused(support, one, day)]
    deliveries = support.given_by(min(day, terms.ends_on))
    delivered = sum([one.standing_minutes(day) for one in deliveries])
    return Promise(terms, minutes_missed(missed) if missed else 0, deliveries, delivered, missed)


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
    yield from promise.terms.event_ids
    yield from facts_of(promise.deliveries, day)
    yield from [one.event_id for one in promise.missed]
