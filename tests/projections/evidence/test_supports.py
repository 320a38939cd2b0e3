"""What the log says of a support: what is agreed on a day, and how each delivery stands on it."""

from __future__ import annotations

from datetime import date

from projections.evidence.supports import Support
from tests.ledger.domain.support.stories import (
    NORTHFIELD,
    OAKWOOD,
    agreed_in_cluster,
    confirmed,
    days,
    delivered,
    disputed,
    minutes,
)
from tests.projections.evidence_of import evidence
from tests.scenario import Scenario, ref

DELIVERED_ON = date(2026, 9, 1)
LATER = date(2027, 1, 1)


def maths(story: Scenario, known_at: int | None = None) -> Support:
    return evidence(story, "cluster", known_at).supports[ref("maths")]


def given() -> Scenario:
    return delivered(agreed_in_cluster())


def test_a_delivery_counts_from_its_day_as_soon_as_it_is_known_to_be_confirmed() -> None:
    story = given().at("2026-09-20")
    [before] = maths(story).deliveries.values()
    [after] = maths(confirmed(story)).deliveries.values()
    assert (before.status(LATER), before.counted_minutes(LATER)) == ("claimed", 0)
    assert (after.status(DELIVERED_ON), after.counted_minutes(DELIVERED_ON)) == ("confirmed", 390)


def test_as_known_before_the_confirmation_it_is_the_givers_word_alone() -> None:
    story = confirmed(given().at("2026-09-20"))
    [delivery] = maths(story, known_at=len(story.facts) - 1).deliveries.values()
    assert delivery.status(LATER) == "claimed"


def test_a_reversal_takes_it_out_from_the_day_it_takes_effect() -> None:
    said = {"delivery_id": "d1", "reason": "Entered twice", "effective_on": "2026-10-05"}
    story = confirmed(given()).at("2026-10-06").given(NORTHFIELD, "support.delivery_reversed", "maths", **said)
    [delivery] = maths(story).deliveries.values()
    assert [delivery.counted_minutes(date(2026, 10, day)) for day in (4, 5)] == [390, 0]
    assert (delivery.status(date(2026, 10, 5)), delivery.standing_minutes(date(2026, 10, 5))) == ("reversed", 0)


def test_a_settled_delivery_counts_with_what_was_settled() -> None:
    proposal = {"settlement_id": "s1", "delivery_id": "d1", "amount": minutes(195), "reason": "Half a day it was"}
    story = disputed(given()).given(NORTHFIELD, "support.settlement_proposed", "maths", **proposal)
    story.given(OAKWOOD, "support.dispute_settled", "maths", settlement_id="s1")
    [delivery] = maths(story).deliveries.values()
    assert (delivery.status(LATER), delivery.counted_minutes(LATER), delivery.minutes) == ("settled", 195, 390)
    assert [step.kind for step in delivery.steps] == ["disputed", "settled"]


def test_what_is_agreed_holds_from_the_second_yes() -> None:
    variation = {"variation_id": "v1", "amount": days(3), "ends_on": "2027-02-12", "reason": "Another class"}
    story = agreed_in_cluster().at("2026-10-01").given(NORTHFIELD, "support.variation_proposed", "maths", **variation)
    story.at("2026-10-08").given(OAKWOOD, "support.variation_agreed", "maths", variation_id="v1")
    support = maths(story)
    before, after = support.terms_on(date(2026, 10, 7)), support.terms_on(date(2026, 10, 8))
    assert before is not None
    assert after is not None
    assert (before.minutes, before.ends_on, len(before.event_ids)) == (780, date(2026, 12, 18), 1)
    assert (after.minutes, after.ends_on, len(after.event_ids)) == (1170, date(2027, 2, 12), 3)
    assert support.terms_on(date(2026, 8, 31)) is None


def test_an_outcome_that_was_taken_back_is_left_out() -> None:
    outcome = {"impact": 2, "evidence": "Books show it", "assessed_on": "2026-09-18"}
    story = confirmed(given()).at("2026-09-18").given(OAKWOOD, "support.outcome_recorded", "maths", **outcome)
    assert [one.impact for one in maths(story).outcomes] == [2]
    withdrawn = {"event_id": story.facts[-1].event_id, "reason": "The wrong support"}
    story.given(OAKWOOD, "support.entry_withdrawn", "maths", **withdrawn)
    assert maths(story).outcomes == []


def test_it_is_open_until_it_ends() -> None:
    story = confirmed(given()).at("2026-11-02").given(OAKWOOD, "support.completed", "maths")
    support = maths(story)
    assert [support.is_open_on(date(2026, 11, day)) for day in (1, 2)] == [True, False]
