"""What other parts of the ledger ask of a support, and that its facts come in an order that makes sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.domain.support.state import concerned, evolve, partnership
from tests.ledger.domain.support.stories import (
    NORTHFIELD,
    OAKWOOD,
    agreed_in_cluster,
    confirmed,
    delivered,
    offer,
    schools,
    support,
    to,
)
from tests.scenario import ref


def test_a_support_concerns_its_two_sides() -> None:
    assert concerned(support(delivered())) == {ref("northfield"), ref("oakwood")}


def test_an_offer_concerns_its_maker_and_the_one_it_is_addressed_to() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "pool", **offer())
    story.given(NORTHFIELD, "support.offered", "one", **offer(open_to=to("oakwood")))
    assert concerned(support(story, "pool")) == {ref("northfield")}
    assert concerned(support(story, "one")) == {ref("northfield"), ref("oakwood")}


def test_it_counts_in_the_partnership_it_names() -> None:
    assert partnership(None) is None
    assert partnership(support(delivered())) is None
    assert partnership(support(agreed_in_cluster())) == ref("cluster")


def test_facts_in_an_impossible_order_are_not_replayed() -> None:
    story = confirmed()
    offered, last = next(fact for fact in story.facts if fact.type == "support.offered"), story.facts[-1]
    with pytest.raises(TypeError):
        evolve(None, last)
    with pytest.raises(TypeError):
        evolve(evolve(None, offered), last)
    with pytest.raises(TypeError):
        evolve(support(story), offered)


def test_replaying_its_facts_gives_the_same_state() -> None:
    story = confirmed()
    state = None
    for fact in story.facts:
        if fact.stream.id == ref("maths"):
            state = evolve(state, replace(fact))
    assert state == support(story)


def test_an_interest_is_kept_by_its_id() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "pool", **offer())
    shown = {"interest_id": "i1", "organisation_id": ref("oakwood"), "amount": {"quantity": 2, "unit": "hour"}}
    story.given(OAKWOOD, "support.interest_shown", "pool", **shown)
    assert list(support(story, "pool").interests) == ["i1"]
