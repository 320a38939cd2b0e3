"""What the directory keeps of organisations: the register, trusts over time, duplicates, closed periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any, Final

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.log import facts as log
from ledger.domain.organisation import facts as said
from projections.directory.draft import Draft
from projections.directory.rows import Duplicate, Organisation, Period, TrustSpan
from projections.tables import END, FOREVER, CannotApply

KEPT: Final = ("name", "kind", "phase", "region", "local_authority", "pupils")


def registered(draft: Draft, fact: Fact[said.Registered]) -> None:
    draft.organisations.open(
        Organisation(
            organisation_id=fact.stream.id,
            known_from=fact.position,
            known_until=END,
            closed_on=None,
            successor_id=None,
            succeeded_on=None,
            **{name: getattr(fact.data, name) for name in KEPT},
        )
    )
    if fact.data.kind == "trust":
        _part_of(draft, fact, fact.stream.id, date.min)


def details_changed(draft: Draft, fact: Fact[said.DetailsChanged]) -> None:
    """What becomes a trust is part of itself from then on, and what is none any more is not."""
    before = draft.organisation(fact)
    given = {each.name: value for each in fields(fact.data) if (value := getattr(fact.data, each.name)) is not None}
    _change(draft, fact, **{name: value for name, value in given.items() if name in KEPT})
    kind = fact.data.kind or before.kind
    if kind == "trust" != before.kind:
        _part_of(draft, fact, fact.stream.id, date.min)
    if before.kind == "trust" != kind:
        for span in draft.trust_spans.live(fact.stream.id):
            if span.trust_id == fact.stream.id:
                draft.trust_spans.end(span, fact.position)


def joined_trust(draft: Draft, fact: Fact[said.JoinedTrust]) -> None:
    _part_of(draft, fact, fact.data.trust_id, fact.data.on)


def left_trust(draft: Draft, fact: Fact[said.LeftTrust]) -> None:
    for span in draft.trust_spans.live(fact.stream.id):
        if span.trust_id == fact.data.trust_id and span.until == FOREVER:
            draft.trust_spans.put(span, fact.position, until=fact.data.on)
            return
    raise CannotApply(f"{fact.stream.id} is not in the trust {fact.data.trust_id}")


def closed(draft: Draft, fact: Fact[said.Closed]) -> None:
    _change(draft, fact, closed_on=fact.data.on)


def succeeded(draft: Draft, fact: Fact[said.Succeeded]) -> None:
    _change(draft, fact, successor_id=fact.data.successor_id, succeeded_on=fact.data.on)


def duplicate_declared(draft: Draft, fact: Fact[said.DuplicateDeclared]) -> None:
    draft.duplicates.add(Duplicate(fact.stream.id, fact.position, fact.data.duplicate_of, draft.said_on(fact)))


def period_closed(draft: Draft, fact: Fact[log.PeriodClosed]) -> None:
    data = fact.data
    draft.periods.open(Period(data.scope, fact.position, END, data.until, data.figures_position))


def period_reopened(draft: Draft, fact: Fact[log.PeriodReopened]) -> None:
    for period in draft.periods.live(fact.data.scope):
        if period.until == fact.data.until:
            draft.periods.end(period, fact.position)


def _change(draft: Draft, fact: AnyFact, **changes: Any) -> None:
    draft.organisations.put(draft.organisation(fact), fact.position, **changes)


def _part_of(draft: Draft, fact: AnyFact, trust_id: str, since: date) -> None:
    draft.trust_spans.open(TrustSpan(fact.stream.id, fact.position, END, trust_id, since, FOREVER))


STEPS: Final[dict[str, Callable[[Draft, AnyFact], None]]] = {
    "organisation.registered": registered,
    "organisation.details_changed": details_changed,
    "organisation.joined_trust": joined_trust,
    "organisation.left_trust": left_trust,
    "organisation.closed": closed,
    "organisation.succeeded": succeeded,
    "organisation.duplicate_declared": duplicate_declared,
    "log.period_closed": period_closed,
    "log.period_reopened": period_reopened,
}
