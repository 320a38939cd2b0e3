"""What the measures look at says the same as the domain's own states, for every partnership of the demonstration."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from ledger.domain.support.state import evolve
from projections.evidence.deliveries import COUNTED
from projections.evidence.gathering import Evidence, evidence_of
from projections.health.bands import FROM_50
from projections.health.measures import health_on, is_below
from projections.runner import Runner
from projections.views import Asked, ReadModels, all_views, open_read_models
from tests.cli.demo.conftest import TODAY, Made

AT_LAST = date(9999, 1, 1)


@pytest.fixture(scope="module")
def models(made: Made) -> ReadModels:
    Runner(made.ledger.store, made.ledger.dsn, all_views(made.ledger.zone)).run_once()
    return open_read_models(made.ledger.dsn, made.ledger.zone, lambda: TODAY)


@pytest.fixture(scope="module")
def gathered(made: Made, models: ReadModels) -> dict[str, Evidence]:
    """The evidence of each partnership."""
    return {one.stream.id: models.answer(evidence_of, Asked(), one.stream.id) for one in made.of("partnership.formed")}


def test_every_delivery_stands_as_the_domain_has_it(made: Made, gathered: dict[str, Evidence]) -> None:
    compared = 0
    for partnership_id, evidence in gathered.items():
        for support_id, support in evidence.supports.items():
            state = made.ledger.state("support", support_id)
            assert state.partnership_id == partnership_id == support.partnership_id
            assert set(support.deliveries) == set(state.deliveries)
            for delivery_id, delivery in support.deliveries.items():
                known = state.deliveries[delivery_id]
                assert (delivery.status(AT_LAST), delivery.counted_minutes(AT_LAST), delivery.basis) == (
                    known.status,
                    known.counted_minutes,
                    known.basis,
                )
                assert (delivery.status(AT_LAST) in COUNTED) == (known.status in COUNTED)
                compared += 1
    assert compared > 1_000


def test_before_its_reversal_a_delivery_stands_as_it_stood(made: Made, gathered: dict[str, Evidence]) -> None:
    taken_back = [
        (delivery, step)
        for evidence in gathered.values()
        for support in evidence.supports.values()
        for delivery in support.deliveries.values()
        for step in delivery.steps
        if step.kind == "reversed" and step.on > delivery.delivered_on
    ]
    assert taken_back
    for delivery, step in taken_back:
        assert delivery.status(delivery.delivered_on) != "reversed" == delivery.status(step.on)


def test_what_is_agreed_is_what_the_domain_last_agreed(made: Made, gathered: dict[str, Evidence]) -> None:
    compared = 0
    for evidence in gathered.values():
        for support_id, support in evidence.supports.items():
            terms, state = support.terms_on(AT_LAST), made.ledger.state("support", support_id)
            agreement = getattr(state, "agreement", None)
            assert (terms is None) == (agreement is None)
            if terms is not None and agreement is not None:
                assert terms[:3] == (agreement.starts_on, agreement.ends_on, agreement.minutes)
                assert support.is_open_on(AT_LAST) == state.is_agreed_and_open
                compared += 1
    assert compared > 200


def test_members_aims_and_reviews_are_those_of_the_domain(made: Made, gathered: dict[str, Evidence]) -> None:
    for partnership_id, evidence in gathered.items():
        state, record = made.ledger.state("partnership", partnership_id), evidence.partnership
        for day in (state.starts_on, TODAY):
            assert set(record.partners_on(day)) == {evidence.canonical(one) for one in state.active_partners(day)}
        assert set(record.aims) == set(state.aims)
        held = {one.review_id for _, one in record.held_reviews(AT_LAST)}
        assert held == {review_id for review_id, one in state.reviews.items() if one.held_at is not None}
        assert (record.closing is None) == (state.closed_on is None)


def test_everything_in_a_partnership_is_folded(made: Made, gathered: dict[str, Evidence]) -> None:
    """No support that counts in a partnership is missing from its evidence."""
    states: dict[str, object] = {}
    for fact in made.facts:
        if fact.stream.kind == "support":
            states[fact.stream.id] = evolve(states.get(fact.stream.id), fact)  # type: ignore[arg-type]  # any shape
    expected = {one: state.partnership_id for one, state in states.items()}  # type: ignore[attr-defined]  # every shape has it
    found = {support: one for one, evidence in gathered.items() for support in evidence.supports}
    assert found == {support: one for support, one in expected.items() if one is not None}


def test_whether_the_whole_is_below_a_limit_is_told_the_same_without_working_all_of_it_out(
    gathered: dict[str, Evidence],
) -> None:
    told: set[bool] = set()
    for evidence in gathered.values():
        for day in (evidence.partnership.starts_on + timedelta(days=90 * number) for number in range(5)):
            overall = health_on(evidence, day).overall
            for limit in (FROM_50, Fraction(7, 10), Fraction(1)):
                below = overall is not None and overall < limit
                closing = evidence.partnership.closed_by(day)
                if closing is None:
                    assert is_below(evidence, day, limit) == below
                    told.add(below)
    assert told == {True, False}
