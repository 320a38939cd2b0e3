"""What one gave the other before the ledger began: proposed by one side, agreed by the other, once per pair."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.fact import Speaker
from ledger.domain.partnership.refusals import AlreadyDelivering
from ledger.domain.refusals import (
    AlreadySaid,
    DayOutOfRange,
    NeedsAnotherVoice,
    NotAPartner,
    UnknownReference,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused


def running() -> Scenario:
    return Scenario().schools("ash", "oak", "elm", "fir").partnership("cluster", "hub", "ash", "oak", "elm")


def propose(story: Scenario, who: Speaker, proposal_id: str = "before", **more: Any) -> Scenario:
    said = {
        "proposal_id": proposal_id,
        "giver_id": ref("ash"),
        "receiver_id": ref("oak"),
        "minutes": 1200,
        "since": "2025-09-01",
        "evidence": "The minutes of the cluster",
    }
    return story.given(who, "partnership.opening_position_proposed", "cluster", **said | more)


def agree(story: Scenario, who: Speaker, proposal_id: str = "before") -> Scenario:
    return story.given(who, "partnership.opening_position_agreed", "cluster", proposal_id=proposal_id)


def delivered(story: Scenario, giver: str, receiver: str, *, confirmed: bool) -> Scenario:
    story.given(
        member(giver),
        "support.delivered",
        "visit",
        delivery_id="one",
        amount={"quantity": "1", "unit": "day"},
        delivered_on="2026-09-01",
        giver_id=ref(giver),
        receiver_id=ref(receiver),
        partnership_id=ref("cluster"),
        category="maths",
    )
    return (
        story.given(member(receiver), "support.delivery_confirmed", "visit", delivery_id="one") if confirmed else story
    )


def test_one_side_proposes_and_the_other_agrees() -> None:
    for one, other in (("ash", "oak"), ("oak", "ash")):
        story = propose(running(), member(one))
        assert not story.states["partnership", ref("cluster")].openings["before"].in_force
        story = agree(story, member(other))
        assert story.states["partnership", ref("cluster")].openings["before"].in_force


def test_nobody_else_proposes_or_agrees() -> None:
    with refused(WrongVoice, voice=ref("elm")):
        propose(running(), member("elm"))
    story = propose(running(), member("ash"))
    for stranger in ("elm", "ash"):
        with refused(WrongVoice, voice=ref(stranger)):
            agree(story, member(stranger))
    with refused(WrongVoice, voice=ref("hub")):
        agree(story, coordinator("hub"))


def test_one_principal_does_not_say_both_halves() -> None:
    story = propose(running(), member("ash", principal="head of both"))
    with refused(NeedsAnotherVoice, principal=ref("head of both")):
        agree(story, member("oak", principal="head of both"))


def test_both_are_partners() -> None:
    with refused(NotAPartner, organisation_id=ref("fir")):
        propose(running(), member("ash"), receiver_id=ref("fir"))


def test_nobody_gives_to_itself() -> None:
    with refused(ClaimMalformed):
        propose(running(), member("ash"), receiver_id=ref("ash"))


def test_it_lies_in_the_past() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        propose(running(), member("ash"), since="2026-09-02")


def test_a_proposal_has_an_id_of_its_own() -> None:
    with refused(AlreadySaid, id="before"):
        propose(propose(running(), member("ash")), member("ash"))


def test_only_what_was_proposed_is_agreed() -> None:
    with refused(UnknownReference, id="before"):
        agree(running(), member("oak"))


def test_a_counter_proposal_is_agreed_in_its_place() -> None:
    story = propose(propose(running(), member("ash")), member("oak"), "less", minutes=600)
    openings = agree(story, member("ash"), "less").states["partnership", ref("cluster")].openings
    assert [(one, found.in_force) for one, found in openings.items()] == [("before", False), ("less", True)]


def test_a_pair_agrees_once_whichever_gave() -> None:
    story = propose(propose(running(), member("ash")), member("ash"), "more")
    story = agree(story, member("oak"))
    with refused(AlreadySaid, id="before"):
        agree(story, member("oak"))
    with refused(AlreadySaid, id="before"):
        agree(story, member("oak"), "more")
    with refused(AlreadySaid, id="before"):
        propose(story, member("oak"), "back", giver_id=ref("oak"), receiver_id=ref("ash"))
    propose(story, member("ash"), "elm", receiver_id=ref("elm"))


def test_it_comes_before_the_first_confirmed_delivery_either_way() -> None:
    with refused(AlreadyDelivering, support_id=ref("visit")):
        propose(delivered(running(), "oak", "ash", confirmed=True), member("ash"))
    story = delivered(propose(running(), member("ash")), "ash", "oak", confirmed=True)
    with refused(AlreadyDelivering, support_id=ref("visit")):
        agree(story, member("oak"))


def test_other_deliveries_do_not_matter() -> None:
    agree(propose(delivered(running(), "ash", "oak", confirmed=False), member("ash")), member("oak"))
    agree(propose(delivered(running(), "ash", "elm", confirmed=True), member("ash")), member("oak"))


def test_both_halves_lean_on_the_partnership() -> None:
    story = propose(running(), member("ash"))
    assert f"partnership:{ref('cluster')}" in story.leaned
    story.leaned.clear()
    agree(story, member("oak"))
    assert f"partnership:{ref('cluster')}" in story.leaned


def test_a_successor_agrees_for_a_closed_school() -> None:
    story = propose(running(), member("ash"))
    story.given(ADMIN, "organisation.succeeded", "oak", successor_id=ref("fir"), on="2026-09-01")
    assert agree(story, member("fir")).states["partnership", ref("cluster")].openings["before"].in_force
