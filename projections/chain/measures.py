"""The figures of one support as of a day: pure, from what its facts made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from projections.evidence.deliveries import COUNTED, Delivery
from projections.evidence.supports import Support
from projections.wording import amount, day, several
from projections.working import Step, Working

RULE_VERSION: Final = "support/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Whole minutes. `agreed` as last varied; `delivered` is what the giver says it gave, answered or not, without
    what was taken back; of it `confirmed` counts (a settlement with its own minutes), `unanswered` waits, `disputed`
    is queried and `attested` counts in no balance; `open` is still to be given, where the agreement goes on; `missed`
    are visits that did not take place."""

    agreed: int = 0
    delivered: int = 0
    confirmed: int = 0
    unanswered: int = 0
    disputed: int = 0
    attested: int = 0
    open: int = 0
    missed: int = 0

    def to_json(self) -> dict[str, int]:
        return {f"{name}_minutes": getattr(self, name) for name in self.__slots__}


def figures(supports: Iterable[Support], as_of: date) -> Figures:
    """The figures of one support, or of all that took one offer or request up together."""
    several_supports = list(supports)
    deliveries = [one for support in several_supports for one in support.given_by(as_of)]
    return Figures(
        agreed=sum(agreed_minutes(support, as_of) for support in several_supports),
        delivered=sum(one.minutes for one in deliveries if one.status(as_of) != "reversed"),
        confirmed=sum(one.counted_minutes(as_of) for one in deliveries),
        unanswered=with_status(deliveries, "claimed", as_of),
        disputed=with_status(deliveries, "disputed", as_of),
        attested=with_status(deliveries, "attested", as_of),
        open=sum(open_minutes(support, as_of) for support in several_supports),
        missed=sum(one.minutes for support in several_supports for one in support.missed if one.on <= as_of),
    )


def agreed_minutes(support: Support, as_of: date) -> int:
    terms = support.terms_on(as_of)
    return 0 if terms is None else terms.minutes


def open_minutes(support: Support, as_of: date) -> int:
    """What is agreed and not delivered yet; nothing once it ended."""
    if not support.is_open_on(as_of):
        return 0
    given = sum(one.minutes for one in support.given_by(as_of) if one.status(as_of) != "reversed")
    return max(0, agreed_minutes(support, as_of) - given)


def with_status(deliveries: Iterable[Delivery], status: str, as_of: date) -> int:
    return sum(one.minutes for one in deliveries if one.status(as_of) == status)


def delivery_to_json(delivery: Delivery, as_of: date, zone: ZoneInfo) -> dict[str, Any]:
    """A delivery with every step that was taken with it, each with its business date and the day of recording."""
    steps = [
        {
            "step": step.kind,
            "on": step.on.isoformat(),
            "recorded_on": step.recorded_at.astimezone(zone).date().isoformat(),
            "event_id": step.event_id,
            **({} if step.voice is None else {"voice_id": step.voice}),
            **({} if step.minutes is None else {"minutes": step.minutes}),
        }
        for step in delivery.steps
        if step.on <= as_of
    ]
    return {
        "support_id": delivery.support_id,
        "delivery_id": delivery.delivery_id,
        "delivered_on": delivery.delivered_on.isoformat(),
        "recorded_on": delivery.recorded_at.astimezone(zone).date().isoformat(),
        "status": delivery.status(as_of),
        "minutes": delivery.minutes,
        "confirmed_minutes": delivery.counted_minutes(as_of),
        "basis": delivery.basis,
        "event_id": delivery.event_id,
        "steps": steps,
    }


def workings(supports: Sequence[Support], as_of: date) -> list[Working]:
    """How the figures come about: what was agreed and varied, and each delivery as it stands."""
    found = figures(supports, as_of)
    told = {
        "agreed": ("what was agreed", steps_agreed),
        "delivered": ("what was recorded as given", steps_given),
        "confirmed": ("what is confirmed", steps_counted),
        "open": ("what is still to be given", steps_open),
    }
    return [
        Working(
            figure=f"{name}_minutes", about=about, rule_version=RULE_VERSION, steps=[*steps(supports, as_of, found)]
        )
        for name, (about, steps) in told.items()
    ]


def steps_agreed(supports: Iterable[Support], as_of: date, found: Figures) -> Iterator[Step]:
    for support in supports:
        terms = support.terms_on(as_of)
        if terms is not None:
            yield Step(says="Agreed, as last varied", comes_to=amount(terms.minutes), event_ids=terms.event_ids)
    yield Step(says="Agreed in all", comes_to=amount(found.agreed))


def steps_given(supports: Iterable[Support], as_of: date, found: Figures) -> Iterator[Step]:
    unreversed = [one for one in all_given(supports, as_of) if one.status(as_of) != "reversed"]
    events = [one.event_id for one in unreversed]
    says = f"{several(len(unreversed), 'delivery', 'deliveries')} recorded and not taken back"
    yield Step(says=says, comes_to=amount(found.delivered), event_ids=events)


def steps_counted(supports: Iterable[Support], as_of: date, found: Figures) -> Iterator[Step]:
    for one in all_given(supports, as_of):
        if one.status(as_of) in COUNTED:
            counted = amount(one.counted_minutes(as_of))
            yield Step(says=f"Given on {day(one.delivered_on)}", comes_to=counted, event_ids=one.event_ids(as_of))
    yield Step(says="Confirmed in all", comes_to=amount(found.confirmed))


def steps_open(supports: Iterable[Support], as_of: date, found: Figures) -> Iterator[Step]:
    for support in supports:
        ending = support.ended_by(as_of)
        if ending is not None:
            yield Step(says="It has ended: nothing is still to be given", event_ids=[ending.event_id])
    yield Step(says="Agreed and not yet given", comes_to=amount(found.open))


def all_given(supports: Iterable[Support], as_of: date) -> list[Delivery]:
    return [one for support in supports for one in support.given_by(as_of)]
