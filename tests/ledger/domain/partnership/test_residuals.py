"""What is still open between two is disposed of when all it touches have said yes, through different principals."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.partnership.state import concerned
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    NeedsAnotherVoice,
    NotAPartner,
    UnknownOrganisation,
    UnknownReference,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused


def running() -> Scenario:
    return Scenario().schools("ash", "oak", "elm", "fir").partnership("cluster", "hub", "ash", "oak", "elm")


def propose(story: Scenario, who: Speaker, disposal: str = "forgiven", **more: Any) -> Scenario:
    """Oak received 300 minutes more from Ash than it gave."""
    said = {
        "proposal_id": "rest",
        "debtor_id": ref("oak"),
        "creditor_id": ref("ash"),
        "minutes": 300,
        "disposal": disposal,
        "reason": "Agreed at the last meeting",
    }
    return story.given(who, "partnership.residual_proposed", "cluster", **said | more)


def agree(story: Scenario, who: Speaker) -> Scenario:
    return story.given(who, "partnership.residual_agreed", "cluster", proposal_id="rest")


def rest(story: Scenario) -> Any:
    return story.states["partnership", ref("cluster")].residuals["rest"]


def remove(story: Scenario, name: str) -> Scenario:
    said = {"organisation_id": ref(name), "on": "2026-09-01", "removed": True, "reason": "Merged"}
    return story.given(coordinator("hub"), "partnership.partner_left", "cluster", **said)


def support(story: Scenario, giver: str, receiver: str, **more: str) -> Scenario:
    return story.given(
        member(giver),
        "support.delivered",
        "visit",
        delivery_id="one",
        amount={"quantity": "5", "unit": "hour"},
        delivered_on="2026-09-01",
        giver_id=ref(giver),
        receiver_id=ref(receiver),
        category="maths",
        **more,
    )


def test_either_side_proposes_and_the_other_agrees() -> None:
    for one, other in (("oak", "ash"), ("ash", "oak")):
        story = propose(running(), member(one))
        assert (rest(story).in_force, rest(story).agreed_by) == (False, ())
        story = agree(story, member(other))
        assert (rest(story).in_force, rest(story).agreed_by) == (True, (ref(other),))


def test_nobody_else_proposes_or_agrees() -> None:
    with refused(WrongVoice, voice=ref("elm")):
        propose(running(), member("elm"))
    for stranger in ("elm", "oak"):
        with refused(WrongVoice, voice=ref(stranger)):
            agree(propose(running(), member("oak")), member(stranger))


def test_each_agrees_once_to_what_was_proposed() -> None:
    with refused(UnknownReference, id="rest"):
        agree(running(), member("ash"))
    with refused(AlreadySaid, id="rest"):
        agree(agree(propose(running(), member("oak")), member("ash")), member("ash"))
    with refused(AlreadySaid, id="rest"):
        propose(propose(running(), member("oak")), member("oak"))


def test_one_principal_says_one_part() -> None:
    with refused(NeedsAnotherVoice, principal=ref("head of both")):
        agree(propose(running(), member("oak", principal="head of both")), member("ash", principal="head of both"))
    story = propose(running(), member("oak"), "passed_on", to=ref("elm"))
    story = agree(story, member("ash", principal="head of both"))
    with refused(NeedsAnotherVoice, principal=ref("head of both")):
        agree(story, member("elm", principal="head of both"))


def test_what_is_passed_on_needs_the_third() -> None:
    story = agree(propose(running(), member("oak"), "passed_on", to=ref("fir")), member("fir"))
    assert not rest(story).in_force
    with refused(AlreadySaid, id="rest"):
        agree(story, member("fir"))
    assert rest(agree(story, member("ash"))).in_force


def test_an_answer_concerns_everybody_the_proposal_touches_and_nothing_else_does() -> None:
    story = propose(running(), member("oak"), "passed_on", to=ref("fir"))
    agree(story, member("ash"))
    keys = {key for key, facts in story.touched.items() if story.facts[-1] in facts}
    assert keys >= {f"organisation:{ref(one)}" for one in ("oak", "ash", "fir")}
    assert concerned(story.states["partnership", ref("cluster")]) == frozenset()


def test_the_third_is_another_known_organisation() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        propose(running(), member("oak"), "passed_on", to=ref("nowhere"))
    for one in ("oak", "ash"):
        with refused(ClaimUnsound):
            propose(running(), member("oak"), "passed_on", to=ref(one))


def test_both_are_or_were_partners() -> None:
    with refused(NotAPartner, organisation_id=ref("fir"), partnership_id=ref("cluster")):
        propose(running(), member("oak"), creditor_id=ref("fir"))
    assert rest(agree(propose(remove(running(), "oak"), member("oak")), member("ash"))).in_force


def test_it_is_agreed_after_the_partnership_has_closed() -> None:
    story = running().given(
        coordinator("hub"), "partnership.closed", "cluster", reason="term_ended", on="2026-09-01", lessons="Meet"
    )
    assert rest(agree(propose(story, member("oak")), member("ash"))).in_force


def test_it_is_carried_to_another_partnership_of_the_pair() -> None:
    story = running().partnership("second", "hub", "ash", "oak")
    assert rest(agree(propose(story, member("oak"), "carried", to=ref("second")), member("ash"))).in_force


def test_it_is_carried_nowhere_else() -> None:
    story = running().partnership("second", "hub", "ash", "elm")
    with refused(NotAPartner, organisation_id=ref("oak"), partnership_id=ref("second")):
        propose(story, member("oak"), "carried", to=ref("second"))
    with refused(UnknownReference, id=ref("nowhere")):
        propose(story, member("oak"), "carried", to=ref("nowhere"))
    with refused(ClaimUnsound):
        propose(story, member("oak"), "carried", to=ref("cluster"))


def test_it_is_returned_by_support_from_the_debtor_outside_any_partnership() -> None:
    story = support(running(), "oak", "ash")
    assert rest(agree(propose(story, member("ash"), "returned", support_id=ref("visit")), member("oak"))).in_force


def test_other_support_returns_nothing() -> None:
    with refused(UnknownReference, id=ref("visit")):
        propose(running(), member("oak"), "returned", support_id=ref("visit"))
    for story in (
        support(running(), "ash", "oak"),
        support(running(), "oak", "elm"),
        support(running(), "oak", "ash", partnership_id=ref("cluster")),
    ):
        with refused(ClaimUnsound):
            propose(story, member("oak"), "returned", support_id=ref("visit"))


@pytest.mark.parametrize(
    "more",
    [
        {"disposal": "returned"},
        {"disposal": "forgiven", "support_id": ref("visit")},
        {"disposal": "carried"},
        {"disposal": "forgiven", "to": ref("elm")},
        {"creditor_id": ref("oak")},
        {"minutes": 0},
    ],
)
def test_each_disposal_brings_what_belongs_to_it(more: dict[str, Any]) -> None:
    with refused(ClaimMalformed):
        propose(running(), member("oak"), **more)


def test_successors_speak_for_the_closed() -> None:
    story = running().given(ADMIN, "organisation.succeeded", "oak", successor_id=ref("fir"), on="2026-09-01")
    story = propose(story, member("fir"))
    with refused(WrongVoice, voice=ref("elm")):
        agree(story, member("elm"))
    assert rest(agree(story, member("ash"))).in_force


def test_a_successor_agrees_once_for_the_closed() -> None:
    story = propose(running(), member("ash"), "passed_on", to=ref("elm"))
    story.given(ADMIN, "organisation.succeeded", "oak", successor_id=ref("fir"), on="2026-09-01")
    story = agree(story, member("fir"))
    with refused(AlreadySaid, id="rest"):
        agree(story, member("oak", principal="still there"))
    assert rest(agree(story, member("elm"))).in_force
